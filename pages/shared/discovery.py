"""Which pages there are: every file in pages/, known by the constants it states. A new domain is one new file."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1]
ICON = ":material/article:"
ORDER = 100


@dataclass(frozen=True)
class PageInfo:
    """What a page file says of itself at its top level.

    Attributes:
        title, icon: for the menu; from TITLE and ICON.
        order: place in the menu, lowest first; from ORDER. The lowest of all opens the app.
        domain: which models it shows ("medical"), "" for a page of another kind; from DOMAIN.
        summary: one sentence for its card on the first page; from SUMMARY.
    """

    path: Path
    title: str
    icon: str
    order: float
    domain: str
    summary: str


def find(folder: Path = FOLDER) -> list[PageInfo]:
    """Every page in ``folder``, in the menu's order. The files are read, not run."""
    listed = [describe(path) for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")]
    return sorted(listed, key=lambda page: (page.order, page.title))


def describe(path: Path) -> PageInfo:
    """The constants of one page file; what it does not state gets a plain default."""
    stated = constants(path.read_text(encoding="utf-8"))
    return PageInfo(
        path=path,
        title=str(stated.get("TITLE") or path.stem.replace("_", " ").capitalize()),
        icon=str(stated.get("ICON") or ICON),
        order=float(stated.get("ORDER", ORDER)),
        domain=str(stated.get("DOMAIN", "")),
        summary=str(stated.get("SUMMARY", "")),
    )


def constants(source: str) -> dict[str, Any]:
    """Module-level NAME = literal assignments of a Python file."""
    found: dict[str, Any] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper():
                try:
                    found[name] = ast.literal_eval(node.value)
                except ValueError:  # no literal: no business of the menu
                    continue
    return found
