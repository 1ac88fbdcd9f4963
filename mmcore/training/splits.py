"""Splits by subject: no patient is on both sides."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from mmcore.errors import InputError


def folds(labels: np.ndarray, subjects: np.ndarray, count: int, seed: int) -> np.ndarray:
    """(N,) fold number of each row, 0 to count - 1, classes spread evenly and each subject in one fold only.

    Row order does not matter: rows are put in the order of their subjects first.
    """
    if len(set(subjects)) < count:
        raise InputError(f"{len(set(subjects))} subjects are too few for {count} folds")
    order = np.lexsort((labels, subjects))
    fold = np.empty(len(labels), dtype=int)
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    for number, (_, part) in enumerate(splitter.split(order, labels[order], subjects[order])):
        fold[order[part]] = number
    return fold
