"""compare: every fusion, every modality alone and the baselines in one table, on subjects that were held out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.confidence.abstain import AbstainSettings
from mmcore.evaluation import compare as module
from mmcore.evaluation import gain
from mmcore.evaluation.answers import held_out_answers
from mmcore.evaluation.subgroups import groups
from mmcore.figures.comparison import spelled
from mmcore.fusion import FUSIONS
from mmcore.library import SHIPPED
from mmcore.model_spec import read_spec
from mmcore.report.card import card
from mmcore.training.crossfit import CrossFit


@pytest.fixture(scope="module")
def quick_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """skin_lesion's model.toml with an epoch or two: the machinery, not the figures, is tested."""
    folder = tmp_path_factory.mktemp("quick")
    text = (SHIPPED / "skin_lesion" / "model.toml").read_text(encoding="utf-8")
    text = re.sub(r"^(tune_)?epochs = \d+", r"\1epochs = 2", text, flags=re.M)
    (folder / "model.toml").write_text(re.sub(r"^freeze", "views = 1\nfreeze", text, flags=re.M), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def document(quick_model: Path, tiny_skin_set: Path) -> dict:
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "DRAWS", 12)
    patch.setattr(gain, "GAIN_DRAWS", 6)
    found = module.compare(
        quick_model, tiny_skin_set, folds=2, seeds=1, device=torch.device("cpu"), command="compare it", explained=2,
        step=lambda stage, done, total: None,
    )  # fmt: skip
    patch.undo()
    return found


def test_the_table_has_every_fusion_every_modality_and_the_baselines_with_intervals(document: dict) -> None:
    rows = {row["name"]: row for row in document["rows"]}
    assert set(FUSIONS) <= set(rows)
    assert {"image alone", "record alone", "boosting_record", "linear_product"} <= set(rows)
    for row in rows.values():
        for figure in ("auroc", "balanced_accuracy", "malignant_auroc"):
            low, high = row[f"{figure}_ci"]
            assert 0 <= low <= high <= 1 and 0 <= row[figure] <= 1


def test_a_model_that_trains_its_encoder_further_is_measured_with_that_and_without(document: dict) -> None:
    rows = {row["name"]: row for row in document["rows"]}
    assert document["shipped"] == "late, encoder tuned" and "late" in rows
    assert rows["late, encoder tuned"]["auroc"] == document["headline"]["auroc"] != rows["late"]["auroc"]


def test_what_the_page_and_the_card_read_is_there_and_is_json(document: dict) -> None:
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert set(document["subsets"]) == set(document["reliability"]) == {"image", "record", "image+record"}
    assert set(document["explanation"]) == {"image", "record"}
    assert document["explanation"]["image"]["cases"] == 4
    assert document["headline"]["auroc"] > 0
    assert document["gain"]["best_single"] in ("image", "record") and len(document["gain"]["auroc"]["ci"]) == 2


def test_the_card_shows_every_row_and_marks_the_shipped_one(document: dict, quick_model: Path) -> None:
    weights = {"encoder_image.safetensors": "ab" * 32}
    text = card(read_spec(quick_model), {"fusion": {"name": "late"}, "report": {}}, document, [], weights, "## Use\n\nFor tests.")
    for row in document["rows"]:
        assert f"{row['auroc']:.3f}" in text
    assert f"**{spelled(document['shipped'])}** (shipped)" in text and "For tests." in text and "compare it" in text
    assert "`encoder_image.safetensors`, sha256 `abababababababab…`" in text


def test_the_card_has_no_name_that_only_a_program_would_write(document: dict, quick_model: Path) -> None:
    """Rows, groups, classes and gains are told in words; commands are commands."""
    training = {"fusion": {"name": "late"}, "report": {"MEL": dict.fromkeys(("precision", "recall", "f1-score", "support"), 0.5)}}
    group = {"n": 30, "accuracy": 0.5, "auroc": 0.5, "coverage": 0.9, "set_size": 1.5}
    grouped = document | {"subgroups": {"gender": {"FEMALE": group}}}
    text = card(read_spec(quick_model), training, grouped, [], {})
    tables = "\n".join(line for line in text.splitlines() if line.startswith("| "))
    assert "Boosted trees on the record" in tables and "_" not in tables and "-0." not in tables
    assert "Melanoma" in tables and "MEL " not in tables and "FEMALE" not in tables


def test_a_card_without_figures_says_that_nothing_was_measured(quick_model: Path) -> None:
    assert "Not measured yet" in card(read_spec(quick_model), {}, {}, [], {})


def test_a_fold_is_calibrated_on_the_other_folds_only() -> None:
    """Labels of a fold cannot change its own answers; those of another fold can."""
    rng = np.random.default_rng(0)
    labels, fold = rng.integers(0, 3, 90), np.arange(90) % 3
    scores = {name: np.log(rng.dirichlet([1, 1, 1], 90)) for name in ("a", "b", "a+b")}
    fit, everyone = CrossFit(scores, {}, fold, []), dict.fromkeys(scores, np.ones(90, bool))
    before = held_out_answers(fit, labels, everyone, AbstainSettings())["a+b"].probabilities
    other = labels.copy()
    other[fold == 0] = scores["a+b"][fold == 0].argmax(axis=1)
    after = held_out_answers(fit, other, everyone, AbstainSettings())["a+b"].probabilities
    assert np.allclose(before[fold == 0], after[fold == 0])
    assert not np.allclose(before[fold == 1], after[fold == 1])


def test_numbers_are_grouped_by_age_and_texts_stay() -> None:
    assert list(groups(np.array(["12", "40", "59.5", "60", ""]))) == ["under 40", "40 to 59", "40 to 59", "60 and over", ""]
    assert list(groups(np.array(["ARM", "", "BACK"]))) == ["ARM", "", "BACK"]


def test_the_models_own_folder_is_not_touched(quick_model: Path, document: dict) -> None:
    assert [path.name for path in quick_model.iterdir()] == ["model.toml"]
    assert document["n"] == 60
