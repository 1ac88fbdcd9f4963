"""Nested cross-validation: what is fitted to scores (exponents, temperatures, sets) comes from inside each fold's training part alone.

`compare` takes it from the scores of the other folds, whose networks were trained on the fold at hand; this shows what that flatters.
"""

from __future__ import annotations

import numpy as np
import torch

from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.familiarity import Familiarity
from mmcore.confidence.model import fit_confidence
from mmcore.evaluation.answers import Answers, answer_into, empty_answers
from mmcore.fusion import FusionSettings
from mmcore.training.crossfit import crossfit, fit_members, pooled, score_subsets, set_exponents
from mmcore.training.dataset import TrainingSet
from mmcore.training.settings import TrainingSettings
from mmcore.training.splits import folds


def nested_answers(
    data: TrainingSet, classes: int, fusion: FusionSettings, settings: TrainingSettings, seed: int, device: torch.device,
    abstain: AbstainSettings,
) -> dict[str, Answers]:  # fmt: skip
    """Subset -> answers; each fold's by networks, exponents, temperatures and sets that saw nothing of its subjects."""
    fold, present = folds(data.labels, data.subjects, settings.folds, seed), data.present()
    out = empty_answers(list(present), len(data), classes)
    prior = np.full(classes, 1 / classes)
    for number in range(settings.folds):
        here = fold == number
        train, held = data.rows(np.flatnonzero(~here)), data.rows(np.flatnonzero(here))
        inner = crossfit(train, classes, fusion, settings, seed, device)
        inside = train.present()
        distances = {m: values[inside[m]] for m, values in inner.distances.items()}
        confidence = fit_confidence(inner.log_probabilities, train.labels, prior, abstain, {}, distances, inside)
        ensemble, _ = fit_members(train, classes, fusion, settings, seed * 1000 + number * 10, device)
        set_exponents(ensemble, inner.exponents)
        away = {m: Familiarity.fit(pooled(train, m)[train.has(m)]).distance(pooled(held, m)) for m in inner.distances}
        answer_into(out, here, confidence, score_subsets(ensemble, held), away, held.present(), abstain)
    return out
