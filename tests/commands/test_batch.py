"""batch: every case a row, bad ones with their error; a second run does only what is left."""

import json
import shutil
from pathlib import Path

import pytest

from mmcore.__main__ import main
from mmcore.commands import classification
from mmcore.commands.batch import predict, table_columns
from mmcore.readers.batch import read_batch
from tests.evaluation.toy_pipeline import SHIPPED, ToyPipeline
from tests.generated import write_skin_set


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_skin_set(tmp_path_factory.mktemp("set"), n=6)


@pytest.fixture
def pipeline(tmp_path, monkeypatch) -> ToyPipeline:
    toy = ToyPipeline(tmp_path)
    monkeypatch.setattr("mmcore.pipeline.load", lambda name: toy)
    monkeypatch.setattr("mmcore.library.find", lambda name: SHIPPED)
    monkeypatch.setattr("mmcore.commands.tasks.of_model", lambda name: classification)
    return toy


@pytest.fixture
def asked(pipeline, monkeypatch) -> list[int]:
    """How many cases each call of predict got."""
    sizes, real = [], pipeline.predict

    def counting(cases):
        sizes.append(len(cases))
        return real(cases)

    monkeypatch.setattr(pipeline, "predict", counting)
    return sizes


def spoil(data: Path, target: Path) -> Path:
    """The set with its third picture damaged."""
    shutil.copytree(data, target)
    sorted((target / "images").iterdir())[2].write_bytes(b"no picture")
    return target


def jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_say_the_answer_its_certainty_and_the_models_notice(data, pipeline, tmp_path):
    out = tmp_path / "out.jsonl"
    assert main(["batch", "toy", str(data / "metadata.csv"), "--out", str(out)]) == 0
    rows = jsonl(out)
    assert len(rows) == 6 and {row["case"] for row in rows} == {f"images/{p.name}" for p in (data / "images").iterdir()}
    for row in rows:
        shares = {label: row[f"p_{label}"] for label in pipeline.spec.label_ids}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-4) and row["prediction"] == max(shares, key=shares.get)
        assert row["p_malignant"] == pytest.approx(shares["BCC"] + shares["MEL"] + shares["SCC"], abs=1e-5)
        assert row["subset"] == "image+record" and row["set"] and row["version"] == pipeline.version
        assert row["notice"] == pipeline.spec.notice and row["licence"] == pipeline.spec.licence and "error" not in row


def test_csv_has_one_line_a_case_and_the_columns_promised(data, pipeline, tmp_path):
    out = tmp_path / "out.csv"
    assert main(["batch", "toy", str(data), "--out", str(out)]) == 0
    lines = out.read_text().splitlines()
    assert lines[0] == ",".join(table_columns(pipeline.spec)) and len(lines) == 7


def test_a_bad_case_is_a_row_with_error_and_the_rest_goes_on(data, pipeline, tmp_path, capsys):
    bad, out = spoil(data, tmp_path / "bad"), tmp_path / "out.jsonl"
    assert main(["batch", "toy", str(bad / "metadata.csv"), "--out", str(out)]) == 0
    errors = [row for row in jsonl(out) if "error" in row]
    assert len(errors) == 1 and set(errors[0]) == {"case", "sha256", "model", "version", "error"} and len(jsonl(out)) == 6
    assert "5 cases predicted, 1 cannot be read" in capsys.readouterr().err


def test_a_second_run_skips_what_is_there_and_tries_failures_again(data, pipeline, asked, tmp_path):
    bad, out = spoil(data, tmp_path / "bad"), tmp_path / "out.jsonl"
    arguments = ["batch", "toy", str(bad / "metadata.csv"), "--out", str(out)]
    assert main(arguments) == 0
    name = sorted((data / "images").iterdir())[2].name
    shutil.copy(data / "images" / name, bad / "images" / name)
    asked.clear()
    assert main(arguments) == 0
    assert sum(asked) == 1
    rows = jsonl(out)
    assert len(rows) == len({row["case"] for row in rows}) == 6 and not any("error" in row for row in rows)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_rows_put_in_between_two_runs_get_answers_of_their_own(data, pipeline, asked, tmp_path, ending):
    table, out, fresh = tmp_path / "table.csv", tmp_path / f"out.{ending}", tmp_path / f"fresh.{ending}"
    rows = ["age,region,itch", "20,BACK,True", "40,NOSE,False", "60,FACE,True"]
    table.write_text("\n".join(rows))
    assert main(["batch", "toy", str(table), "--out", str(out)]) == 0
    table.write_text("\n".join([rows[0], "80,HAND,False", *rows[1:]]))
    assert main(["batch", "toy", str(table), "--out", str(fresh)]) == 0
    asked.clear()
    assert main(["batch", "toy", str(table), "--out", str(out)]) == 0
    assert sorted(out.read_text().splitlines()) == sorted(fresh.read_text().splitlines())
    asked.clear()
    assert main(["batch", "toy", str(table), "--out", str(out)]) == 0
    assert sum(asked) == 0


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_run_after_a_kill_ends_with_the_same_rows(data, pipeline, asked, tmp_path, ending):
    whole, torn = tmp_path / f"whole.{ending}", tmp_path / f"torn.{ending}"
    assert main(["batch", "toy", str(data), "--out", str(whole)]) == 0
    torn.write_bytes(whole.read_bytes()[: len(whole.read_bytes()) // 2])
    asked.clear()
    assert main(["batch", "toy", str(data), "--out", str(torn)]) == 0
    assert 0 < sum(asked) < 6
    assert torn.read_bytes() == whole.read_bytes()


def test_another_version_of_the_model_answers_anew(data, pipeline, asked, tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    main(["batch", "toy", str(data), "--out", str(out)])
    monkeypatch.setattr(pipeline, "version", "newer", raising=False)
    asked.clear()
    assert main(["batch", "toy", str(data), "--out", str(out)]) == 0
    assert sum(asked) == 6 and len(out.read_text().splitlines()) == 13


def test_only_bad_cases_is_bad_input(data, pipeline, tmp_path, capsys):
    bad = tmp_path / "bad"
    shutil.copytree(data, bad)
    for picture in (bad / "images").iterdir():
        picture.write_bytes(b"no picture")
    assert main(["batch", "toy", str(bad / "metadata.csv"), "--out", str(tmp_path / "out.jsonl")]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "none of 6 cases" in error
    assert len(jsonl(tmp_path / "out.jsonl")) == 6


def test_a_foreign_table_is_not_written_into(data, pipeline, tmp_path, capsys):
    out = tmp_path / "out.csv"
    out.write_text("name,age\nx,1\n")
    assert main(["batch", "toy", str(data), "--out", str(out)]) == 2
    assert out.read_text() == "name,age\nx,1\n" and len(capsys.readouterr().err.splitlines()) == 1


def test_cases_in_groups_give_the_same_rows_as_one_by_one(data, pipeline):
    rows = read_batch(data, pipeline.spec)
    assert list(predict(pipeline, rows, 4)) == list(predict(pipeline, rows, 1))


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_answers_written_beside_the_pictures_are_no_case_of_the_next_run(data, pipeline, asked, tmp_path, ending):
    pictures = tmp_path / "pictures"
    shutil.copytree(data / "images", pictures)
    arguments = ["batch", "toy", str(pictures), "--out", str(pictures / f"out.{ending}")]
    assert main(arguments) == 0
    whole = (pictures / f"out.{ending}").read_text()
    asked.clear()
    assert main(arguments) == 0
    assert sum(asked) == 0 and (pictures / f"out.{ending}").read_text() == whole
