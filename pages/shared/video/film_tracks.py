"""What was found of a film as tracks of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mmcore.domains.video.event_document import TITLES, tracks
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.film_faithful import EventPieces
from mmcore.domains.video.together import shares_over_time
from mmcore.domains.video.understanding import Understanding
from mmcore.figures.palette import AGAINST, FILM, FOR
from mmcore.report.picture import png_uri
from mmcore.wording import percent, points
from pages.shared import colour_key
from pages.shared.video.timeline import Span, Track

LEAST_SEEN, LEAST_SCORE = 0.3, 0.005
MOST_POINTS = 600
STILL, MOVING = 0.01, 0.05
"""Mean change of colours from look to look, 0 to 1: below, a shot hardly moves; above, it moves much."""
NO_PICTURES = "no new picture"
NAMES = {"other": "no known kind"}


def of(model: EventModel, found: Understanding, event: Event | None = None) -> list[Track]:
    """Events, what each modality adds over time, shots, seen, heard with its spectrogram, said, written.

    Args:
        event: the one to look closer at: the seconds of sound that count for it are framed.
    """
    document, half = tracks(model, found), found.every_s / 2
    events = tuple(
        Span(e.start_s, e.end_s, e.label, FILM["event"], 0.25 + 0.6 * e.probability, f"{e.label}, {percent(e.probability)}")
        for e in found.events
    )
    shots = tuple(
        Span(s["start_s"], s["end_s"], f"{i + 1}", FILM["shot"], 0.3 + 0.25 * (i % 2), _shot(found, i, s["start_s"], s["end_s"]))
        for i, s in enumerate(document["shots"])
    )
    shots += tuple(Span(a, b, NO_PICTURES, FILM["shot"], 1.0, f"{NO_PICTURES}: the one before is taken to stay") for a, b in found.missing)
    seen = [
        (row["time_s"], row["kinds"][0]["name"] if row["kinds"][0]["probability"] >= LEAST_SEEN else "", row["kinds"][0]["probability"])
        for row in document["seen"]
    ]
    heard = [(row["time_s"], kind_name(row["kind"]), row["probability"]) for row in document["heard"]]
    said = tuple(Span(s["start_s"], s["end_s"], s["text"], FILM["speech"], 0.35, s["text"]) for s in document["said"])
    out = [Track("Events", events, follows=True), Track("Shares", areas=_shares(found), high=64)]
    if found.pictures is not None:
        out += [Track("Shots", shots), Track("Seen", _runs(seen, half, found.seconds, FILM["visual"]))]
    if found.sounds is not None:
        out += [Track("Heard", _runs(heard, half, found.seconds, FILM["audio"]))]
    if found.spectrogram is not None:
        out += [Track("Sound", _counting(found, event), image=_picture(found.spectrogram), high=56)]
    out += [Track("Said", said, follows=True)] if said else []
    return out + ([Track("Written", _written(found), follows=True)] if found.written else [])


def legend(found: Understanding) -> str:
    """What the colours of the track Shares are."""
    return colour_key.line(((FILM[name], TITLES[name]) for name in found.evidence.probabilities), before="Shares:")


def _shot(found: Understanding, number: int, start_s: float, end_s: float) -> str:
    """A shot in words: the most faces seen at once, and how much moves."""
    rows = (found.moments >= start_s) & (found.moments < end_s)
    if not rows.any():
        return f"shot {number + 1}"
    faces, motion = int(found.faces[rows].max()), float(found.motion[rows].mean())
    seen = "no face" if not faces else "1 face" if faces == 1 else f"up to {faces} faces"
    moves = "hardly moves" if motion < STILL else "moves" if motion < MOVING else "moves much"
    return f"shot {number + 1}, {seen}, {moves}"


def _counting(found: Understanding, event: Event | None) -> tuple[Span, ...]:
    """The moments at which the sound speaks for the event, or against it."""
    if event is None:
        return ()
    pieces, half = EventPieces(found, event), found.every_s / 2
    own = [(float(found.moments[row]), score) for (name, row), score in zip(pieces.pieces, pieces.scores, strict=True) if name == "audio"]
    most = max((abs(score) for _, score in own), default=0.0)
    return tuple(
        Span(
            max(0.0, at - half), min(found.seconds, at + half), "", FOR if score > 0 else AGAINST, 0.15 + 0.35 * abs(score) / most,
            f"{points(score)} for {event.label}",
        )
        for at, score in own if abs(score) >= max(LEAST_SCORE, most / 4)
    )  # fmt: skip


def _picture(spectrogram: np.ndarray) -> str:
    """High pitches on top; one colour on a clear ground, for both themes."""
    level = spectrogram[::-1]
    pixels = np.zeros((*level.shape, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = tuple(bytes.fromhex(FILM["audio"][1:])), level
    return png_uri(pixels)


def _written(found: Understanding) -> tuple[Span, ...]:
    """Lines that are on the screen together share a block."""
    edges = sorted({edge for line in found.written for edge in (line.start_s, line.end_s)})
    blocks = []
    for start, end in pairwise(edges):
        text = " / ".join(line.text for line in found.written if line.start_s <= start and line.end_s >= end)
        if text:
            blocks.append(Span(start, end, text, FILM["text"], 0.35, text))
    return tuple(blocks)


def kind_name(kind: str) -> str:
    """A kind of sound as people say it."""
    return NAMES.get(kind, kind.replace("_", " "))


def _runs(rows: Sequence[tuple[float, str, float | None]], half: float, film_s: float, colour: str) -> tuple[Span, ...]:
    """Neighbours with the same name as one block; those without a name are left out."""
    out: list[list] = []
    for time_s, name, strength in rows:
        if out and out[-1][2] == name and time_s - half - out[-1][1] < half:
            out[-1][1] = time_s + half
            out[-1][3].append(strength)
        else:
            out.append([time_s - half, time_s + half, name, [strength]])
    named = [(max(0.0, a), min(b, film_s), name, strengths) for a, b, name, strengths in out if name]
    return tuple(_run(a, b, name, colour, [s for s in strengths if s is not None]) for a, b, name, strengths in named)


def _run(start: float, end: float, name: str, colour: str, strengths: list[float]) -> Span:
    """A block that says its mean probability; silence has none, and is pale."""
    if not strengths:
        return Span(start, end, name, colour, 0.15)
    mean = float(np.mean(strengths))
    return Span(start, end, name, colour, 0.15 + 0.5 * mean, f"{name}, {percent(mean)}")


def _shares(found: Understanding) -> tuple[dict, ...]:
    """What each modality adds to the label that is first at each moment, above an even share, stacked; what takes away is left out."""
    shares = {name: np.maximum(values, 0) for name, values in shares_over_time(found.evidence).items()}
    low, out = np.zeros(len(found.moments)), []
    rows = np.arange(0, len(found.moments), max(1, len(found.moments) // MOST_POINTS))
    times = [round(float(t), 2) for t in found.moments[rows]]
    if len(rows) == 1:  # one moment stands for the whole film
        rows, times = np.repeat(rows, 2), [0.0, found.seconds]
    for name, values in shares.items():
        high = np.minimum(1.0, low + values)
        out.append({
            "name": TITLES[name], "colour": FILM[name], "times": times,
            "lower": low[rows].round(3).tolist(), "upper": high[rows].round(3).tolist(),
        })  # fmt: skip
        low = high
    return tuple(out)
