"""A line that says what colours are."""

from __future__ import annotations

import html
from collections.abc import Iterable

MARK = "display:inline-block;width:.7rem;height:.7rem;border-radius:2px;margin:0 .3rem 0 .8rem"


def line(entries: Iterable[tuple[str, str]], before: str = "", told: str = "") -> str:
    """HTML of (ground, title) after each other; a ground is a CSS colour or gradient.

    Args:
        before: what stands in front.
        told: what its hover says.
    """
    marks = "".join(f'<span style="{MARK};background:{ground}"></span>{html.escape(title)}' for ground, title in entries)
    hover = f' title="{html.escape(told)}"' if told else ""
    return f'<div style="font-size:.8rem"{hover}>{html.escape(before)}{marks}</div>'
