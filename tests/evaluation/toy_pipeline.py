"""A pipeline whose answers are known: it reads colour and age, needs no weights and stands where a trained one would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from mmcore.case import Case, Picture, Record
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.tokens import all_subsets, subset_name

SHIPPED = Path(__file__).resolve().parents[2] / "mmcore" / "models" / "skin_lesion"


@dataclass(frozen=True)
class ToyPrediction:
    probabilities: np.ndarray
    set: tuple[str, ...]
    abstain: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToyPieces:
    """Pieces whose scores are what they are worth; what is left of them is the probability."""

    scores: np.ndarray

    def probability(self, removed: Sequence[Sequence[int]]) -> np.ndarray:
        return np.array([self.scores.sum() - self.scores[list(pieces)].sum() for pieces in removed])


class ToyPipeline:
    """Has the attributes and methods of mmcore.pipeline.Pipeline that evaluation and the command line use."""

    version = "toy" * 8
    device = torch.device("cpu")

    def __init__(self, folder: Path) -> None:
        self.spec: ModelSpec = read_spec(SHIPPED)
        self.folder = folder

    def warm(self, modalities: Sequence[str] | None = None) -> None:
        """There is nothing to build."""

    def predict(self, cases: Sequence[Case]) -> list[dict[str, ToyPrediction]]:
        return [{subset_name(s): self._answer(case, s) for s in all_subsets(case.present) if s} for case in cases]

    def calibration_n(self, subset: str) -> int:
        return len(subset)

    def faithfulness(self, case: Case) -> dict[str, ToyPieces]:
        """Pieces worth a share each that depends on the case, so that every order has its own area."""
        worth = np.random.default_rng(int(case.digest[:8], 16)).dirichlet(np.ones(12))
        return {modality: ToyPieces(worth) for modality in case.present}

    def _answer(self, case: Case, subset: tuple[str, ...]) -> ToyPrediction:
        logits = np.zeros(len(self.spec.labels))
        for modality in subset:
            value = case.inputs[modality].value
            if isinstance(value, Picture):
                logits += np.resize(value.pixels.mean(axis=(0, 1)), len(logits)) / 40
            if isinstance(value, Record):
                logits[int(value.values["age"] or 0) % len(logits)] += 1
        probabilities = np.exp(logits) / np.exp(logits).sum()
        order = np.argsort(-probabilities)
        chosen = tuple(self.spec.label_ids[i] for i in order[:2])
        return ToyPrediction(probabilities, chosen, abstain=bool(probabilities.max() < 0.25))
