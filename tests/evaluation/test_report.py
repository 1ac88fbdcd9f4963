"""The contract's dictionary of one subset."""

import json

import numpy as np
import pytest

from mmcore.evaluation.jsonable import jsonable
from mmcore.evaluation.report import set_members, summarise

LABELS = ("ACK", "BCC", "MEL")
CONTRACT = ["n", "auroc", "auroc_ci", "balanced_accuracy", "balanced_accuracy_ci", "ece", "brier", "coverage", "set_size", "calibration_n"]
CONTRACT += ["abstained", "accuracy_answered", "accuracy_abstained"]


def figures(**changes):
    truth = np.array([0, 1, 2, 0, 1, 2])
    cases = {
        "truth": truth,
        "probabilities": np.where(truth[:, None] == np.arange(3), 0.6, 0.2),
        "sets": [("ACK",), ("BCC", "MEL"), ("ACK", "BCC", "MEL"), (), ("BCC",), ("ACK",)],
        "abstain": np.array([False, False, True, True, False, False]),
        "subjects": np.array(list("aabbcc")),
        "label_ids": LABELS,
        "groups": {"malignant": ["BCC", "MEL"]},
        "calibration_n": 120,
    }
    return summarise(**(cases | changes))


def test_the_keys_are_the_contracts_and_each_group_adds_its_own():
    found = figures()
    assert list(found) == [*CONTRACT, "malignant"]
    assert list(found["malignant"]) == ["auroc", "auroc_ci", "sensitivity_at_90_specificity"]


def test_figures_by_hand():
    found = figures()
    assert (found["n"], found["auroc"], found["balanced_accuracy"], found["calibration_n"]) == (6, 1, 1, 120)
    assert found["ece"] == pytest.approx(0.4)
    assert found["coverage"] == pytest.approx(4 / 6) and found["set_size"] == pytest.approx(8 / 6)
    assert found["abstained"] == pytest.approx(2 / 6)
    assert found["malignant"]["auroc"] == 1 and found["malignant"]["sensitivity_at_90_specificity"] == 1


def test_accuracy_is_told_apart_by_answered_and_abstained():
    wrong = np.where(np.array([0, 1, 2, 1, 1, 2])[:, None] == np.arange(3), 0.6, 0.2)  # the fourth case, abstained, is wrong
    found = figures(probabilities=wrong)
    assert (found["accuracy_answered"], found["accuracy_abstained"]) == (1, 0.5)


def test_what_cannot_be_known_is_null():
    found = figures(abstain=np.zeros(6, bool), subjects=np.array(["a"] * 6))
    assert found["accuracy_abstained"] is None and found["auroc_ci"] == [None, None]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_one_class_only_has_no_ranking():
    found = figures(truth=np.zeros(6, int))
    assert found["auroc"] is None and found["malignant"]["auroc"] is None and found["malignant"]["sensitivity_at_90_specificity"] is None


def test_set_members_of_no_cases_has_a_column_a_label():
    assert set_members([], LABELS).shape == (0, 3)
    assert set_members([("MEL",), ()], LABELS).tolist() == [[False, False, True], [False, False, False]]


def test_jsonable_turns_numbers_of_numpy_and_what_json_lacks():
    document = {"a": np.float32(0.5), "b": (np.int64(1), float("nan")), "c": np.array([np.inf, 1]), "d": np.bool_(True), 5: None}
    assert json.dumps(jsonable(document), allow_nan=False) == '{"a": 0.5, "b": [1, null], "c": [null, 1.0], "d": true, "5": null}'
