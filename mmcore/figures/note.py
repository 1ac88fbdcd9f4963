"""A text with its evidence over the words, as HTML: blue speaks for the class, amber against it, hidden words are struck."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mmcore.figures.palette import AGAINST, FOR
from mmcore.result import Explanation
from mmcore.wording import points

FLOOR = 0.01  # probability: a weaker strongest word than this is not drawn in full colour
STRONGEST = 0.55  # opacity of the strongest word's ground


def pieces(explanation: Explanation | None, modality: str) -> list[tuple[int, int, float]]:
    """(from, to, score) of a text's evidence, in the order of the text."""
    found = [e for e in explanation.evidence if e.modality == modality and "span" in e.where] if explanation else []
    return sorted((int(e.where["span"][0]), int(e.where["span"][1]), e.score) for e in found)


def draw(text: str, evidence: Sequence[tuple[int, int, float]], hidden: Sequence[tuple[int, int]] = ()) -> str:
    """The whole text; everything in it is escaped.

    Args:
        hidden: (from, to) of words that the model does not see, in order.
    """
    strongest = max([FLOOR, *(abs(score) for _, _, score in evidence)])
    out, at = [], 0
    for begin, end, score in evidence:
        start = max(begin, at)  # two spans meet where a name that both touched became one piece
        if start >= end:
            continue
        colour = FOR if score >= 0 else AGAINST
        share = STRONGEST * abs(score) / strongest
        ground = f"background:color-mix(in srgb,{colour} {100 * share:.0f}%,transparent)"
        out.append(_plain(text, at, start, hidden))
        words = _plain(text, start, end, hidden)
        out.append(f'<mark style="color:inherit;border-radius:3px;{ground}" title="{points(score)}">{words}</mark>')
        at = end
    out.append(_plain(text, at, len(text), hidden))
    return f'<div style="white-space:pre-wrap;line-height:1.65;overflow-wrap:anywhere">{"".join(out)}</div>'


def _plain(text: str, at: int, end: int, hidden: Sequence[tuple[int, int]]) -> str:
    """Characters ``at`` to ``end``."""
    out = []
    for start, stop in hidden:
        start, stop = max(start, at), min(stop, end)
        if start < stop:
            out.append(escape(text[at:start]))
            out.append(f'<s style="opacity:.65" title="Hidden from the model">{escape(text[start:stop])}</s>')
            at = stop
    return "".join([*out, escape(text[at:end])])


def alt(text: str, evidence: Sequence[tuple[int, int, float]], target: str) -> str:
    """The strongest words, in words."""
    ranked = sorted(evidence, key=lambda piece: -abs(piece[2]))[:5]
    said = ", ".join(f"“{text[start:end]}” {points(score)}" for start, end, score in ranked)
    return f"Strongest words for or against {target}: {said}." if said else "No evidence within the text is shown."
