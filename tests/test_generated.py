"""The generated data set has the real set's columns, its unknowns and a signal to learn."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.generated import COLUMNS, FINDINGS, KINDS, write_skin_set


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_class_patients_with_several_photos_and_unknowns_are_there(tiny_skin_set: Path) -> None:
    table = rows(tiny_skin_set)
    assert len(table) == 60
    assert {row["diagnostic"] for row in table} == set(KINDS)
    assert len({row["patient_id"] for row in table}) < len(table)
    assert any(row[name] == "UNK" for row in table for name in FINDINGS)
    assert all((tiny_skin_set / row["image"]).is_file() for row in table)


def test_the_colour_of_the_middle_goes_with_the_label(tiny_skin_set: Path) -> None:
    middle = {kind: [] for kind in KINDS}
    for row in rows(tiny_skin_set):
        pixels = np.asarray(Image.open(tiny_skin_set / row["image"]), float)
        middle[row["diagnostic"]].append(pixels[40:56, 40:56].mean((0, 1)))
    assert np.mean(middle["MEL"]) < np.mean(middle["NEV"]) < np.mean(middle["BCC"])


def test_the_same_seed_writes_the_same_table(tiny_skin_set: Path, tmp_path: Path) -> None:
    again = write_skin_set(tmp_path / "again")
    assert (again / "metadata.csv").read_bytes() == (tiny_skin_set / "metadata.csv").read_bytes()
    assert (write_skin_set(tmp_path / "other", seed=1) / "metadata.csv").read_bytes() != (again / "metadata.csv").read_bytes()


@pytest.mark.data
def test_the_columns_are_those_of_the_real_set(shared_data: Path) -> None:
    with (shared_data / "skin_pad_ufes20" / "metadata.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == COLUMNS
