"""Seconds and foreign words as the video page writes them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def plain(text: str) -> str:
    """A text with nothing in it that Markdown would take for its own."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|$:~" else c for c in text)
