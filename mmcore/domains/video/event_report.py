"""A film as a page: events with key frames and reasons, shares over time, what is said and written. No script, no request."""

from __future__ import annotations

from html import escape

import numpy as np

from mmcore.domains.video.event_document import TITLES, reasoning
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.film_clock import at, span
from mmcore.domains.video.together import shares_over_time
from mmcore.domains.video.understanding import Understanding
from mmcore.figures.palette import FILM
from mmcore.report.html import STYLE
from mmcore.report.picture import jpeg_uri
from mmcore.wording import percent

EVENTS, LINES, KEYS = 60, 400, 40
WIDE, HIGH, SIDE = 1000, 120, 320
POINTS = "pts are percentage points: from 50 % to 61 % is +11 pts."
OWN = """
.event{display:grid;grid-template-columns:minmax(0,12rem) 1fr;gap:1rem;margin:1rem 0;align-items:start}
.keys{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.7rem}
.dot{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin:0 .3em 0 1em}
svg.wide{max-width:none}
@media(max-width:600px){.event{grid-template-columns:1fr}}
"""


def render(model: EventModel, found: Understanding, title: str, generated: bool | None = None, created: str = "") -> str:
    """The whole page. Everything that came from a user or a file is escaped."""
    spec = model.spec
    tag = ' <span class="tag">generated</span>' if generated else ""
    when = f"{at(found.seconds, found.seconds)}{f' · {escape(created)}' if created else ''}"
    parts = [
        f'<header><h1>{escape(title)}{tag}</h1><div class="soft">{escape(spec.title)} · {when}</div></header>',
        f'<p class="soft">{escape(spec.notice[:1].upper() + spec.notice[1:])}.<br>Evidence grade: {escape(spec.grade)}.</p>',
        *(f'<div class="banner">{escape(warning[:1].upper() + warning[1:])}.</div>' for warning in _warnings(found)),
        f'<h2>What happens</h2><p class="soft">{POINTS}</p>',
        *([_event(found, event) for event in found.events[:EVENTS]] or ["<p><b>Not sure.</b> At no moment was one label sure enough.</p>"]),
        _shares(found),
        _keys(found),
        _lines("What is said", [(part.start_s, part.end_s, part.text) for part in found.said], found.seconds),
        _lines("What is written on the screen", [(line.start_s, line.end_s, line.text) for line in found.written], found.seconds),
        f"<h2>What was looked for</h2><p>{escape(', '.join(found.labels))}</p>",
        f"<footer>{escape(spec.licence)}<br>Model <code>{escape(model.version)}</code>, file <code>{found.media.sha256}</code></footer>",
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>{escape(title)}: {escape(spec.title)}</title><style>{STYLE}{OWN}</style>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _warnings(found: Understanding) -> list[str]:
    return [*found.warnings, *([found.unread] if found.unread else [])]


def _event(found: Understanding, event: Event) -> str:
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in reasoning(event, found.seconds))
    when = span(event.start_s, event.end_s, found.seconds)
    return (
        f'<section class="event"><figure>{_key(found, event.start_s)}<figcaption>{when}</figcaption></figure>'
        f"<div><b>{escape(event.label)}</b>, {percent(event.probability)}<ul>{sentences}</ul></div></section>"
    )


def _key(found: Understanding, time_s: float) -> str:
    if not found.keys:
        return ""
    key = max((t for t in found.keys if t <= time_s + found.every_s), default=min(found.keys))
    return f'<img src="{jpeg_uri(found.keys[key], SIDE)}" alt="Key frame at {at(key, found.seconds)}">'


def _keys(found: Understanding) -> str:
    shots = [shot for shot in found.shots if shot.start_s in found.keys][:KEYS]
    if not shots:
        return ""
    figures = [
        f"<figure>{_key(found, s.start_s)}<figcaption>{span(s.start_s, s.end_s, found.seconds)}</figcaption></figure>" for s in shots
    ]
    return f'<h2>Key frames</h2><div class="keys">{"".join(figures)}</div>'


def _lines(title: str, rows: list[tuple[float, float, str]], film_s: float) -> str:
    if not rows:
        return ""
    cells = "".join(f"<tr><td>{span(a, b, film_s)}</td><td>{escape(text)}</td></tr>" for a, b, text in rows[:LINES])
    return f"<h2>{title}</h2><table>{cells}</table>"


def _shares(found: Understanding) -> str:
    """What each modality adds to the first label at each moment, stacked."""
    shares = {name: np.maximum(values, 0) for name, values in shares_over_time(found.evidence).items()}
    low, areas = np.zeros(len(found.moments)), []
    x = found.moments / max(found.seconds, 1e-6) * WIDE
    for name, values in shares.items():
        high = low + values
        points = [f"{a:.1f},{HIGH * (1 - b):.1f}" for a, b in zip(x, high, strict=True)]
        points += [f"{a:.1f},{HIGH * (1 - b):.1f}" for a, b in zip(x[::-1], low[::-1], strict=True)]
        areas.append(f'<polygon points="{" ".join(points)}" fill="{FILM[name]}" fill-opacity=".8"/>')
        low = high
    legend = "".join(f'<span class="dot" style="background:{FILM[name]}"></span>{escape(TITLES[name])}' for name in shares)
    return (
        f"<h2>What each adds over time</h2><p><small>To the label that is first at each moment, above an even share.</small>{legend}</p>"
        f'<svg class="wide" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="Shares over time" preserveAspectRatio="none">'
        f'<rect width="{WIDE}" height="{HIGH}" fill="none" stroke="#8888"/>{"".join(areas)}</svg>'
    )
