"""Cross-fitting: every case is scored by networks that never saw its subject.

Calibration and prediction sets are fitted to these out-of-fold scores (cross-conformal prediction, Vovk 2015). The shipped model is
trained on all cases in the same way, so it is at least as good as those that gave the scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import torch

from mmcore.confidence.calibration import log_softmax
from mmcore.confidence.familiarity import Familiarity
from mmcore.fusion import Ensemble, Fusion, FusionSettings
from mmcore.fusion.interface import pool
from mmcore.fusion.late import LateFusion
from mmcore.tokens import all_subsets, subset_name
from mmcore.training.dataset import TrainingSet
from mmcore.training.exponents import fit_exponents, raise_to, singles
from mmcore.training.fit import fit
from mmcore.training.settings import TrainingSettings
from mmcore.training.splits import folds

READ_MEANS = ("late", "weighted")


@dataclass(frozen=True)
class CrossFit:
    """What cross-fitting gives.

    Attributes:
        log_probabilities: subset -> (N, C) out-of-fold log probabilities, not calibrated; every non-empty subset.
        distances: modality -> (N,) distance of each input from those of the other folds (``mmcore.confidence.familiarity``).
        fold: (N,) the fold in which each case was held out.
        curves: one list of epochs per network.
        exponents: (M,) of the experts of late fusion, fitted to all scores; None for other fusions, for one modality and where they
            stay at one.
        fold_exponents: those that each fold's own scores were given with, fitted to the other folds.
    """

    log_probabilities: dict[str, np.ndarray]
    distances: dict[str, np.ndarray]
    fold: np.ndarray
    curves: list[list[dict[str, float]]]
    exponents: np.ndarray | None = None
    fold_exponents: tuple[np.ndarray, ...] = ()


def crossfit(
    data: TrainingSet,
    classes: int,
    fusion: FusionSettings,
    settings: TrainingSettings,
    seed: int,
    device: torch.device,
    *,
    fold_encoder: Callable[[int, np.ndarray], TrainingSet] | None = None,
    checkpoints: Path | None = None,
    on_fold: Callable[[int, int], None] | None = None,
) -> CrossFit:
    """Fit ``fusion.members`` networks a fold and score each case by those that did not see its subject.

    Args:
        fold_encoder: (fold, its training rows) -> the data set encoded by that fold's own encoder, where encoders are trained too.
        checkpoints: folder for states, so that a killed run goes on.
        on_fold: called with (done, all) after each fold.
    """
    fold = folds(data.labels, data.subjects, settings.folds, seed)
    scores = {subset_name(s): np.zeros((len(data), classes)) for s in all_subsets(tuple(data.features))[1:]}
    distances = {name: np.zeros(len(data)) for name in data.features if name not in data.additive}
    log_prior = np.zeros((len(data), classes))
    curves: list[list[dict[str, float]]] = []
    for number in range(settings.folds):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        source = fold_encoder(number, inside) if fold_encoder else data
        train, held = source.rows(inside), source.rows(outside)
        own_seed = seed * 1000 + number * 10
        ensemble, fold_curves = fit_members(train, classes, fusion, settings, own_seed, device, checkpoints, f"fold{number}")
        curves += fold_curves
        for name, values in score_subsets(ensemble, held).items():
            scores[name][outside] = values
        first = ensemble.members[0]
        assert isinstance(first, Fusion)
        log_prior[outside] = first.log_prior.numpy()
        for name in distances:
            inner, outer = (pooled(part, name) for part in (train, held))
            distances[name][outside] = Familiarity.fit(inner[train.has(name)]).distance(outer)
        if on_fold:
            on_fold(number + 1, settings.folds)
    fitted = CrossFit(scores, distances, fold, curves)
    names = tuple(data.features)
    raised = fusion.name == "late" and settings.fit_exponents and len(names) > 1
    return with_exponents(fitted, log_prior, data.labels, names) if raised else fitted


def with_exponents(fitted: CrossFit, log_prior: np.ndarray, labels: np.ndarray, modalities: tuple[str, ...]) -> CrossFit:
    """The scores of a late fusion, each fold's raised to exponents that the other folds gave."""
    single = singles(fitted.log_probabilities, modalities)
    scores = {name: np.zeros_like(values) for name, values in fitted.log_probabilities.items()}
    found = []
    for number in range(int(fitted.fold.max()) + 1):
        here = fitted.fold == number
        found.append(fit_exponents(single[~here], log_prior[~here], labels[~here]))
        for name, values in scores.items():
            values[here] = raise_to(single[here], log_prior[here], found[-1], modalities, name)
    return replace(fitted, log_probabilities=scores, exponents=fit_exponents(single, log_prior, labels), fold_exponents=tuple(found))


def set_exponents(ensemble: Ensemble, exponents: np.ndarray | None) -> None:
    """Gives the networks of a late fusion the exponents that cross-fitting found; does nothing where it found none."""
    for member in ensemble.members if exponents is not None else ():
        assert isinstance(member, LateFusion)
        member.exponents.copy_(torch.as_tensor(exponents))


def fit_members(
    train: TrainingSet,
    classes: int,
    fusion: FusionSettings,
    settings: TrainingSettings,
    seed: int,
    device: torch.device,
    checkpoints: Path | None = None,
    name: str = "final",
) -> tuple[Ensemble, list[list[dict[str, float]]]]:
    """``fusion.members`` networks from different seeds as one, and their curves."""
    if settings.pool and fusion.name in READ_MEANS:
        train = train.pooled()
    stop = stopping_rows(train, settings.stop_share, seed + 1)
    static = static_weights(train, classes, settings, seed, device) if fusion.name == "weighted" else None
    members: list[Fusion] = []
    curves = []
    for member in range(fusion.members):
        path = checkpoints / f"{name}-member{member}.ckpt" if checkpoints else None
        network, curve = fit(
            train.rows(np.flatnonzero(~stop)), train.rows(np.flatnonzero(stop)) if stop.any() else None, classes, fusion, settings,
            seed + member, device, static_weights=static, checkpoint=path,
        )  # fmt: skip
        members.append(network)
        curves.append(curve)
    return Ensemble(members), curves


def pooled(data: TrainingSet, modality: str) -> np.ndarray:
    """(N, D) mean tokens of the cases that have the modality, else zeros; first view."""
    batch = data.batch()
    return pool(batch.features[modality], batch.mask[modality]).numpy().astype(float)


def stopping_rows(data: TrainingSet, share: float, seed: int) -> np.ndarray:
    """(N,) bool: rows of about this share of the subjects, held out for early stopping."""
    if share == 0:
        return np.zeros(len(data), dtype=bool)
    return folds(data.labels, data.subjects, max(2, round(1 / share)), seed) == 0


@torch.no_grad()
def score_subsets(network: torch.nn.Module, data: TrainingSet) -> dict[str, np.ndarray]:
    """Subset -> (N, C) log probabilities with only those modalities given."""
    batch, names = data.batch(), tuple(data.features)
    out = {}
    for subset in all_subsets(names)[1:]:
        keep = torch.tensor([name in subset for name in names])
        out[subset_name(subset)] = network(batch.keep(keep)).logits.float().log_softmax(-1).numpy().astype(float)
    return out


def static_weights(data: TrainingSet, classes: int, settings: TrainingSettings, seed: int, device: torch.device) -> np.ndarray:
    """(M,) weights of the modalities on the simplex, by cross-validation inside the training data.

    The experts of a late fusion are fitted on two thirds and scored on the rest; the weights whose sum of evidence has the least log
    loss win (a grid of tenths).
    """
    names = tuple(data.features)
    fold = folds(data.labels, data.subjects, 3, seed + 2)
    evidence, prior = np.zeros((len(data), len(names), classes)), np.zeros((len(data), classes))
    for number in range(3):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        network, _ = fit(data.rows(inside), None, classes, FusionSettings("late"), settings, seed, device)
        prior[outside] = network.log_prior.numpy()
        scores = score_subsets(network, data.rows(outside))
        for i, name in enumerate(names):
            evidence[outside, i] = scores[name] - prior[outside]
    best, best_loss = np.full(len(names), 1 / len(names)), np.inf
    for weights in simplex(len(names), 10):
        log_posterior = log_softmax(prior + len(names) * (evidence * weights[None, :, None]).sum(axis=1))
        loss = -log_posterior[np.arange(len(data)), data.labels].mean()
        if loss < best_loss:
            best, best_loss = weights, loss
    return best


def simplex(parts: int, steps: int) -> list[np.ndarray]:
    """All weights of ``parts`` parts that are multiples of 1 / ``steps`` and sum to one."""
    whole = [counts for counts in product(range(steps + 1), repeat=parts) if sum(counts) == steps]
    return [np.array(counts) / steps for counts in whole]
