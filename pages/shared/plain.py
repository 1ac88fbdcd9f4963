"""Text as it stands on a page: that of files so that nothing in it is taken for markup, and titles inside a sentence."""

from __future__ import annotations

MARKUP = frozenset("\\`*_{}[]()<>#+-.!|$~:")


def plain(text: str) -> str:
    """``text`` with every sign that Markdown could take for its own escaped."""
    return "".join(f"\\{c}" if c in MARKUP else c for c in text)


def in_sentence(title: str) -> str:
    """A title without its capital: "Chest X-ray" as "chest X-ray"."""
    return title[:1].lower() + title[1:]
