"""Small encoded data sets for tests of training: two modalities, three classes, several cases a subject."""

from __future__ import annotations

import numpy as np
import torch

from mmcore.fusion import FusionSettings
from mmcore.training.dataset import TrainingSet
from mmcore.training.settings import TrainingSettings

CPU = torch.device("cpu")
LATE = FusionSettings("late", dim=8, heads=2, depth=1, dropout=0.1, members=1)
QUICK = TrainingSettings(epochs=4, batch=16, folds=3, views=1)


def encoded(count: int = 60, seed: int = 0, signal: float = 1.5) -> TrainingSet:
    """Pictures of 4 patches and records of 5 fields that both know something of the label; a fifth of the fields is missing."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    subjects = np.array([f"p{number // 2}" for number in rng.permutation(count)])
    centres = np.random.default_rng(50).normal(0, signal, (3, 10))
    image = centres[labels][:, None, None, :] + rng.normal(0, 1, (count, 2, 4, 10))
    known = rng.uniform(size=(count, 5)) > 0.2
    known[:, 0] = True
    record = np.zeros((count, 5, 5))
    record[:, range(5), range(5)] = rng.normal(0, 1, (count, 5)) + (labels[:, None] - 1)
    features = {"image": torch.tensor(image, dtype=torch.float32), "record": torch.tensor(record[:, None], dtype=torch.float32)}
    mask = {"image": torch.ones(count, 4, dtype=torch.bool), "record": torch.tensor(known)}
    return TrainingSet(features, mask, labels, subjects, ("record",), {"row": np.arange(count).astype(str)})
