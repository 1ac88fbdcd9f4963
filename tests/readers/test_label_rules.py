"""The chest data's findings as three classes, rows left out, and data without labels."""

from __future__ import annotations

import csv
from pathlib import Path

from mmcore.library import find
from mmcore.model_spec import read_spec
from mmcore.readers.dataset import read_dataset
from tests.readers.material import encode, picture

SPEC = read_spec(find("chest_xray"))
FINDINGS = {
    "COVID-19": "covid", "COVID-19, ARDS": "covid", "No Finding": "none", "Pneumonia": "other", "SARS": "other", "Klebsiella": "other",
    "Mycoplasma Bacterial Pneumonia": "other", "todo": "left out", "ARDS": "left out", "Lipoid": "left out", "": None,
}  # fmt: skip


def write(folder: Path, labelled: bool) -> Path:
    (folder / "images").mkdir()
    (folder / "images" / "a.jpg").write_bytes(encode(picture(), "JPEG"))
    names = [f.name for f in SPEC.inputs["record"].fields]
    columns = [*(["finding", "patientid"] if labelled else []), *names, "clinical_notes", "image"]
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        for number, finding in enumerate(FINDINGS):
            row = {"finding": finding, "patientid": str(number), "age": "54.0", "offset": "-3", "view": "AP Supine"}
            row["image"] = "images/a.jpg"
            writer.writerow(row | {"clinical_notes": "Fever for three days." if number % 2 else ""})
    return folder


def test_findings_become_the_classes_that_the_contract_names(tmp_path: Path) -> None:
    rows = read_dataset(write(tmp_path, labelled=True), SPEC)
    assert [row.label for row in rows] == [label for label in FINDINGS.values() if label != "left out"]


def test_without_the_columns_of_label_and_patient_every_row_is_read(tmp_path: Path) -> None:
    rows = read_dataset(write(tmp_path, labelled=False), SPEC)
    assert len(rows) == len(FINDINGS) and {row.label for row in rows} == {None}


def test_a_case_has_its_note_and_a_day_before_the_onset_is_not_known(tmp_path: Path) -> None:
    rows = read_dataset(write(tmp_path, labelled=True), SPEC)
    case = rows[1].load()
    assert case.present == ("image", "record", "note") and case.inputs["record"].value.values["offset"] is None
    assert rows[0].load().present == ("image", "record")


def test_the_modalities_stand_in_the_contracts_order() -> None:
    assert SPEC.modalities == ("image", "record", "note")
