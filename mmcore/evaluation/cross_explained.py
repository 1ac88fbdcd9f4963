"""Deletion and insertion on cases that the explaining network never saw: one small model per fold, measured on its held-out part."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore import model_folder
from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.model import fit_confidence, save_confidence
from mmcore.evaluation.faithfulness import areas, summarise_areas
from mmcore.fusion import FusionSettings
from mmcore.model_spec import FILE, ModelSpec
from mmcore.pipeline import Pipeline
from mmcore.readers.batch import read_dataset
from mmcore.training.crossfit import CrossFit, fit_members, set_exponents
from mmcore.training.dataset import TrainingSet
from mmcore.training.load import RawSet, Step
from mmcore.training.settings import TrainingSettings
from mmcore.training.tuned import FoldCases

CASES_PER_FOLD = 24


def explained_on_held_out(
    model: Path, spec: ModelSpec, cases: TrainingSet, raw: RawSet, fusion: FusionSettings, settings: TrainingSettings, fitted: CrossFit,
    kept: Mapping[int, FoldCases], abstain: AbstainSettings, data: Path, device: torch.device, step: Step, per_fold: int = CASES_PER_FOLD,
) -> dict[str, Any]:  # fmt: skip
    """Modality -> the contract's figures of deletion and insertion, over ``per_fold`` held-out cases of every fold."""
    rows = read_dataset(data, spec)
    found: dict[str, list] = {m: [] for m in spec.modalities}
    subjects: dict[str, list[str]] = {m: [] for m in spec.modalities}
    numbers = np.unique(fitted.fold)
    for number in numbers:
        outside = np.flatnonzero(fitted.fold == number)
        with tempfile.TemporaryDirectory() as folder:
            own = kept.get(int(number), FoldCases({}, cases))
            _write_fold(Path(folder), model, spec, own, fusion, settings, fitted, abstain, int(number), device)
            pipeline = Pipeline(Path(folder), device)
            for at in sorted(outside, key=lambda i: raw.digests[i])[:per_fold]:
                for modality, pieces in pipeline.faithfulness(rows[at].load()).items():
                    found[modality].append(areas(pieces, seed=[0, int(raw.digests[at][:8], 16)]))
                    subjects[modality].append(str(cases.subjects[at]))
        step("explain", int(number) + 1, len(numbers))
    return {m: summarise_areas(found[m], np.array(subjects[m])) for m in spec.modalities if found[m]}


def _write_fold(
    folder: Path,
    model: Path,
    spec: ModelSpec,
    own: FoldCases,
    fusion: FusionSettings,
    settings: TrainingSettings,
    fitted: CrossFit,
    abstain: AbstainSettings,
    fold: int,
    device: torch.device,
) -> None:
    """A model folder trained on the other folds' rows, calibrated on their out-of-fold scores."""
    inside = np.flatnonzero(fitted.fold != fold)
    shutil.copyfile(model / FILE, folder / FILE)
    for modality, state in own.states.items():
        model_folder.save_encoder(folder, modality, state)
    train = own.cases.rows(inside)
    ensemble, _ = fit_members(train, len(spec.labels), replace(fusion, members=1), settings, 0, device)
    set_exponents(ensemble, fitted.fold_exponents[fold] if fitted.fold_exponents else None)
    model_folder.save_fusion(folder, ensemble)
    scores = {s: values[inside] for s, values in fitted.log_probabilities.items()}
    prior = train.prior(len(spec.labels))
    save_confidence(
        fit_confidence(scores, train.labels, prior, abstain, {}, {}, train.present()), folder / model_folder.CONFIDENCE
    )
