"""A small model's spec, a photo and a folder to fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mmcore.model_spec import DataSpec, Field, InputSpec, Label, ModelSpec
from tests.readers.material import FIELDS, encode, picture


@pytest.fixture(scope="session")
def fields() -> tuple[Field, ...]:
    return FIELDS


@pytest.fixture(scope="session")
def spec() -> ModelSpec:
    return ModelSpec(
        name="demo",
        title="Demo",
        domain="medical",
        task="classification",
        grade="none",
        notice="",
        licence="",
        labels=(Label("A", "Class A"), Label("B", "Class B")),
        inputs={"image": InputSpec("picture", "Photo", "any"), "record": InputSpec("record", "Record", "any", FIELDS)},
        data=DataSpec(table="metadata.csv", label="diagnosis", subject="patient", columns={"image": "image"}),
    )


@pytest.fixture(scope="session")
def photo() -> bytes:
    return encode(picture(), "JPEG", quality=95)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, bytes | str]], Path]:
    """Writes files (relative path -> content) into a fresh folder and gives the folder."""

    def write_files(files: Mapping[str, bytes | str]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write_files
