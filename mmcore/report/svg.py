"""Bars and waterfalls as inline SVG: a report stays small and needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mmcore.figures.palette import FAINT, FOR, RESULT, signed
from mmcore.wording import percent, points

WIDTH = 640
LABEL = 220
ROW = 26
ROOM = 70  # for the number at a bar's end


def bars(rows: Sequence[tuple[str, float, bool]], label: str) -> str:
    """Probabilities as bars from zero: (name, probability, filled or faint)."""
    span = WIDTH - LABEL - ROOM
    parts = []
    for i, (name, value, filled) in enumerate(rows):
        length = max(1.0, span * value)
        parts.append(_row(i, name, LABEL, length, FOR if filled else FAINT, percent(value)))
    return _frame("".join(parts), len(rows), label)


def waterfall(rows: Sequence[tuple[str, float, float]], label: str) -> str:
    """Steps (name, from, to): the first and last start at zero, the others to the right for and to the left against."""
    low = min(0.0, *(min(a, b) for _, a, b in rows))
    high = max(max(a, b) for _, a, b in rows)
    scale = (WIDTH - LABEL - ROOM) / max(high - low, 1e-9)
    parts = []
    for i, (name, start, end) in enumerate(rows):
        whole = i in (0, len(rows) - 1)
        left = LABEL + (min(start, end) - low) * scale
        text = percent(end) if whole else points(end - start)
        parts.append(_row(i, name, left, max(1.0, abs(end - start) * scale), RESULT if whole else signed(end - start), text))
    return _frame("".join(parts), len(rows), label)


def pushes(rows: Sequence[tuple[str, float]], label: str) -> str:
    """Signed scores around a middle line: (name, score)."""
    middle = LABEL + (WIDTH - LABEL) / 2
    limit = max([0.02, *(abs(score) for _, score in rows)])
    scale = ((WIDTH - LABEL) / 2 - ROOM) / limit
    parts = [f'<line x1="{middle}" x2="{middle}" y1="0" y2="{ROW * len(rows)}" stroke="{RESULT}" stroke-width="1"/>']
    for i, (name, score) in enumerate(rows):
        length = max(1.0, abs(score) * scale)
        left = middle if score >= 0 else middle - length
        parts.append(_row(i, name, left, length, signed(score), points(score), at=middle + max(0.0, score) * scale))
    return _frame("".join(parts), len(rows), label)


def _row(i: int, name: str, left: float, length: float, colour: str, text: str, at: float | None = None) -> str:
    y = ROW * i
    end = (left + length if at is None else at) + 6
    return (
        f'<text x="{LABEL - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{left:.1f}" y="{y + 5}" width="{length:.1f}" height="{ROW - 10}" rx="2" fill="{colour}"/>'
        f'<text x="{end:.1f}" y="{y + 17}">{escape(text)}</text>'
    )


def _frame(body: str, rows: int, label: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {ROW * rows}" role="img" aria-label="{escape(label, quote=True)}" xmlns="http://www.w3.org/2000/svg">{body}</svg>'
