"""analyze: one case in, one Result out, in the form that was asked for."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mmcore.__main__ import main
from mmcore.commands import classification
from tests.commands.toy_result import result
from tests.evaluation.toy_pipeline import SHIPPED, ToyPipeline
from tests.generated import draw_lesion

SAMPLE = "case"


class AnalysingToy(ToyPipeline):
    """Gives one fixed Result and keeps what it was asked."""

    def analyze(self, case, *, level=0.9, target=None, without=()):
        self.asked = (case, level, target, without)
        return replace(result(), confidence=replace(result().confidence, level=level))


@pytest.fixture
def toy(tmp_path, monkeypatch) -> AnalysingToy:
    """A pipeline, and a case folder in the current one."""
    folder = tmp_path / SAMPLE
    folder.mkdir()
    draw_lesion(np.random.default_rng(0), (120, 70, 45)).save(folder / "photo.jpg")
    (folder / "record.json").write_text('{"age": 24, "region": "back", "itch": false}')
    (folder / "case.toml").write_text('title = "An even brown mole"\n[inputs]\nimage = "photo.jpg"\nrecord = "record.json"\n')
    pipeline = AnalysingToy(tmp_path)
    monkeypatch.setattr("mmcore.pipeline.load", lambda name: pipeline)
    monkeypatch.setattr("mmcore.library.find", lambda name: SHIPPED)
    monkeypatch.setattr("mmcore.commands.tasks.of_model", lambda name: classification)
    monkeypatch.chdir(tmp_path)
    return pipeline


def test_json_on_standard_output_is_one_document_and_nothing_else(toy, capsys):
    assert main(["analyze", "toy", SAMPLE, "--json", "-"]) == 0
    out, error = capsys.readouterr()
    document = json.loads(out)
    assert document["timings_ms"].pop("read") > 0 and error == ""
    assert document == json.loads(json.dumps(result().to_json()))


def test_json_into_a_file_leaves_standard_output_empty(toy, capsys, tmp_path):
    assert main(["analyze", "toy", SAMPLE, "--json", str(tmp_path / "out.json")]) == 0
    assert capsys.readouterr().out == "" and json.loads((tmp_path / "out.json").read_text())["model"] == "skin_lesion"


def test_warnings_go_to_standard_error_too(toy, capsys, tmp_path):
    (tmp_path / SAMPLE / "record.json").write_text('{"age": 430, "region": "back"}')
    assert main(["analyze", "toy", SAMPLE, "--json", "-"]) == 0
    out, error = capsys.readouterr()
    assert json.loads(out) and error.startswith("Note: record: age: 430") and len(error.splitlines()) == 1


def test_without_json_a_person_can_read_it(toy, capsys):
    assert main(["analyze", "toy", SAMPLE]) == 0
    assert "An even brown mole" in capsys.readouterr().out


def test_a_case_of_which_one_input_is_real_is_called_partly_generated_as_on_the_page(toy, capsys, tmp_path):
    about = tmp_path / SAMPLE / "case.toml"
    about.write_text(about.read_text().replace("[inputs]", 'generated = true\nreal = ["image"]\n[inputs]'))
    assert main(["analyze", "toy", SAMPLE]) == 0
    assert "An even brown mole (partly generated, not the case of a real patient)" in capsys.readouterr().out


@pytest.mark.parametrize("inputs", [[SAMPLE], [f"{SAMPLE}/case.toml"], [f"{SAMPLE}/photo.jpg", f"{SAMPLE}/record.json"]])
def test_a_folder_its_case_toml_and_its_files_are_the_same_case(toy, inputs, capsys):
    assert main(["analyze", "toy", SAMPLE]) == 0
    digest = toy.asked[0].digest
    assert main(["analyze", "toy", *inputs]) == 0
    assert toy.asked[0].digest == digest


def test_level_target_and_what_to_leave_out_reach_the_model(toy, capsys):
    assert main(["analyze", "toy", SAMPLE, "--level", "0.8", "--target", "MEL", "--without", "record", "--json", "-"]) == 0
    assert toy.asked[1:] == (0.8, "MEL", ("record",))
    assert json.loads(capsys.readouterr().out)["confidence"]["level"] == 0.8


def test_the_page_shows_only_what_was_analysed(toy, tmp_path):
    assert main(["analyze", "toy", SAMPLE, "--without", "image", "--html", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert page.startswith("<!doctype html>") and "data:image/png" not in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--without", "picture"], "Inputs: image, record"),
        (["--without", "image", "--without", "record"], "no input is left"),
    ],
)
def test_leaving_out_what_is_not_there_or_everything_is_bad_input(toy, capsys, arguments, said):
    assert main(["analyze", "toy", SAMPLE, *arguments]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and said in error


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b""),
        ("photo.jpg", b"some text"),
        ("photo.jpg", b"\xff\xd8\xff\xe0broken"),
        ("record.csv", b"colour,shape\nred,round\n"),
    ],
)
def test_a_bad_file_is_one_line_that_names_it(toy, capsys, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert main(["analyze", "toy", str(tmp_path / name)]) == 2
    out, error = capsys.readouterr()
    assert out == "" and len(error.splitlines()) == 1 and name in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_page_for_which_the_disk_has_no_room_is_one_line_that_names_it(toy, capsys):
    assert main(["analyze", "toy", SAMPLE, "--html", "/dev/full"]) == 2
    assert capsys.readouterr().err == "/dev/full cannot be written: No space left on device. Make room, or write to another place\n"


def test_an_input_is_not_overwritten_by_the_answer(toy, capsys, tmp_path):
    record = tmp_path / SAMPLE / "record.json"
    before = record.read_text()
    (tmp_path / "link.json").symlink_to(record)
    for target in (record, tmp_path / "link.json"):
        assert main(["analyze", "toy", str(record), "--json", str(target)]) == 2
        assert "is an input too" in capsys.readouterr().err and record.read_text() == before
