"""How well words on the screen are read: generated lines of known text over pictures of real clips, and as captions in films."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from mmcore.domains.video.captions import FAINT, FAINTEST, LANGUAGES, ON_A_BOX, OUTLINED, PLAIN, Box, draw
from mmcore.domains.video.looking import KEY_SIDE, LOOK_S
from mmcore.domains.video.slot_data import read_recordings
from mmcore.domains.video.written import ScreenReader, Written
from mmcore.encoders.words_in_pictures import WrittenLine, read_words
from mmcore.evaluation.bootstrap import interval
from mmcore.readers.footage import frames
from mmcore.readers.media import read_media

Step = Callable[[str, int, int], None]
WRITTEN = "written.json"
"""Where a model folder keeps what `measure_written` found."""
SIZE, LINES, PICTURES = (854, 480), 2, 18
CAPITALS, USUAL = (4, 5, 6, 8, 12, 22, 32), 22
"""Heights of a capital letter in pixels."""
FILMS, CAPTIONS, SHOWN_S, PAUSE_S, RATE = 6, 8, (1.5, 4.0), (0.5, 2.0), 25
FOUND = 0.3
"""A caption counts as read where at most this share of its letters is wrong."""


@dataclass(frozen=True)
class _Condition:
    kind: str
    name: str
    capital: int = USUAL
    style: str = OUTLINED
    language: str = "English"


CONDITIONS = (
    *(_Condition("size", f"{capital} pixels", capital=capital) for capital in CAPITALS),
    *(_Condition("contrast", style, style=style) for style in (PLAIN, ON_A_BOX, FAINT, FAINTEST)),
    *(_Condition("language", language, language=language) for language in LANGUAGES if language != "English"),
)


def measure_written(folder: Path, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Precision and recall of words and the character error rate in each condition, lines read where none are, times of captions."""
    clips = [r.path for r in read_recordings(folder)]
    order = np.random.default_rng(seed).permutation(len(clips))
    grounds = [_picture(clips[i]) for i in order[:PICTURES]]
    total, rows = len(CONDITIONS) + FILMS, []
    for number, condition in enumerate(CONDITIONS):
        rows.append(_measured(grounds, condition, np.random.default_rng([seed, number])))
        step("conditions", number + 1, total)
    captions = []
    for number in range(FILMS):
        captions += _captions_of([clips[i] for i in np.roll(order, number * CAPTIONS)], np.random.default_rng([seed, 99, number]))
        step("conditions", len(CONDITIONS) + number + 1, total)
    read = [c for c in captions if c["error"] <= FOUND]
    return {
        "command": command, "size": list(SIZE), "pictures": len(grounds), "lines": LINES, "conditions": rows,
        "lines_without_text": sum(len(read_words(ground)) for ground in grounds),
        "films": {
            "films": FILMS, "captions": len(captions), "read": len(read) / max(1, len(captions)),
            "error": float(np.mean([c["error"] for c in captions])), "start_off_s": _spread([abs(c["start_off_s"]) for c in read]),
            "end_off_s": _spread([abs(c["end_off_s"]) for c in read]),
        },
    }  # fmt: skip


def letters_wrong(read: str, true: str) -> int:
    """Letters to change, add or leave out to make one of the other (Levenshtein 1966)."""
    before = np.arange(len(true) + 1)
    for i, letter in enumerate(read, 1):
        now = np.empty_like(before)
        now[0] = i
        changed = before[:-1] + np.array([letter != other for other in true], int)
        for j in range(1, len(true) + 1):
            now[j] = min(changed[j - 1], before[j] + 1, now[j - 1] + 1)
        before = now
    return int(before[-1])


def line_error(found: Sequence[str], true: str) -> float:
    """Share of a line's letters that are wrong in what was read nearest to it, 1 where nothing was."""
    return min([1.0, *(letters_wrong(text, true) / len(true) for text in found)])


def shared_words(found: Sequence[str], true: Sequence[str]) -> tuple[int, int, int]:
    """(right, read, true): words read exactly as they stand, capitals apart."""
    read, wanted = (Counter(" ".join(lines).casefold().split()) for lines in (found, true))
    return (read & wanted).total(), read.total(), wanted.total()


def _measured(grounds: Sequence[np.ndarray], condition: _Condition, rng: np.random.Generator) -> dict[str, Any]:
    texts, counts, errors = LANGUAGES[condition.language], [], []
    for ground in grounds:
        lines = [texts[i] for i in rng.choice(len(texts), LINES, replace=False)]
        picture, boxes = draw(ground, lines, condition.capital, condition.style, rng)
        found = read_words(picture)
        counts.append(shared_words([line.text for line in found], lines))
        errors.append(np.mean([line_error(_beside(found, box), line) for line, box in zip(lines, boxes, strict=True)]))
    right, read, true = np.array(counts).T
    groups = np.arange(len(grounds))
    return {
        "kind": condition.kind, "name": condition.name, "precision": float(right.sum() / max(1, read.sum())),
        "recall": float(right.sum() / true.sum()), "recall_ci": list(interval(_share, groups, right, true)),
        "error": float(np.mean(errors)),
    }  # fmt: skip


def _share(right: np.ndarray, true: np.ndarray) -> float:
    return float(right.sum() / true.sum())


def _beside(found: Sequence[WrittenLine], box: Box) -> list[str]:
    """What was read at the height of a line."""
    return [line.text for line in found if min(line.box[3], box[3]) - max(line.box[1], box[1]) > 0.3 * (box[3] - box[1])]


def _picture(path: Path) -> np.ndarray:
    media = read_media(path)
    return _enlarged(next(iter(frames(media, from_s=media.seconds / 2))).pixels)


def _enlarged(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.resize(pixels, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def _captions_of(clips: Sequence[Path], rng: np.random.Generator) -> list[dict[str, float]]:
    """A film of clips one after another with captions at drawn times, encoded, read: each caption's error and how far its times are off."""
    texts, at, true = LANGUAGES["English"], 0.0, []
    for i in rng.permutation(len(texts))[:CAPTIONS]:
        start = at + rng.uniform(*PAUSE_S)
        at = start + rng.uniform(*SHOWN_S)
        true.append((texts[i], start, at))
    media = read_media(_film(clips, true, at + 1.0, rng))
    reader = ScreenReader(media.seconds)
    for frame in frames(media, every_s=LOOK_S, side=KEY_SIDE):
        reader.look(frame)
    return [_nearest(reader.lines(), *caption) for caption in true]


def _nearest(lines: Sequence[Written], text: str, start: float, end: float) -> dict[str, float]:
    there = [line for line in lines if line.start_s < end and line.end_s > start]
    best = min(there, key=lambda line: letters_wrong(line.text, text), default=None)
    if best is None:
        return {"error": 1.0, "start_off_s": float("nan"), "end_off_s": float("nan")}
    return {"error": line_error([best.text], text), "start_off_s": best.start_s - start, "end_off_s": best.end_s - end}


def _film(clips: Sequence[Path], captions: Sequence[tuple[str, float, float]], seconds: float, rng: np.random.Generator) -> bytes:
    out, number = io.BytesIO(), 0
    seeds = rng.integers(1 << 30, size=len(captions))
    with av.open(out, "w", format="mp4") as film:
        picture = film.add_stream("libx264", rate=RATE, options={"crf": "26", "preset": "veryfast"})
        picture.width, picture.height, picture.pix_fmt = *SIZE, "yuv420p"
        for clip in clips:
            for frame in frames(read_media(clip), every_s=1 / RATE):
                pixels = _enlarged(frame.pixels)
                for (text, start, end), own in zip(captions, seeds, strict=True):
                    if start <= number / RATE < end:
                        pixels = draw(pixels, [text], USUAL, OUTLINED, np.random.default_rng(own))[0]
                shown = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                shown.pts, shown.time_base = number, Fraction(1, RATE)
                film.mux(picture.encode(shown))
                number += 1
                if number >= seconds * RATE:
                    break
            if number >= seconds * RATE:
                break
        film.mux(picture.encode(None))
    return out.getvalue()


def _spread(values: Sequence[float]) -> dict[str, float] | None:
    return {"median": float(np.median(values)), "p90": float(np.quantile(values, 0.9))} if values else None
