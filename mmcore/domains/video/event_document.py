"""What was understood of a film as the contract's Result, and as files to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from mmcore.domains.video.event_model import MODALITIES, EventModel
from mmcore.domains.video.event_spans import Event, event_at
from mmcore.domains.video.film_clock import span
from mmcore.domains.video.sound_head import OTHER
from mmcore.domains.video.understanding import Understanding
from mmcore.domains.video.written import Written
from mmcore.encoders.transcript import Said
from mmcore.errors import ConfigError
from mmcore.explain.shapley import interaction
from mmcore.wording import adds, listing, percent

TITLES = {"visual": "sight", "audio": "sound", "speech": "speech", "text": "words on the screen"}
KINDS_SHOWN = 3
EVIDENCE = 40
LEAST_SCORE = 0.0005
"""Evidence that is worth less is none: it would be told as 0 points."""


def document(model: EventModel, found: Understanding, *, target: str | None = None) -> dict[str, Any]:
    """The contract's document: predictions over the label set for the film as a whole, its events and its tracks.

    Nothing is calibrated over typed words, so no level and no set is claimed: ``confidence.level`` is None and the set empty.

    Args:
        target: the label to explain; the most probable by default. It is explained over its longest event, or the whole film.
    """
    p = found.evidence.fused.mean(axis=0)
    order = np.argsort(-p, kind="stable")
    if target is not None and target not in found.labels:
        raise ConfigError(f"label {target!r} was not looked for", f"Labels: {', '.join(found.labels)}")
    chosen = target or (max(found.events, key=lambda e: e.end_s - e.start_s).label if found.events else found.labels[int(order[0])])
    spec = model.spec
    reasons = [] if found.events else ["at no moment was one label sure enough to be named"]
    warnings = {name: list(dict.fromkeys(found.noticed.get(name, ()))) for name in MODALITIES}
    warnings["text"] += [found.unread] * bool(found.unread)
    return {
        "model": spec.name, "version": model.version, "case": found.media.sha256, "grade": spec.grade, "notice": spec.notice,
        "licence": spec.licence, "inputs": {n: {"present": n in found.present, "warnings": warnings[n]} for n in MODALITIES},
        "predictions": [{"label": found.labels[i], "name": found.labels[i], "probability": float(p[i])} for i in order],
        "confidence": {
            "level": None, "set": [], "abstain": bool(reasons), "reasons": reasons, "subset": "+".join(found.present),
            "calibration_n": 0,
        },
        "events": [
            {"label": e.label, "start_s": round(e.start_s, 3), "end_s": round(e.end_s, 3), "probability": e.probability,
             "shares": dict(e.shares), "alone": dict(e.alone)} for e in found.events
        ],
        "tracks": tracks(model, found), "explanation": _explanation(found, chosen), "seconds": found.seconds,
        "timings_ms": dict(found.timings_ms),
    }  # fmt: skip


def tracks(model: EventModel, found: Understanding) -> dict[str, Any]:
    """Shots, what is seen and heard moment by moment, what is said and written, with times in seconds; boxes as shares of the picture."""
    names, kinds = model.kinds_of_picture, model.head.kinds
    seen, heard = [], []
    for i, moment in enumerate(found.moments):
        if found.pictures is not None and not np.isnan(found.pictures[i, 0]):
            top = np.argsort(-found.pictures[i])[:KINDS_SHOWN]
            seen.append({
                "time_s": round(float(moment), 3), "faces": int(found.faces[i]), "motion": round(float(found.motion[i]), 4),
                "kinds": [{"name": names[k], "probability": round(float(found.pictures[i, k]), 4)} for k in top],
            })  # fmt: skip
        if found.sounds is not None:
            silence = bool(np.isnan(found.sounds[i, 0]))
            best = None if silence else int(found.sounds[i].argmax())
            spoken = any(part.start_s - 0.5 <= moment <= part.end_s + 0.5 for part in found.said)
            kind = "silence" if best is None else "speech" if spoken and kinds[best] == OTHER else kinds[best]
            heard.append({
                "time_s": round(float(moment), 3), "kind": kind,
                "probability": None if best is None else round(float(found.sounds[i, best]), 4),
            })  # fmt: skip
    return {
        "no_pictures": [{"start_s": round(a, 3), "end_s": round(b, 3)} for a, b in found.missing],
        "shots": [{"start_s": round(s.start_s, 3), "end_s": round(s.end_s, 3)} for s in found.shots],
        "seen": seen, "heard": heard, "said": [_said(part) for part in found.said], "written": [_written(line) for line in found.written],
    }  # fmt: skip


def _said(part: Said) -> dict[str, Any]:
    words = [{"word": w.text, "start_s": w.start_s, "end_s": w.end_s, "probability": round(w.probability, 3)} for w in part.words]
    return {"start_s": part.start_s, "end_s": part.end_s, "text": part.text, "words": words}


def _written(line: Written) -> dict[str, Any]:
    box = [round(edge, 4) for edge in line.box]
    start, end = round(line.start_s, 3), round(line.end_s, 3)
    return {"start_s": start, "end_s": end, "text": line.text, "box": box, "probability": round(line.score, 3)}


def _explanation(found: Understanding, label: str) -> dict[str, Any]:
    at = found.labels.index(label)
    own = [e for e in found.events if e.label == label]
    event = max(own, key=lambda e: e.end_s - e.start_s, default=None)
    rows = np.arange(len(found.moments))
    if event is not None:
        rows = np.flatnonzero((found.moments >= event.start_s) & (found.moments <= event.end_s))
    event = event_at(found.labels, found.evidence, found.moments, found.every_s, found.seconds, rows, at)
    names = tuple(event.shares)
    pieces: list[tuple[float, str, list[float]]] = []
    for name in names:
        without = found.evidence.subset([n for n in found.evidence.probabilities if n != name])
        for row in rows:
            if found.evidence.weights[name][row] > 0:
                moment, half = float(found.moments[row]), found.every_s / 2
                lost = float(found.evidence.fused[row, at] - without[row, at]) / len(rows)
                pieces.append((lost, name, [round(max(0.0, moment - half), 3), round(min(found.seconds, moment + half), 3)]))
    pieces = [piece for piece in pieces if abs(piece[0]) >= LEAST_SCORE]
    strongest = sorted(pieces, key=lambda piece: -abs(piece[0]))[:EVIDENCE]
    evidence = [{"modality": name, "where": {"time": span}, "score": lost} for lost, name, span in strongest]
    return {
        "target": label, "values": dict(event.values), "base": event.values[""], "shares": dict(event.shares),
        "interaction": interaction(event.values, names), "evidence": evidence, "span": [event.start_s, event.end_s],
        "reasoning": reasoning(event, found.seconds),
    }  # fmt: skip


def reasoning(event: Event, film_s: float) -> list[str]:
    """An event of a film of ``film_s`` seconds in sentences, each backed by one of its numbers; pts are percentage points."""
    out = [f"From {span(event.start_s, event.end_s, film_s)}: {event.label}, {percent(event.probability)}."]
    parts = [adds(TITLES[name], share, name == "text") for name, share in event.shares.items() if round(100 * share)]
    if parts:
        out.append(f"If every label were as likely it would be {percent(event.values[''])}; {listing(parts)}.")
    agreeing = [TITLES[n] for n in event.agreeing]
    if len(agreeing) > 1:
        out.append(f"{' and '.join(agreeing).capitalize()} agree.")
    out += [f"{TITLES[n].capitalize()} alone would say: {event.alone[n]}." for n in event.contradicted]
    return out + [_unsure(n, event.shares.get(n, 0.0)) for n in event.without_opinion]


def webvtt(said: Sequence[Said]) -> str:
    """Subtitles as WebVTT."""
    lines = ["WEBVTT", ""]
    for times, text in _cues(said):
        lines += [times, text.replace("&", "&amp;").replace("<", "&lt;"), ""]
    return "\n".join(lines)


def subrip(said: Sequence[Said]) -> str:
    """The same subtitles as SubRip (.srt)."""
    lines = []
    for number, (times, text) in enumerate(_cues(said), 1):
        lines += [f"{number}", times.replace(".", ","), text, ""]
    return "\n".join(lines)


def _cues(said: Sequence[Said]) -> list[tuple[str, str]]:
    """From and to, and the line; shown for at least 0.2 s."""
    ends = [max(part.end_s, part.start_s + 0.2) for part in said]
    return [(f"{_clock(p.start_s)} --> {_clock(end)}", p.text.replace("-->", "→")) for p, end in zip(said, ends, strict=True)]


def events_csv(found: Understanding) -> str:
    """One row an event."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["label", "start_s", "end_s", "probability", *(f"share_{name}" for name in MODALITIES)])
    for e in found.events:
        label = "'" + e.label if e.label[:1] in "=+-@\t\r" else e.label  # no spreadsheet takes it for a formula
        shares = [f"{e.shares[name]:.4f}" if name in e.shares else "" for name in MODALITIES]
        writer.writerow([label, f"{e.start_s:.3f}", f"{e.end_s:.3f}", f"{e.probability:.4f}", *shares])
    return out.getvalue()


def _clock(seconds: float) -> str:
    whole, ms = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{ms:03d}"


def _unsure(name: str, share: float) -> str:
    """That a modality alone would name nothing, though beside the others it may count."""
    verb, counts = ("are", "they count") if name == "text" else ("is", "it counts")
    beside = f"; {counts} only beside the rest" if round(100 * share) else ""
    return f"{TITLES[name].capitalize()} alone {verb} sure of no label{beside}."
