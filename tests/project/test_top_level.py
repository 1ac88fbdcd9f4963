"""The top level of the project is fixed: a newcomer finds the same few names for ever."""

from __future__ import annotations

from tests.project.tree import project_files

NAMES = {"app.py", "pages", "mmcore", "sample_data", "tests", "requirements.txt", "README.md"}
JOINED = {"Makefile", "pyproject.toml", "CHANGELOG.md", "LICENSE"}


def test_nothing_but_the_agreed_names_is_at_the_top() -> None:
    top = {path.parts[0] for path in project_files()}
    assert {name for name in top if not name.startswith(".")} <= NAMES | JOINED


def test_every_agreed_name_is_there() -> None:
    assert {path.parts[0] for path in project_files()} >= NAMES | JOINED
