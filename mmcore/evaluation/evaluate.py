"""``evaluate``: a model's figures on a data set in its format. Nothing is trained, tuned or calibrated here."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmcore.errors import InputError
from mmcore.evaluation.faithfulness import Areas, areas, summarise_areas
from mmcore.evaluation.jsonable import jsonable
from mmcore.evaluation.predicted import Predicted, Progress, predict_rows, write_predictions
from mmcore.evaluation.report import summarise
from mmcore.evaluation.seen import seen_in_training
from mmcore.readers.dataset import read_dataset
from mmcore.tokens import all_subsets, subset_name

if TYPE_CHECKING:
    from mmcore.pipeline import Pipeline

EXPLAINED_CASES = 100
EXPLAINED_UNTIL_S = 480.0


def evaluate(
    pipeline: Pipeline,
    data: Path,
    *,
    limit: int | None = None,
    seed: int = 0,
    predictions: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """The contract's document for the data set in ``data``.

    Args:
        limit: most cases on which the explanation is measured, chosen by the hash of their contents; ``EXPLAINED_CASES`` if None.
        seed: of the bootstrap and of the random orders.
        predictions: file to which every prediction is written as JSON lines.

    Returns:
        Plain JSON values. ``notes`` says in words what a reader of the figures must know. Without labels there are no figures:
        ``subsets`` and ``explanation`` are empty.

    Raises:
        InputError: the data set cannot be read, holds no readable case, or has a label that the model does not know.
    """
    started = time.perf_counter()
    spec = pipeline.spec
    rows = read_dataset(data, spec)
    everything: list[Predicted] = []
    with predictions.open("w", encoding="utf-8") if predictions else nullcontext() as file:
        for item in predict_rows(pipeline, rows, seen_in_training(pipeline.folder), progress):
            if file:
                write_predictions(item, spec.label_ids, file)
            everything.append(item)
    read = [item for item in everything if not item.error]
    if not read:
        raise InputError(f"no row of {spec.data.table} can be read; the first: {everything[0].error}")
    labelled = [item for item in read if item.row.label]
    explanation, cut = _explanation(pipeline, labelled, limit, seed, started, progress)
    return jsonable(
        {
            "model": spec.name,
            "version": pipeline.version,
            "n": len(read),
            "subjects": len(set(_subjects(read))),
            "fusion": spec.fusion.get("name"),
            "seen_in_training": None if read[0].seen is None else sum(bool(item.seen) for item in read),
            "subsets": _subset_figures(pipeline, labelled, seed, progress),
            "explanation": explanation,
            "notes": _notes(everything, spec.data.subject, cut),
            "seconds": time.perf_counter() - started,
        }
    )


def _subjects(items: Sequence[Predicted]) -> np.ndarray:
    """(N,) whose case each is."""
    return np.array([item.row.subject for item in items])


def _subset_figures(pipeline: Pipeline, labelled: Sequence[Predicted], seed: int, progress: Progress) -> dict[str, Any]:
    """Figures of every non-empty subset that some case has, the largest first."""
    spec, figures = pipeline.spec, {}
    names = [subset_name(subset) for subset in reversed(all_subsets(spec.modalities)) if subset]
    for done, name in enumerate(names, start=1):
        chosen = [item for item in labelled if name in item.subsets]
        if chosen:
            answers = [item.subsets[name] for item in chosen]
            figures[name] = summarise(
                truth=np.array([spec.label_ids.index(str(item.row.label)) for item in chosen]),
                probabilities=np.array([answer.probabilities for answer in answers], dtype=float),
                sets=[answer.set for answer in answers],
                abstain=np.array([answer.abstain for answer in answers]),
                subjects=_subjects(chosen),
                label_ids=spec.label_ids,
                groups=spec.groups,
                calibration_n=pipeline.calibration_n(name),
                seed=seed,
            )
        progress("figures", done, len(names))
    return figures


def _explanation(
    pipeline: Pipeline, labelled: Sequence[Predicted], limit: int | None, seed: int, started: float, progress: Progress
) -> tuple[Mapping[str, Any], bool]:
    """Faithfulness by modality, and whether it was cut short by time.

    Cases are taken in the order of their digests: as good as random, and the same however the rows are sorted.
    """
    chosen = sorted(labelled, key=lambda item: (item.digest, item.row.id))[: EXPLAINED_CASES if limit is None else limit]
    found: dict[str, list[tuple[Predicted, Areas]]] = {}
    measured = 0
    for item in chosen:
        if time.perf_counter() - started > EXPLAINED_UNTIL_S:
            break
        for modality, pieces in pipeline.faithfulness(item.row.load()).items():
            if len(pieces.scores):
                found.setdefault(modality, []).append((item, areas(pieces, seed=[seed, int(item.digest[:8], 16)])))
        measured += 1
        progress("explain", measured, len(chosen))
    ordered = [modality for modality in pipeline.spec.modalities if modality in found]
    figures = {
        modality: summarise_areas([area for _, area in found[modality]], _subjects([item for item, _ in found[modality]]), seed=seed)
        for modality in ordered
    }
    return figures, measured < len(chosen)


def _notes(everything: Sequence[Predicted], subject: str, cut: bool) -> list[str]:
    failed = [item for item in everything if item.error]
    read = [item for item in everything if not item.error]
    seen, unlabelled = sum(bool(item.seen) for item in read), sum(not item.row.label for item in read)
    notes = []
    if read[0].seen is None:
        notes.append("the model folder keeps no hashes of its training data: whether these figures are a test cannot be told")
    if seen:
        notes.append(f"{seen} of {len(read)} rows were in training: these figures are no test")
    if failed:
        notes.append(f"{len(failed)} of {len(everything)} rows cannot be read and are left out; the first: {failed[0].error}")
    if unlabelled:
        notes.append(f"{unlabelled} of {len(read)} rows have no label: they are predicted and are in no figure")
    if subject not in read[0].row.columns:
        notes.append(f"there is no column {subject!r}: each row counts as a subject of its own, and intervals may be too narrow")
    if cut:
        notes.append(f"the explanation was measured on fewer cases than asked: {EXPLAINED_UNTIL_S:.0f} s were over")
    return notes
