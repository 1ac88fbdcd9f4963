"""Everything that confidence needs to know of a model, fitted once on scores the model was not trained on, and stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save_file

from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.calibration import calibrate, fit_temperature
from mmcore.confidence.conformal import in_sets, nonconformity, prediction_set, threshold
from mmcore.confidence.familiarity import Familiarity

POOL_BELOW = 60


@dataclass(frozen=True)
class ConfidenceModel:
    """Calibration and sets for each subset of modalities, and the thresholds for abstaining.

    Attributes:
        temperatures: subset -> temperature.
        scores: subset -> (N,) sorted nonconformity scores.
        prior: (C,) class prior of training.
        familiarity: modality -> Gaussian over its pooled tokens; only modalities with an encoder's features.
        distance_limits: modality -> threshold on its distance.
    """

    temperatures: Mapping[str, float]
    scores: Mapping[str, np.ndarray]
    prior: np.ndarray
    familiarity: Mapping[str, Familiarity]
    distance_limits: Mapping[str, float]

    def probabilities(self, subset: str, log_probabilities: np.ndarray) -> np.ndarray:
        """Calibrated (..., C) probabilities of a subset; the prior for the empty one."""
        return calibrate(log_probabilities, self.temperatures[subset])

    def prediction_set(self, subset: str, probabilities: np.ndarray, level: float) -> np.ndarray:
        """Class numbers in the set of (C,) probabilities, most probable first."""
        return prediction_set(probabilities, threshold(self.scores[subset], level))

    def sets(self, subset: str, probabilities: np.ndarray, level: float) -> np.ndarray:
        """`prediction_set` of (N, C) probabilities as an (N, C) bool matrix."""
        return in_sets(probabilities, threshold(self.scores[subset], level))

    def calibration_n(self, subset: str) -> int:
        """How many cases calibrated this subset."""
        return len(self.scores[subset])


def fit_confidence(
    log_probabilities: Mapping[str, np.ndarray],
    labels: np.ndarray,
    prior: np.ndarray,
    settings: AbstainSettings,
    familiarity: Mapping[str, Familiarity],
    distances: Mapping[str, np.ndarray],
    present: Mapping[str, np.ndarray],
) -> ConfidenceModel:
    """From out-of-fold scores.

    Args:
        log_probabilities: subset -> (N, C), not calibrated.
        distances: modality -> (N,) distances of inputs from a fit that did not see their subjects.
        present: subset -> (N,) bool, the cases that have all its modalities. A subset that fewer than ``POOL_BELOW`` cases have is
            fitted on all that have any of its modalities, scored with those that they have.
    """
    temperatures, scores = {}, {}
    for subset, values in log_probabilities.items():
        rows = present[subset]
        if rows.sum() < POOL_BELOW:
            rows = np.any([present[name] for name in subset.split("+")], axis=0)
        temperatures[subset] = fit_temperature(values[rows], labels[rows])
        scores[subset] = nonconformity(calibrate(values[rows], temperatures[subset]), labels[rows])
    limits = {name: float(np.quantile(values, 1 - settings.unfamiliar_share)) for name, values in distances.items()}
    return ConfidenceModel(temperatures, scores, prior, familiarity, limits)


def save_confidence(model: ConfidenceModel, path: Path) -> None:
    """As one .safetensors file."""
    tensors = {f"temperature/{s}": np.array([t]) for s, t in model.temperatures.items()}
    tensors |= {f"scores/{s}": values.astype(np.float32) for s, values in model.scores.items()}
    tensors["prior"] = model.prior
    for name, gaussian in model.familiarity.items():
        tensors |= {
            f"familiarity/{name}/mean": gaussian.mean.astype(np.float32),
            f"familiarity/{name}/components": gaussian.components.astype(np.float16),
            f"familiarity/{name}/variances": gaussian.variances.astype(np.float32),
            f"familiarity/{name}/noise": np.array([gaussian.noise]),
            f"familiarity/{name}/limit": np.array([model.distance_limits[name]]),
        }
    # save_file writes the memory as it lies: an array in another order than C's would come back scrambled.
    save_file({name: np.ascontiguousarray(values) for name, values in tensors.items()}, path)


def load_confidence(data: bytes) -> ConfidenceModel:
    """From the bytes that `save_confidence` wrote."""
    tensors = {name: values.astype(float) for name, values in load(data).items()}
    part = lambda kind: {n.removeprefix(kind): v for n, v in tensors.items() if n.startswith(kind)}  # noqa: E731
    familiarity, limits = {}, {}
    for name in {key.split("/")[0] for key in part("familiarity/")}:
        piece = part(f"familiarity/{name}/")
        familiarity[name] = Familiarity(piece["mean"], piece["components"], piece["variances"], float(piece["noise"][0]))
        limits[name] = float(piece["limit"][0])
    temperatures = {subset: float(value[0]) for subset, value in part("temperature/").items()}
    return ConfidenceModel(temperatures, part("scores/"), tensors["prior"], familiarity, limits)


__all__ = ["ConfidenceModel", "fit_confidence", "load_confidence", "save_confidence"]
