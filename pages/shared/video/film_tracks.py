"""What was found of a film as tracks of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mmcore.domains.video.event_document import TITLES, tracks
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.understanding import Understanding
from pages.shared.video.timeline import COLOURS, Span, Track

LEAST_SEEN = 0.3
NAMES = {"other": "none of the ten"}


def of(model: EventModel, found: Understanding) -> list[Track]:
    """Events, what they rest on over time, shots, seen, heard, said, written."""
    document, half = tracks(model, found), found.every_s / 2
    events = tuple(
        Span(e.start_s, e.end_s, e.label, COLOURS["event"], 0.25 + 0.6 * e.probability, f"{e.label}, {100 * e.probability:.0f} %")
        for e in found.events
    )
    shots = tuple(
        Span(s["start_s"], s["end_s"], f"{i + 1}", COLOURS["shot"], 0.3 + 0.25 * (i % 2), f"shot {i + 1}")
        for i, s in enumerate(document["shots"])
    )
    seen = [
        (row["time_s"], row["kinds"][0]["name"] if row["kinds"][0]["probability"] >= LEAST_SEEN else "", row["kinds"][0]["probability"])
        for row in document["seen"]
    ]
    heard = [(row["time_s"], kind_name(row["kind"]), row["probability"] or 0.05) for row in document["heard"]]
    said = tuple(Span(s["start_s"], s["end_s"], s["text"], COLOURS["speech"], 0.35, s["text"]) for s in document["said"])
    out = [Track("Events", events), Track("Weight", areas=_weights(found))]
    if found.pictures is not None:
        out += [Track("Shots", shots), Track("Seen", _runs(seen, half, COLOURS["visual"]))]
    if found.sounds is not None:
        out += [Track("Heard", _runs(heard, half, COLOURS["audio"]))]
    out += [Track("Said", said)] if said else []
    return out + ([Track("Written", _written(found))] if found.written else [])


def _written(found: Understanding) -> tuple[Span, ...]:
    """Lines that are on the screen together share a block."""
    edges = sorted({edge for line in found.written for edge in (line.start_s, line.end_s)})
    blocks = []
    for start, end in pairwise(edges):
        text = " / ".join(line.text for line in found.written if line.start_s <= start and line.end_s >= end)
        if text:
            blocks.append(Span(start, end, text, COLOURS["text"], 0.35, text))
    return tuple(blocks)


def kind_name(kind: str) -> str:
    """A kind of sound as people say it."""
    return NAMES.get(kind, kind.replace("_", " "))


def _runs(rows: Sequence[tuple[float, str, float]], half: float, colour: str) -> tuple[Span, ...]:
    """Neighbours with the same name as one block; those without a name are left out."""
    out: list[list] = []
    for time_s, name, strength in rows:
        if out and out[-1][2] == name and time_s - half - out[-1][1] < half:
            out[-1][1] = time_s + half
            out[-1][3].append(strength)
        else:
            out.append([time_s - half, time_s + half, name, [strength]])
    spans = [(max(0.0, a), b, name, float(np.mean(s))) for a, b, name, s in out if name]
    return tuple(Span(a, b, name, colour, 0.15 + 0.5 * s, f"{name}, {100 * s:.0f} %") for a, b, name, s in spans)


def _weights(found: Understanding) -> tuple[dict, ...]:
    """How much each modality counts at each moment, stacked."""
    names = list(found.evidence.weights)
    stacked = np.cumsum([found.evidence.weights[name] for name in names], axis=0)
    most = max(1e-6, float(stacked[-1].max()))
    lower = np.concatenate([np.zeros((1, stacked.shape[1])), stacked[:-1]])
    times = [round(float(t), 2) for t in found.moments]
    return tuple(
        {
            "name": TITLES[name], "colour": COLOURS[name], "times": times,
            "lower": (low / most).round(3).tolist(), "upper": (up / most).round(3).tolist(),
        }
        for name, low, up in zip(names, lower, stacked, strict=True)
    )
