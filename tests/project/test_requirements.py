"""Whatever the program imports is in requirements.txt, pinned, and what is pinned is what runs here."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

from tests.project.tree import REPO, project_files

OWN = {"mmcore", "pages", "app", "tests", "sample_data"} | {path.stem for path in (REPO / "sample_data").glob("*.py")}


def pinned(path: Path) -> dict[str, str]:
    """Package -> version, of a requirements file; a line that is not ``name==version`` fails."""
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [re.fullmatch(r"([a-z0-9-]+)==([0-9.]+)", line) for line in lines if line]
    assert all(pairs), f"{path.name}: every line must be name==version"
    return {pair[1]: pair[2] for pair in pairs if pair}


def imported_packages(names: list[Path]) -> set[str]:
    """Top-level names of everything foreign that these files import."""
    found: set[str] = set()
    for name in names:
        for node in ast.walk(ast.parse((REPO / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - OWN - set(sys.stdlib_module_names)


def missing_packages(names: list[Path], allowed: set[str]) -> set[str]:
    """What these files import and no package in ``allowed`` brings under that name."""
    brought_by = packages_distributions()
    canonical = {name: {re.sub(r"[._]", "-", d.lower()) for d in brought_by.get(name, [])} for name in imported_packages(names)}
    return {name for name, packages in canonical.items() if not packages & allowed}


def test_every_import_of_the_program_is_required() -> None:
    names = [p for p in project_files() if p.suffix == ".py" and p.parts[0] in {"app.py", "mmcore", "pages", "sample_data"}]
    assert missing_packages(names, set(pinned(REPO / "requirements.txt"))) == set()


def test_every_import_of_the_tests_is_required() -> None:
    names = [p for p in project_files() if p.suffix == ".py" and p.parts[0] == "tests"]
    both = set(pinned(REPO / "requirements.txt")) | set(pinned(REPO / "tests/requirements.txt"))
    assert missing_packages(names, both) == set()


def test_a_missing_package_is_found() -> None:
    assert missing_packages([Path("tests/project/test_requirements.py"), Path("tests/conftest.py")], {"torch"}) == {"pytest"}


def test_what_is_installed_is_what_is_pinned() -> None:
    for file in ("requirements.txt", "tests/requirements.txt"):
        here = {name: version(name).split("+")[0] for name in pinned(REPO / file)}
        assert here == pinned(REPO / file)
