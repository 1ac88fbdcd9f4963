"""A data set encoded once: what training, comparison and calibration read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch

from mmcore.tokens import TokenBatch, all_subsets, subset_name


@dataclass(frozen=True)
class TrainingSet:
    """N cases as tokens.

    Attributes:
        features: modality -> (N, V, T, D) float16 or float32, V views of the same input (1 for a record).
        mask: modality -> (N, T) bool.
        labels: (N,) class numbers.
        subjects: (N,) whose case it is; splits are made by it.
        additive: the modalities whose tokens are fields, each missing on its own.
        columns: column -> (N,) texts of the table, for subgroups and baselines.
    """

    features: Mapping[str, torch.Tensor]
    mask: Mapping[str, torch.Tensor]
    labels: np.ndarray
    subjects: np.ndarray
    additive: tuple[str, ...]
    columns: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, rows: np.ndarray) -> TrainingSet:
        """These rows only."""
        at = torch.as_tensor(rows)
        return TrainingSet(
            {m: f[at] for m, f in self.features.items()},
            {m: k[at] for m, k in self.mask.items()},
            self.labels[rows],
            self.subjects[rows],
            self.additive,
            {name: values[rows] for name, values in self.columns.items()},
        )

    def batch(self, rows: torch.Tensor | None = None, generator: torch.Generator | None = None) -> TokenBatch:
        """Rows as a batch in float32: the first view of each or, with a generator, one at random."""
        rows = torch.arange(len(self)) if rows is None else rows
        features = {}
        for name, values in self.features.items():
            views = values.shape[1]
            first = torch.zeros(len(rows), dtype=torch.long)
            pick = first if generator is None else torch.randint(views, (len(rows),), generator=generator)
            features[name] = values[rows, pick].float()
        return TokenBatch(features, {name: mask[rows] for name, mask in self.mask.items()})

    def pooled(self) -> TrainingSet:
        """The same cases with one token a picture or text: the mean of those that are there."""
        features, masks = dict(self.features), dict(self.mask)
        for name in (name for name in features if name not in self.additive):
            keep = masks[name][:, None, :, None].float()
            mean = (features[name].float() * keep).sum(dim=2, keepdim=True) / keep.sum(dim=2, keepdim=True).clamp(min=1)
            features[name], masks[name] = mean, masks[name].any(dim=1, keepdim=True)
        return replace(self, features=features, mask=masks)

    def has(self, modality: str) -> np.ndarray:
        """(N,) bool: the cases that have this modality."""
        return self.mask[modality].any(dim=1).numpy()

    def present(self) -> dict[str, np.ndarray]:
        """Non-empty subset -> (N,) bool: the cases that have all its modalities."""
        there = {name: self.has(name) for name in self.mask}
        return {subset_name(s): np.all([there[name] for name in s], axis=0) for s in all_subsets(tuple(self.mask))[1:]}

    def prior(self, classes: int) -> np.ndarray:
        """(C,) share of each class, with one case added to each so that none is zero."""
        counts = np.bincount(self.labels, minlength=classes) + 1.0
        return counts / counts.sum()
