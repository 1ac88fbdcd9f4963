"""Text of files as it stands on a page: nothing in it is taken for markup."""

from __future__ import annotations

MARKUP = frozenset("\\`*_{}[]()<>#+-.!|$~:")


def plain(text: str) -> str:
    """``text`` with every sign that Markdown could take for its own escaped."""
    return "".join(f"\\{c}" if c in MARKUP else c for c in text)
