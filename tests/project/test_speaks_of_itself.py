"""No file names the machine it was written on or the place a package came from: it must mean the same everywhere."""

from __future__ import annotations

import re

import pytest

from tests.project.tree import REPO, project_files

# The leading group keeps relative paths, web addresses and words such as either/or out.
MACHINE_PATH = re.compile(r"(?<![\w.)\]}>*/])/(?:work|root|tmp|home|Users|var/tmp|mnt|opt)/[\w.]")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|download\.pytorch\.org|--(?:extra-)?index-url|--find-link[s]"
)
TEXTLESS = b"\0"  # in a file of text there is none


def findings(text: str) -> list[tuple[int, str]]:
    """Line number and match of every machine path and registry address."""
    return [
        (number, match.group())
        for number, line in enumerate(text.splitlines(), 1)
        for pattern in (MACHINE_PATH, REGISTRY)
        for match in pattern.finditer(line)
    ]


def test_no_file_names_a_machine_path_or_a_registry() -> None:
    contents = {path: (REPO / path).read_bytes() for path in project_files()}
    texts = {path: data.decode("utf-8") for path, data in contents.items() if TEXTLESS not in data}
    assert len(texts) > 30 and {path.suffix for path in texts} >= {".py", ".toml", ".md", ".txt", ".json"}
    found = [f"{path}:{number}: {what}" for path, text in texts.items() for number, what in findings(text)]
    assert found == []


@pytest.mark.parametrize("parts", [("", "root", "x"), ("", "tmp", "lab", "a.py"), ("", "home", "ann"), ("", "work", "main")])
def test_a_planted_machine_path_is_found(parts: tuple[str, ...]) -> None:
    path = "/".join(parts)
    assert findings(path)
    assert findings(f'open("{path}")')
    assert findings(f"see {path} there")


@pytest.mark.parametrize("host", ["pypi", "pythonhosted"])
def test_a_planted_registry_is_found(host: str) -> None:
    assert findings(f"https://{host}" + ".org/simple")


@pytest.mark.parametrize(
    "text", ["../shared/data", "sample_data/medical", "${HOME}/x", "page/home/x", "/usr/bin/env bash", "https://x.y/home/z"]
)
def test_what_is_the_same_everywhere_passes(text: str) -> None:
    assert findings(text) == []
