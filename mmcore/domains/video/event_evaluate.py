"""`video_events` on labelled clips. The candidates are the names in the file; nothing is trained or tuned on them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmcore import model_folder
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.slot_data import read_recordings
from mmcore.domains.video.sound_head import heard
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval
from mmcore.readers.footage import frames
from mmcore.readers.media import MediaFile, read_media
from mmcore.readers.sound import read_sound

Step = Callable[[str, int, int], None]
WAYS = ("visual", "audio", "fused")
PICTURES = 8
LABEL = "label"
SIDE = 320


def evaluate(model: EventModel, folder: Path, *, predictions: Path | None, step: Step) -> dict[str, Any]:
    """The contract's document. Rows without a label are skipped; without any labels the model's own label set is predicted."""
    started = time.perf_counter()
    recordings = read_recordings(folder)
    truth = [_names(r.columns.get(LABEL, "")) for r in recordings]
    labels = sorted({name for names in truth for name in names}) or list(model.settings.labels)
    vectors = model.label_vectors(labels)
    seen = set(model_folder.read_json(model.folder, model_folder.HASHES).get("hashes", []))
    notes, lines = [], []
    ranks: dict[str, list[int]] = {way: [] for way in WAYS}
    n = trained_on = 0
    labelled = any(truth)
    for number, (recording, names) in enumerate(zip(recordings, truth, strict=True)):
        if labelled and not names:
            continue
        try:
            media = read_media(recording.path)
            answers = _answers(model, media, vectors)
        except InputError as error:
            notes.append(f"{recording.id}: {error}")
            continue
        n += 1
        trained_on += media.sha256 in seen
        for way, p in answers.items():
            order = np.argsort(-p, kind="stable")
            top = [labels[i] for i in order[:3]]
            probabilities = {labels[i]: round(float(p[i]), 6) for i in order}
            lines.append(json.dumps({"case": recording.id, "subset": way, "top3": top, "probabilities": probabilities}))
            if names:
                ranks[way].append(next(i for i, at in enumerate(order) if labels[at] in names))
        step("evaluate", number + 1, len(recordings))
    if not n:
        raise InputError("not one clip can be read", notes[0] if notes else "Give films or sounds")
    if predictions is not None:
        predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if trained_on:
        notes.append(f"{trained_on} clips were in training: these figures are no test")
    document: dict[str, Any] = {
        "model": model.spec.name, "version": model.version, "n": n, "labels": len(labels), "seen_in_training": trained_on,
    }  # fmt: skip
    for name, within in (("top1", 1), ("top3", 3)):
        right = {way: (np.array(rows) < within).astype(float) for way, rows in ranks.items() if rows}
        document[name] = {way: float(hit.mean()) for way, hit in right.items()}
        document[f"{name}_ci"] = {way: list(interval(_mean, np.arange(len(hit)), hit)) for way, hit in right.items()}
    document |= {"clips": {way: len(rows) for way, rows in ranks.items() if rows}, "notes": notes}
    return {**document, "seconds": round(time.perf_counter() - started, 1)}


def _names(cell: str) -> set[str]:
    """Any of several names joined by ";" is right."""
    return {name.strip() for name in cell.split(";") if name.strip()}


def _answers(model: EventModel, media: MediaFile, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Way -> (L,) probabilities; a way whose input is missing is left out."""
    sound = read_sound(media)
    kinds = heard(model.hearing, model.head, sound.samples) if sound is not None else None
    shown = model.sight.probabilities(sampled(media, PICTURES)).mean(axis=0) if media.picture else None
    evidence = model.evidence(labels, shown[None] if shown is not None else None, kinds[None] if kinds is not None else None)
    out = {name: evidence.probabilities[name][0] for name in ("visual", "audio") if name in evidence.probabilities}
    if sound is not None and kinds is None:
        out["audio"] = np.full(len(labels), 1 / len(labels))  # silence says nothing
    if media.picture:
        out["fused"] = evidence.fused[0]
    return out


def sampled(media: MediaFile, count: int) -> Sequence[np.ndarray]:
    """``count`` pictures spread evenly over the film, fewer where it has fewer."""
    wanted = (np.arange(count) + 0.5) / count * media.seconds
    found: list[np.ndarray] = []
    last = None
    for frame in frames(media, side=SIDE):
        while len(found) < count and frame.time_s >= wanted[len(found)]:
            found.append(frame.pixels)
        if len(found) == count:
            break
        last = frame.pixels
    return found if found or last is None else [last]


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))
