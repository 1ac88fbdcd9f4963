"""The shipped model, end to end. Its weights may change: no number is written down here, only what must hold between numbers."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mmcore import library, pipeline
from mmcore.analysis import Analysis
from mmcore.case import Case, Input, Picture, Record
from mmcore.errors import ConfigError, InputError, ModelError
from mmcore.pipeline import Cancelled, Pipeline
from mmcore.readers.case_folder import read_case
from mmcore.tokens import all_subsets, subset_name

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data" / "medical"
NAMES = ("image", "record")
PIECES = {"model", "version", "case", "grade", "notice", "licence", "inputs", "predictions", "confidence", "explanation", "timings_ms"}


@pytest.fixture(scope="module")
def model() -> Pipeline:
    return pipeline.load("skin_lesion")


def sample(model: Pipeline, name: str) -> Case:
    return read_case([SAMPLES / name], model.spec)


@pytest.fixture(scope="module")
def case(model: Pipeline) -> Case:
    return sample(model, "record_decides")


@pytest.fixture(scope="module")
def analysis(model: Pipeline, case: Case) -> Analysis:
    return model.open(case)


def test_a_record_alone_builds_no_network_for_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmcore.encoders.efficientnet.build_net", lambda state: pytest.fail("built"))
    fresh = Pipeline(library.find("skin_lesion"))
    assert fresh.analyze(sample(fresh, "no_photo")).confidence.subset == "record"


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_numbers_of_a_result_fit_together(model: Pipeline, name: str) -> None:
    opened = model.open(sample(model, name))
    present = opened.case.present
    for target in (None, *model.spec.label_ids):
        result = opened.result(target)
        by_label = {p.label: p.probability for p in result.predictions}
        why = result.explanation
        assert sum(by_label.values()) == pytest.approx(1, abs=1e-6) and len(by_label) == len(model.spec.labels)
        assert [p.probability for p in result.predictions] == sorted(by_label.values(), reverse=True)
        assert list(why.values) == [subset_name(s) for s in all_subsets(present)]
        assert why.base == why.values[""] == pytest.approx(model.confidence.prior[model.spec.label_ids.index(why.target)])
        assert why.base + sum(why.shares.values()) == pytest.approx(by_label[why.target], abs=1e-6)
        assert why.values[subset_name(present)] == by_label[why.target]
        assert set(why.shares) == set(present) and result.confidence.subset == subset_name(present)
        assert result.confidence.set[0] == result.predictions[0].label
        assert result.confidence.abstain == bool(result.confidence.reasons)
        assert result.groups["malignant"] == pytest.approx(sum(by_label[i] for i in model.spec.groups["malignant"]))
        assert all(any(c.isdigit() for c in sentence) for sentence in why.reasoning if "not shown" not in sentence)


def test_the_document_has_the_contracts_keys_and_is_json(model: Pipeline, case: Case) -> None:
    document = json.loads(json.dumps(model.analyze(case).to_json()))
    assert document.keys() >= PIECES
    assert document["inputs"].keys() == set(NAMES) and document["inputs"]["image"].keys() == {"present", "warnings"}
    assert document["predictions"][0].keys() == {"label", "name", "probability"}
    assert document["confidence"].keys() == {"level", "set", "abstain", "reasons", "subset", "calibration_n", "unlike"}
    assert document["explanation"].keys() >= {"target", "values", "base", "shares", "interaction", "evidence", "reasoning"}
    assert document["timings_ms"].keys() >= {"encode", "fuse", "explain"}
    assert len(document["version"]) == len(document["case"]) == 64
    for piece in document["explanation"]["evidence"]:
        assert piece.keys() == ({"modality", "where", "score", "value"} if "field" in piece["where"] else {"modality", "where", "score"})


def test_the_same_case_gives_the_same_result(model: Pipeline, case: Case) -> None:
    one, other = (replace(model.analyze(case), timings_ms={}) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("gone", NAMES)
def test_without_a_modality_is_the_same_as_never_having_had_it(model: Pipeline, case: Case, analysis: Analysis, gone: str) -> None:
    (rest,) = (name for name in NAMES if name != gone)
    result = model.analyze(case, without=[gone])
    assert not result.inputs[gone].present and result.inputs[rest].present
    assert set(result.explanation.values) == {"", rest} and result.confidence.subset == rest
    assert {e.modality for e in result.explanation.evidence} <= {rest}
    alone = dict(zip(model.spec.label_ids, analysis.probabilities[rest], strict=True))
    assert {p.label: p.probability for p in result.predictions} == pytest.approx(alone, abs=1e-6)


def test_predict_says_what_analyze_says_for_every_subset(model: Pipeline, case: Case) -> None:
    photo = sample(model, "no_record")
    predicted = model.predict([case, photo])
    assert set(predicted[0]) == {"image", "record", "image+record"} and set(predicted[1]) == {"image"}
    for subset, prediction in predicted[0].items():
        result = model.analyze(case, without=[name for name in NAMES if name not in subset.split("+")])
        assert prediction.set == result.confidence.set and prediction.abstain == result.confidence.abstain
        assert prediction.probabilities.max() == pytest.approx(result.predictions[0].probability, abs=1e-6)


def test_boxes_of_evidence_tile_the_picture(analysis: Analysis, case: Case) -> None:
    width, height = case.inputs["image"].value.size
    covered = np.zeros((height, width), dtype=int)
    for x, y, w, h in analysis.patches.boxes:
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
        covered[y : y + h, x : x + w] += 1
    assert (covered == 1).all()
    assert analysis.patches.scores.shape == (len(analysis.patches.boxes), 6)
    assert analysis.patches.scores.sum(axis=1) == pytest.approx(np.zeros(len(analysis.patches.boxes)), abs=1e-6)


def test_a_patch_scores_what_blurring_it_costs(model: Pipeline, analysis: Analysis, case: Case) -> None:
    pixels = case.inputs["image"].value.pixels
    assert np.abs(analysis.patches.scores).max() > 0
    flat = case.with_value("image", Picture(np.full_like(pixels, 180), "PNG", "flat"))
    # A picture without structure has nothing to lose: every blur leaves it as it is.
    assert np.abs(model.open(flat).patches.scores).max() < 1e-5


def changed(case: Case, field: str, value: float | str | None) -> Case:
    return case.with_value("record", Record({**case.inputs["record"].value.values, field: value}))


def test_a_field_scores_what_an_analysis_without_it_loses(model: Pipeline, analysis: Analysis, case: Case) -> None:
    given = [field for field, value in case.inputs["record"].value.values.items() if value is not None]
    assert set(analysis.fields) == set(given) and len(given) >= 3
    whole = analysis.probabilities["image+record"]
    for field in given:
        again = model.open(changed(case, field, None), explain=False).probabilities["image+record"]
        assert analysis.fields[field] == pytest.approx(whole - again, abs=1e-5)


def test_an_edit_says_what_an_analysis_of_the_edited_case_says(model: Pipeline, analysis: Analysis, case: Case) -> None:
    fields = {field.name: field for field in model.spec.inputs["record"].fields}
    tried = 0
    for field, options in analysis.edits.items():
        for text, probabilities in list(options.items())[:2]:
            value = float(text) if fields[field].type == "number" else text
            again = model.open(changed(case, field, value), explain=False).probabilities["image+record"]
            assert probabilities == pytest.approx(again, abs=1e-5)
            tried += 1
    assert set(analysis.edits) == set(fields) and tried >= len(fields)


def test_a_higher_level_gives_a_set_that_holds_the_lower_ones(analysis: Analysis) -> None:
    sets = [set(analysis.result(level=level).confidence.set) for level in (0.5, 0.8, 0.9, 0.95, 0.99)]
    assert all(small <= large for small, large in pairwise(sets)) and all(sets)


def test_openvino_answers_as_torch_does(model: Pipeline, case: Case) -> None:
    plain = Pipeline(library.find("skin_lesion"))
    plain.encoders["image"]._run = None
    fast, slow = model.open(case), plain.open(case)
    for subset, values in fast.probabilities.items():
        assert values == pytest.approx(slow.probabilities[subset], abs=1e-3)
    assert fast.patches.scores == pytest.approx(slow.patches.scores, abs=1e-3)


def test_progress_goes_from_start_to_end_and_can_end_the_analysis(model: Pipeline, case: Case) -> None:
    seen: list[tuple[str, float]] = []
    model.open(case, lambda stage, share: seen.append((stage, share)))
    assert [share for _, share in seen] == sorted(share for _, share in seen) and seen[-1][1] == 1
    assert {stage for stage, _ in seen} >= {"encode", "fuse", "explain"}

    def stop(stage: str, share: float) -> None:
        if stage == "explain":
            raise Cancelled

    with pytest.raises(Cancelled):
        model.open(case, stop)
    assert model.open(case, explain=False).probabilities  # the lock is free again


def test_what_cannot_be_answered_is_an_error_for_people(model: Pipeline, case: Case) -> None:
    with pytest.raises(InputError, match="image, record"):
        model.analyze(case, without=NAMES)
    with pytest.raises(ConfigError, match="MEL"):
        model.analyze(case, target="nothing")
    with pytest.raises(ConfigError, match="between 0 and 1"):
        model.analyze(case, level=1.0)


def test_a_model_is_loaded_once_however_it_is_named() -> None:
    assert pipeline.load("skin_lesion") is pipeline.load(str(library.find("skin_lesion")))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(library.find("skin_lesion"), tmp_path / "copy"))


def test_a_model_trained_again_is_loaded_again(copied: Path) -> None:
    first = pipeline.load(str(copied))
    assert pipeline.load(str(copied)) is first
    weights = copied / "fusion.safetensors"
    os.utime(weights, ns=(1, weights.stat().st_mtime_ns + 1_000_000))
    assert pipeline.load(str(copied)) is not first


@pytest.mark.parametrize("name", ["fusion.safetensors", "confidence.safetensors"])
@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"\xff" * 64])
def test_damaged_weights_are_an_error_that_names_the_file(copied: Path, name: str, damage) -> None:
    (copied / name).write_bytes(damage((copied / name).read_bytes()))
    with pytest.raises(ModelError, match=name):
        Pipeline(copied)


@pytest.mark.parametrize("name", ["fusion.safetensors", "confidence.safetensors", "encoder_image.safetensors"])
def test_weights_that_still_parse_but_are_others_are_noticed(copied: Path, name: str) -> None:
    data = bytearray((copied / name).read_bytes())
    data[-3] ^= 1  # one bit of the last number
    (copied / name).write_bytes(data)
    with pytest.raises(ModelError, match=rf"{name} of model .* is not the file that was trained"):
        Pipeline(copied)


def test_the_same_networks_are_written_as_the_same_bytes(model: Pipeline, tmp_path: Path) -> None:
    written = set()
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        pipeline.model_folder.save_fusion(folder, model.fusion)
        written.add((folder / "fusion.safetensors").read_bytes())
    assert len(written) == 1


def test_weights_that_are_not_there_are_an_error_that_names_the_file(copied: Path) -> None:
    (copied / "confidence.safetensors").unlink()
    with pytest.raises(ModelError, match=r"confidence\.safetensors"):
        Pipeline(copied)


def test_weights_of_another_record_are_refused(copied: Path) -> None:
    text = (copied / "model.toml").read_text(encoding="utf-8")
    (copied / "model.toml").write_text(text.replace('"ABDOMEN", "ARM"', '"ABDOMEN", "ELBOW", "ARM"', 1), encoding="utf-8")
    with pytest.raises(ModelError, match="do not fit the input 'record'"):
        Pipeline(copied)


def test_the_version_changes_with_weights_and_settings_and_nothing_else(model: Pipeline, copied: Path) -> None:
    version = lambda: pipeline.model_folder.version(copied, model.spec)  # noqa: E731
    assert version() == model.version
    (copied / "card.md").write_text("other words")
    assert version() == model.version
    (copied / "model.toml").write_text((copied / "model.toml").read_text(encoding="utf-8") + "\n# a note", encoding="utf-8")
    assert version() != model.version


def test_an_input_is_left_out_by_its_name_alone_or_among_others_and_no_other_name_will_do(model: Pipeline, case: Case) -> None:
    alone, among = (model.analyze(case, without=names) for names in ("image", ("image",)))
    assert alone.confidence.subset == among.confidence.subset == "record"
    with pytest.raises(InputError, match="'foo' cannot be left out"):
        model.analyze(case, without=("foo",))


def test_a_record_put_together_by_hand_is_checked_where_it_comes_in(model: Pipeline, case: Case) -> None:
    whole = {"age": 61.0, **{field.name: None for field in model.spec.inputs["record"].fields if field.name != "age"}}
    few, all_ = (model.open(Case({"record": Input(Record(values))}), explain=False) for values in ({"age": 61}, whole))
    assert few.case.digest == all_.case.digest
    with pytest.raises(InputError, match="age"):
        model.analyze(case.with_value("record", Record({"age": float("nan")})))
