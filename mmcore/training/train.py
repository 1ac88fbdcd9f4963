"""Training a model from a data set to a model folder, with everything that the folder needs to be used."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import classification_report

from mmcore import model_folder
from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.familiarity import Familiarity
from mmcore.confidence.model import ConfidenceModel, fit_confidence, save_confidence
from mmcore.errors import InputError
from mmcore.evaluation.sources import held_out_sources, sources
from mmcore.fusion import Ensemble, FusionSettings, check_settings
from mmcore.model_spec import FILE, ModelSpec, read_spec
from mmcore.settings import parse
from mmcore.tokens import subset_name
from mmcore.training.crossfit import CrossFit, crossfit, fit_members, pooled, set_exponents
from mmcore.training.dataset import TrainingSet
from mmcore.training.load import RawSet, Step, encode_set, load_raw
from mmcore.training.settings import TrainingSettings
from mmcore.training.splits import folds
from mmcore.training.tuned import States, build_encoders, fold_encoder, tune_encoders

CHECKPOINTS = ".checkpoints"
SILENT: Step = lambda stage, done, total: None  # noqa: E731


def train(
    model: Path, data: Path, out: Path, *, fusion: str | None, seed: int, device: torch.device, command: str, step: Step = SILENT
) -> dict[str, Any]:
    """Train the model that ``model``/model.toml describes on ``data`` and write a model folder to ``out``.

    A run that was killed goes on where it was when started again with the same arguments.

    Args:
        fusion: name of the fusion in place of model.toml's.
        command: the command line, kept in the folder.
        step: called with (stage, done, total).

    Returns:
        What training.json holds: settings, number of cases, and a classification report on out-of-fold predictions.
    """
    spec = read_spec(model)
    fusion_settings, settings = settings_of(spec, fusion)
    out.mkdir(parents=True, exist_ok=True)
    whole = load_raw(data, spec, step)
    checkpoints = _checkpoints(out, {
        "fusion": asdict(fusion_settings), "training": asdict(settings), "seed": seed,
        "encoders": [item.encoder for item in spec.inputs.values()],
        "cases": whole.digests, "labels": whole.labels.tolist(), "subjects": whole.subjects.tolist(),
    })  # fmt: skip
    held = held_out_rows(whole, settings.hold_out, seed)
    raw = whole.rows(np.flatnonzero(~held))
    frozen = encode_set(raw, build_encoders(spec, device, {}), spec.modalities, settings.views, step)
    fitted = crossfit(
        frozen, len(spec.labels), fusion_settings, settings, seed, device,
        fold_encoder=fold_encoder(raw, spec, settings, seed, device, checkpoints, step),
        checkpoints=checkpoints, on_fold=lambda done, total: step("cross-fit", done, total),
    )  # fmt: skip
    states = tune_encoders(raw, spec, settings, seed * 1000 + 999, device, checkpoints / "final", step)
    final = encode_set(raw, build_encoders(spec, device, states), spec.modalities, settings.views, step) if states else frozen
    ensemble, curves = fit_members(final, len(spec.labels), fusion_settings, settings, seed * 1000 + 900, device, checkpoints)
    scored = by_source(spec, frozen, fitted, fusion_settings, settings, seed, device)
    set_exponents(ensemble, scored.exponents)
    confidence = confidence_of(spec, final, scored)
    report = _report(spec, raw.labels, fitted)
    summary = {
        "command": command, "seed": seed, "cases": len(raw), "subjects": len(set(raw.subjects)), "held_out": int(held.sum()),
        "fusion": asdict(fusion_settings), "training": asdict(settings), "report": report, "torch": torch.__version__.split("+")[0],
    }  # fmt: skip
    _write(out, model, spec, ensemble, states, confidence, summary, curves + fitted.curves, whole, held, data.name)
    shutil.rmtree(checkpoints)
    return summary


def settings_of(spec: ModelSpec, fusion: str | None) -> tuple[FusionSettings, TrainingSettings]:
    """model.toml's [fusion] and [training]; another fusion keeps its sizes. ConfigError where one cannot be used."""
    settings = parse(FusionSettings, spec.fusion, f"{FILE}.fusion")
    settings = replace(settings, name=fusion) if fusion else settings
    check_settings(settings, f"{FILE} [fusion]")
    return settings, parse(TrainingSettings, spec.training, f"{FILE}.training")


def by_source(
    spec: ModelSpec, cases: TrainingSet, fitted: CrossFit, fusion: FusionSettings, settings: TrainingSettings, seed: int,
    device: torch.device,
) -> CrossFit:  # fmt: skip
    """``fitted`` with the scores that networks gave to whole sources they had not seen, where model.toml asks for it.

    Exponents go with the scores: a temperature fits only those that it was found under. Distances stay: an input of another source is to
    be found unlike those of training.
    """
    source = sources(spec, cases) if settings.calibrate == "source" else None
    if source is None:
        return fitted
    apart = held_out_sources(cases, source, len(spec.labels), fusion, settings, [seed], device)[0]
    return replace(fitted, log_probabilities=apart.log_probabilities, exponents=apart.exponents)


def held_out_rows(raw: RawSet, share: float, seed: int) -> np.ndarray:
    """(N,) bool: rows of about this share of the subjects, kept for demonstrations and never trained or calibrated on."""
    if share == 0:
        return np.zeros(len(raw), dtype=bool)
    return folds(raw.labels, raw.subjects, max(2, round(1 / share)), seed + 77) == 0


def confidence_of(spec: ModelSpec, data: TrainingSet, fitted: CrossFit) -> ConfidenceModel:
    """Calibration, sets and thresholds from out-of-fold scores."""
    present = data.present()
    familiarity = {name: Familiarity.fit(pooled(data, name)[present[name]]) for name in fitted.distances}
    distances = {name: values[present[name]] for name, values in fitted.distances.items()}
    settings = parse(AbstainSettings, spec.confidence, f"{FILE}.confidence")
    prior = data.prior(len(spec.labels))
    return fit_confidence(fitted.log_probabilities, data.labels, prior, settings, familiarity, distances, present)


def _report(spec: ModelSpec, labels: np.ndarray, fitted: CrossFit) -> Mapping[str, Any]:
    """A temperature does not change which class is the most probable: scores are enough."""
    predicted = fitted.log_probabilities[subset_name(spec.modalities)].argmax(axis=1)
    every = range(len(spec.labels))
    return classification_report(labels, predicted, labels=every, target_names=spec.label_ids, output_dict=True, zero_division=0.0)


def _checkpoints(out: Path, key: Mapping[str, Any]) -> Path:
    """The folder for checkpoints; those of a run with other settings or other data are thrown away."""
    folder, text = out / CHECKPOINTS, hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    if folder.is_dir() and (not (folder / "key").is_file() or (folder / "key").read_text() != text):
        shutil.rmtree(folder)
    folder.mkdir(exist_ok=True)
    (folder / "key").write_text(text)
    return folder


def _write(
    out: Path,
    model: Path,
    spec: ModelSpec,
    ensemble: Ensemble,
    states: States,
    confidence: ConfidenceModel,
    summary: Mapping[str, Any],
    curves: list[list[dict[str, float]]],
    whole: RawSet,
    held: np.ndarray,
    data_name: str,
) -> None:
    text = with_fusion((model / FILE).read_text(encoding="utf-8"), summary["fusion"]["name"])
    model_folder.set_figures_aside(out)
    (out / FILE).write_text(text, encoding="utf-8")
    model_folder.save_fusion(out, ensemble)
    for name, state in states.items():
        model_folder.save_encoder(out, name, state)
    save_confidence(confidence, out / model_folder.CONFIDENCE)
    model_folder.seal(out)
    trained = np.flatnonzero(~held)
    hashes = {"cases": sorted({whole.digests[i] for i in trained}), "inputs": sorted({whole.inputs[i] for i in trained} - {""})}
    documents = {
        model_folder.TRAINING: summary,
        model_folder.CURVES: curves,
        model_folder.HASHES: hashes,
        model_folder.HELD_OUT: {"data": data_name, "ids": [whole.ids[i] for i in np.flatnonzero(held)]},
    }
    for name, document in documents.items():
        (out / name).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def with_fusion(text: str, name: str) -> str:
    """model.toml's text with another fusion named in [fusion]; sizes and comments stay."""
    return re.sub(r'(?ms)^(\[fusion\]$.*?^name *= *)"[^"\n]*"', rf'\g<1>"{name}"', text, count=1)


def check_empty(out: Path, model: Path) -> None:
    """Refuse to write over a folder that holds something else than a model."""
    if out.is_file():
        raise InputError(f"--out {out.name} is a file", "Name a folder, for example .models/my_model")
    if out.is_dir() and any(out.iterdir()) and not (out / FILE).is_file() and not (out / CHECKPOINTS).is_dir():
        raise InputError(f"--out {out.name} is not empty and no model folder", "Give a new folder, for example .models/my_model")
