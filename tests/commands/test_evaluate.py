"""The evaluate command: the document goes where it should, notes go to standard error."""

import json
from pathlib import Path

import pytest

from mmcore.__main__ import main
from mmcore.commands import classification
from tests.evaluation.toy_pipeline import ToyPipeline
from tests.generated import write_skin_set


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_skin_set(tmp_path_factory.mktemp("set"), n=12)


@pytest.fixture(autouse=True)
def toy(tmp_path, monkeypatch) -> ToyPipeline:
    pipeline = ToyPipeline(tmp_path)
    monkeypatch.setattr("mmcore.pipeline.load", lambda name: pipeline)
    monkeypatch.setattr("mmcore.commands.tasks.of_model", lambda name: classification)
    return pipeline


def test_json_on_standard_output_is_one_document_and_notes_are_on_standard_error(data, capsys, tmp_path):
    arguments = ["evaluate", "toy", "--data", str(data), "--limit", "2", "--json", "-", "--predictions", str(tmp_path / "p.jsonl")]
    assert main(arguments) == 0
    out, error = capsys.readouterr()
    assert json.loads(out)["n"] == 12 and len((tmp_path / "p.jsonl").read_text().splitlines()) == 36
    assert "Note: the model folder keeps no hashes" in error


def test_without_json_a_table_is_printed_for_people(data, capsys):
    assert main(["evaluate", "toy", "--data", str(data), "--limit", "1"]) == 0
    out = capsys.readouterr().out
    assert "12 cases" in out and "image+record" in out and "explanation of record" in out


def test_a_folder_without_the_table_is_bad_input(capsys, tmp_path):
    assert main(["evaluate", "toy", "--data", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "metadata.csv" in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_predictions_for_which_the_disk_has_no_room_are_one_line_that_names_them(data, capsys):
    assert main(["evaluate", "toy", "--data", str(data), "--limit", "0", "--predictions", "/dev/full"]) == 2
    assert "/dev/full cannot be written: No space left on device. Make room" in capsys.readouterr().err
