"""The generated cases are what their script makes, and say that they are generated."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

REPO = Path(__file__).resolve().parents[2]
MEDICAL = REPO / "sample_data" / "medical"
CASES = sorted(path.name for path in MEDICAL.iterdir())
STORIES = {"clear_nevus", "record_decides", "picture_decides", "no_record", "no_photo", "contradiction", "unlike_anything", "messy_record"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    subprocess.run([sys.executable, str(REPO / "sample_data/make_medical.py"), "--out", str(folder)], check=True)
    return folder


def inputs(case: str) -> dict[str, str]:
    return tomllib.loads((MEDICAL / case / "case.toml").read_text(encoding="utf-8"))["inputs"]


def test_every_story_a_demo_needs_is_there() -> None:
    assert set(CASES) >= STORIES


def test_the_script_makes_the_same_files(made: Path) -> None:
    def listing(folder: Path) -> list[str]:
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    assert listing(made) == listing(MEDICAL)


@pytest.mark.parametrize("case", CASES)
def test_the_script_makes_the_same_contents(made: Path, case: str) -> None:
    for path in (MEDICAL / case).iterdir():
        if path.suffix == ".jpg":
            # Another processor rounds a few pixels otherwise; JPEG spreads that over blocks of 8 x 8.
            kept, new = (np.asarray(Image.open(folder / case / path.name), float) for folder in (MEDICAL, made))
            assert kept.shape == new.shape
            assert np.abs(kept - new).mean() < 0.5
        else:
            assert (made / case / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_each_case_says_that_it_is_generated_and_what_it_shows(case: str) -> None:
    table = tomllib.loads((MEDICAL / case / "case.toml").read_text(encoding="utf-8"))
    assert table["generated"] is True
    assert table["model"] == "skin_lesion"
    assert table["title"]
    assert table["notes"]["story"].endswith(".")
    assert table["inputs"]
    assert {path.name for path in (MEDICAL / case).iterdir()} == {"case.toml", *table["inputs"].values()}


@pytest.mark.parametrize("case", [case for case in CASES if "image" in inputs(case)])
def test_each_photo_is_small_and_carries_no_metadata(case: str) -> None:
    path = MEDICAL / case / inputs(case)["image"]
    assert path.stat().st_size < 80_000
    with Image.open(path) as photo:
        assert photo.format == "JPEG"
        assert photo.size == (400, 400)
        assert not photo.getexif()


def test_the_cases_with_a_modality_missing_miss_it() -> None:
    assert set(inputs("no_record")) == {"image"}
    assert set(inputs("no_photo")) == {"record"}


def test_the_messy_record_holds_what_must_be_warned_about() -> None:
    record = json.loads((MEDICAL / "messy_record" / "record.json").read_text(encoding="utf-8"))
    assert record["age"] > 120
    assert record["grew"] == "unk"
    assert record["hurt"] == "now and then"
    assert "seen_by" in record
