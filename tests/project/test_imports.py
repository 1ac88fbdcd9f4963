"""Imports go one way: pages -> pages.shared -> mmcore, and inside mmcore as MAY_IMPORT says."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.project.tree import REPO, project_files

FOUNDATION = {"case", "case_check", "device", "errors", "model_spec", "result", "settings", "tokens", "wording"}
PARTS = {"confidence", "encoders", "explain", "fusion", "readers"}
CORE = {"analysis", "evidence", "in_memory", "library", "model_folder", "pipeline"}
# What each module or folder of mmcore may import, besides itself and the foundation.
MAY_IMPORT: dict[str, set[str]] = {
    **{name: set() for name in FOUNDATION | PARTS},
    "library": set(),
    "model_folder": {"fusion", "library"},
    "in_memory": {"library", "model_folder"},
    "analysis": {"confidence", "explain"},
    "evidence": {"analysis", "encoders", "explain"},
    "pipeline": PARTS - {"readers"} | CORE,
    "__init__": CORE,
    "training": PARTS | CORE | {"evaluation"},
    "evaluation": PARTS | CORE | {"training"},
    "domains": PARTS | CORE | {"evaluation", "figures", "report", "training"},
    "figures": {"report"},
    "report": {"figures"},
    "commands": PARTS | CORE | {"domains", "evaluation", "figures", "report", "training"},
    "__main__": {"commands"},
}


def imported(module: str, source: str, is_package: bool) -> Iterator[str]:
    """Full names of what ``source`` imports anywhere, inside functions too; ``from a import b`` counts as a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".") if is_package else module.split(".")[:-1]
            start = above[: len(above) - node.level + 1] if node.level else []
            prefix = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{prefix}.{name.name}" for name in node.names)


def complaint(module: str, target: str) -> str | None:
    """What is wrong with ``module`` importing ``target``; None where nothing is."""
    here, there = module.split("."), target.split(".")
    if here[0] == "mmcore":
        if there[0] in {"streamlit", "pages", "app"}:
            return f"mmcore never imports {there[0]}"
        if there[0] != "mmcore" or len(there) == 1:
            return None
        group, other = (here[1] if len(here) > 1 else "__init__"), there[1]
        if group not in MAY_IMPORT:
            return f"mmcore.{group} is new: say in MAY_IMPORT what it may import"
        if other in MAY_IMPORT and other != group and other not in MAY_IMPORT[group] | FOUNDATION:
            return f"mmcore.{group} may not import mmcore.{other}"
        return f"mmcore.{group} may not import all of mmcore" if other not in MAY_IMPORT and not other.startswith("_") else None
    if here[:2] == ["pages", "shared"] and there[0] == "pages" and there[1:2] != ["shared"]:
        return "pages.shared may not import a page"
    if here[0] == "pages" and there[0] == "pages" and there[1:2] != ["shared"] and there != here:
        return "a page may not import another page"
    return "only the starter imports app" if there[0] == "app" else None


def violations(sources: Mapping[str, str]) -> list[str]:
    """One line for each forbidden import in ``sources``: path -> text."""
    found = []
    for path, source in sources.items():
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for target in imported(module, source, path.endswith("/__init__.py")):
            if wrong := complaint(module, target):
                found.append(f"{path}: imports {target}: {wrong}")
    return found


def test_every_import_goes_the_right_way() -> None:
    names = [p.as_posix() for p in project_files() if p.suffix == ".py" and p.parts[0] in {"app.py", "mmcore", "pages"}]
    assert len(names) > 20
    assert violations({name: (REPO / name).read_text(encoding="utf-8") for name in names}) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("mmcore/readers/picture.py", "import streamlit as st"),
        ("mmcore/readers/picture.py", "from mmcore.encoders.registry import card"),
        ("mmcore/readers/picture.py", "from mmcore import fusion"),
        ("mmcore/readers/picture.py", "from ..encoders import registry"),
        ("mmcore/explain/shares.py", "def f():\n    from mmcore.pipeline import load"),
        ("mmcore/fusion/__init__.py", "from ..confidence import sets"),
        ("mmcore/report/html.py", "import mmcore.pipeline"),
        ("mmcore/figures/overlay.py", "from mmcore.explain.patches import occlude"),
        ("mmcore/pipeline.py", "from mmcore.domains.skin import words"),
        ("mmcore/pipeline.py", "from mmcore.training.fit import fit"),
        ("mmcore/library.py", "from mmcore.pipeline import load"),
        ("mmcore/model_folder.py", "from mmcore.encoders.registry import build_encoder"),
        ("mmcore/analysis.py", "from mmcore.fusion import build_fusion"),
        ("mmcore/training/fit.py", "from mmcore.report.html import page"),
        ("mmcore/case.py", "from mmcore.readers.record import read"),
        ("mmcore/result.py", "from pages.shared.notice import notice"),
        ("mmcore/newcomer.py", "from mmcore.case import Case"),
        ("pages/shared/card.py", "from pages.medical import show"),
        ("pages/shared/card.py", "import app"),
        ("pages/home.py", "import pages.medical"),
    ],
)
def test_a_planted_wrong_import_is_found(path: str, source: str) -> None:
    assert len(violations({path: source})) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app.py", "import streamlit\nfrom pages.shared.warm import warm\nfrom mmcore.library import find"),
        ("pages/medical.py", "import streamlit\nfrom pages.shared.card import card\nfrom mmcore.errors import InputError"),
        ("mmcore/readers/picture.py", "from mmcore.readers.limits import Limits\nfrom mmcore.case import Picture\nfrom .files import read"),
        ("mmcore/pipeline.py", "from mmcore import model_folder\nfrom mmcore.fusion.late import Late\nimport torch"),
        ("mmcore/report/html.py", "from mmcore.result import Result\nfrom mmcore.figures.waterfall import draw"),
    ],
)
def test_imports_that_go_the_right_way_pass(path: str, source: str) -> None:
    assert violations({path: source}) == []
