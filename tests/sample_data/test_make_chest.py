"""The chest cases are what their script makes, say that they are generated, and are answered as their stories say."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mmcore import pipeline
from mmcore.readers.case_folder import read_case

REPO = Path(__file__).resolve().parents[2]
CHEST = REPO / "sample_data" / "chest_xray"
CASES = sorted(path.name for path in CHEST.iterdir())
REAL_PICTURE = {"dicom_record_note", "not_a_chest", "names_everywhere", "with_prior", "frames"}  # of pydicom-data, beside what is invented


def test_the_script_makes_the_same_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(REPO / "sample_data/make_chest.py"), "--out", str(tmp_path)], check=True)
    kept = {path.relative_to(CHEST): path.read_bytes() for path in CHEST.rglob("*") if path.is_file()}
    assert kept == {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("case", CASES)
def test_each_case_says_whether_it_is_generated_and_what_it_shows(case: str) -> None:
    table = tomllib.loads((CHEST / case / "case.toml").read_text(encoding="utf-8"))
    assert table.get("real", []) == (["image"] if case in REAL_PICTURE else [])
    assert table["generated"] is (case != "picture_alone") and table["model"] == "chest_xray" and table["notes"]["story"].endswith(".")


def test_a_leg_is_not_answered_and_no_case_warns_while_it_is_read() -> None:
    model = pipeline.load("chest_xray")
    for case in CASES:
        read = read_case([CHEST / case], model.spec)
        noticed = [warning for item in read.inputs.values() for warning in item.warnings]
        told = {"frames": "the file holds 6 frames: number 1 is read", "not_a_chest": "this is a picture of another part of the body"}
        assert [text.split(" (")[0] for text in noticed] == ([told[case]] if case in told else []), case
        result = model.open(read, explain=False).result()
        if case == "not_a_chest":
            assert result.confidence.abstain and "unlike anything" in result.confidence.reasons[0]
        if case == "with_prior":
            before = model.open(read.prior, explain=False).result()
            covid = [next(p.probability for p in one.predictions if p.label == "covid") for one in (before, result)]
            assert covid[1] > covid[0] + 0.05
