from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore.confidence.abstain import AbstainSettings
from mmcore.evaluation import nested
from tests.training.sets import CPU, LATE, QUICK, encoded


def test_labels_of_a_fold_reach_nothing_of_its_own_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(60)
    people = sorted(set(data.subjects))
    fold = np.array([people.index(subject) % QUICK.folds for subject in data.subjects])
    monkeypatch.setattr(nested, "folds", lambda labels, subjects, count, seed: fold)
    before = nested.nested_answers(data, 3, LATE, QUICK, 0, CPU, AbstainSettings())["image+record"]
    here = fold == 1
    other = replace(data, labels=np.where(here, (data.labels + 1) % 3, data.labels))
    after = nested.nested_answers(other, 3, LATE, QUICK, 0, CPU, AbstainSettings())["image+record"]
    assert before.probabilities.sum(axis=1) == pytest.approx(np.ones(60), abs=1e-5)
    assert np.allclose(before.probabilities[here], after.probabilities[here]) and (before.sets[here] == after.sets[here]).all()
    assert not np.allclose(before.probabilities[~here], after.probabilities[~here])
