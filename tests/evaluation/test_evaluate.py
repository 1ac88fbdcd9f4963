"""evaluate on a generated data set: the contract's document, and what must not matter."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mmcore.errors import InputError, ModelError
from mmcore.evaluation import evaluate as module
from mmcore.evaluation.evaluate import evaluate
from mmcore.evaluation.metrics import macro_auroc
from mmcore.readers.dataset import read_dataset
from tests.evaluation.toy_pipeline import ToyPipeline
from tests.generated import write_skin_set


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_skin_set(tmp_path_factory.mktemp("set"), n=24)


@pytest.fixture
def model(tmp_path) -> Path:
    """A model folder that has met none of the cases."""
    return keep_hashes(tmp_path / "model", [], [])


def keep_hashes(folder: Path, cases: list[str], inputs: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "training_hashes.json").write_text(json.dumps({"cases": cases, "inputs": inputs}))
    return folder


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "metadata.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def copy(data: Path, target: Path, rows: list[dict[str, str]]) -> Path:
    """The same pictures with another table."""
    shutil.copytree(data, target)
    with (target / "metadata.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def read_predictions(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def flat(document, path: str = "") -> dict[str, float]:
    """Every number of a nested document by its path."""
    if isinstance(document, dict | list):
        items = document.items() if isinstance(document, dict) else enumerate(document)
        return {key: value for name, item in items for key, value in flat(item, f"{path}/{name}").items()}
    return {path: document}


def test_the_document_has_the_contracts_keys_and_is_strict_json(data, model):
    document = evaluate(ToyPipeline(model), data, limit=3)
    assert document.keys() >= {"model", "n", "subjects", "fusion", "seen_in_training", "subsets", "explanation", "seconds"}
    assert (document["model"], document["n"], document["seen_in_training"], document["notes"]) == ("skin_lesion", 24, 0, [])
    assert document["subjects"] == len({row["patient_id"] for row in table(data)})
    assert list(document["subsets"]) == ["image+record", "record", "image"]
    assert list(document["explanation"]) == ["image", "record"]
    for figures in document["explanation"].values():
        assert (
            figures["cases"] == 3
            and figures["deletion"] < figures["deletion_random"]
            and figures["insertion"] > figures["insertion_random"]
        )
        assert len(figures["deletion_gain_ci"]) == len(figures["insertion_gain_ci"]) == 2
    json.dumps(document, allow_nan=False)


def test_figures_can_be_computed_anew_from_the_predictions(data, model, tmp_path):
    document = evaluate(ToyPipeline(model), data, limit=0, predictions=tmp_path / "p.jsonl")
    lines = read_predictions(tmp_path / "p.jsonl")
    assert len(lines) == 24 * 3
    assert all(line.keys() == {"case", "subset", "probabilities", "set", "abstain"} for line in lines)
    ids = ToyPipeline(model).spec.label_ids
    label = {row["image"]: ids.index(row["diagnostic"]) for row in table(data)}
    for subset, figures in document["subsets"].items():
        chosen = [line for line in lines if line["subset"] == subset]
        truth = np.array([label[line["case"]] for line in chosen])
        probabilities = np.array([[line["probabilities"][name] for name in ids] for line in chosen])
        assert figures["auroc"] == pytest.approx(macro_auroc(truth, probabilities))
        assert figures["coverage"] == pytest.approx(np.mean([ids[t] in line["set"] for t, line in zip(truth, chosen, strict=True)]))
    assert document["explanation"] == {}


def test_row_order_and_file_names_do_not_matter(data, model, tmp_path):
    rows = table(data)
    other = copy(data, tmp_path / "other", [row | {"image": f"images/x{n}.jpg"} for n, row in enumerate(rows)][::-1])
    for n, row in enumerate(rows):
        (other / row["image"]).rename(other / f"images/x{n}.jpg")
    first = evaluate(ToyPipeline(model), data, limit=5, predictions=tmp_path / "a.jsonl")
    second = evaluate(ToyPipeline(model), other, limit=5, predictions=tmp_path / "b.jsonl")
    names = {f"images/x{n}.jpg": row["image"] for n, row in enumerate(rows)}
    expected = {(line["case"], line["subset"]): line["probabilities"] for line in read_predictions(tmp_path / "a.jsonl")}
    assert {(names[line["case"]], line["subset"]): line["probabilities"] for line in read_predictions(tmp_path / "b.jsonl")} == expected
    assert flat(second["subsets"]) == pytest.approx(flat(first["subsets"]))
    assert flat(second["explanation"]) == pytest.approx(flat(first["explanation"]))


def test_without_labels_and_subjects_there_are_predictions_and_no_figures(data, model, tmp_path):
    bare = [{name: value for name, value in row.items() if name not in ("diagnostic", "patient_id")} for row in table(data)]
    document = evaluate(ToyPipeline(model), copy(data, tmp_path / "bare", bare), predictions=tmp_path / "p.jsonl")
    assert (document["n"], document["subsets"], document["explanation"]) == (24, {}, {})
    evaluate(ToyPipeline(model), data, limit=0, predictions=tmp_path / "full.jsonl")
    assert (tmp_path / "p.jsonl").read_text() == (tmp_path / "full.jsonl").read_text()
    assert "24 of 24 rows have no label" in document["notes"][0]


def test_a_missing_modality_leaves_its_subsets_out(data, model, tmp_path):
    rows = table(data)
    unknown = dict.fromkeys(("age", "region", "itch", "grew", "hurt", "changed", "bleed", "elevation"), "")
    other = copy(data, tmp_path / "gaps", [row | unknown if n < 4 else row for n, row in enumerate(rows)])
    document = evaluate(ToyPipeline(model), other, limit=0)
    assert {name: figures["n"] for name, figures in document["subsets"].items()} == {"image+record": 20, "record": 20, "image": 24}


def test_rows_met_in_training_are_counted_by_whole_case_or_by_picture_and_said(data, model):
    pipeline = ToyPipeline(model)
    cases = [row.load() for row in read_dataset(data, pipeline.spec)]
    keep_hashes(model, [cases[0].digest, cases[1].digest], [cases[1].inputs["image"].value.sha256, cases[2].inputs["image"].value.sha256])
    document = evaluate(pipeline, data, limit=0)
    assert document["seen_in_training"] == 3
    assert "3 of 24 rows were in training: these figures are no test" in document["notes"]


def test_the_same_record_as_in_training_does_not_make_another_patient_seen(data, model):
    pipeline = ToyPipeline(model)
    records = [row.load().inputs["record"].value.sha256 for row in read_dataset(data, pipeline.spec)]
    keep_hashes(model, [], records)
    assert evaluate(pipeline, data, limit=0)["seen_in_training"] == 0


def test_a_model_without_hashes_says_that_nobody_can_tell(data, tmp_path):
    document = evaluate(ToyPipeline(tmp_path), data, limit=0)
    assert document["seen_in_training"] is None and "cannot be told" in document["notes"][0]
    (tmp_path / "training_hashes.json").write_text("[1]")
    with pytest.raises(ModelError, match="damaged"):
        evaluate(ToyPipeline(tmp_path), data, limit=0)


def test_an_unreadable_picture_is_left_out_and_said(data, model, tmp_path):
    other = copy(data, tmp_path / "broken", table(data))
    broken = table(data)[5]["image"]
    (other / broken).write_bytes(b"not a picture")
    document = evaluate(ToyPipeline(model), other, limit=0, predictions=tmp_path / "p.jsonl")
    assert document["n"] == 23 and "1 of 24 rows cannot be read" in document["notes"][0]
    assert broken not in {line["case"] for line in read_predictions(tmp_path / "p.jsonl")}


def test_a_set_without_a_readable_row_is_bad_input(data, model, tmp_path):
    other = copy(data, tmp_path / "broken", table(data)[:2])
    for row in table(other):
        (other / row["image"]).write_bytes(b"not a picture")
    with pytest.raises(InputError, match="no row"):
        evaluate(ToyPipeline(model), other)


def test_an_unknown_label_is_bad_input(data, model, tmp_path):
    rows = [row | {"diagnostic": "WART"} for row in table(data)]
    with pytest.raises(InputError, match="WART"):
        evaluate(ToyPipeline(model), copy(data, tmp_path / "wart", rows))


def test_the_explanation_stops_when_its_time_is_over_and_says_so(data, model, monkeypatch):
    monkeypatch.setattr(module, "EXPLAINED_UNTIL_S", 0.0)
    document = evaluate(ToyPipeline(model), data)
    assert document["explanation"] == {} and "fewer cases" in document["notes"][0]


def test_progress_reaches_its_end_in_every_stage(data, model):
    last: dict[str, tuple[int, int]] = {}
    evaluate(ToyPipeline(model), data, limit=2, progress=lambda stage, done, total: last.update({stage: (done, total)}))
    assert last == {"predict": (24, 24), "explain": (2, 2), "figures": (3, 3)}


def test_intervals_of_a_large_set_take_seconds(model):
    from time import perf_counter

    from mmcore.evaluation.report import summarise

    rng = np.random.default_rng(0)
    spec = ToyPipeline(model).spec
    started = perf_counter()
    summarise(
        rng.integers(6, size=623),
        rng.dirichlet(np.ones(6), size=623),
        [spec.label_ids[:2]] * 623,
        rng.random(623) < 0.1,
        rng.integers(487, size=623),
        spec.label_ids,
        spec.groups,
        100,
    )
    assert perf_counter() - started < 8
