"""Makes the cases of sample_data/chest_xray: real pictures that pydicom-data carries, with invented records and notes, nobody's data.

Two cases hold pictures made from a real one: frames with an overlay, and a study with shadows drawn in beside its prior.

    python sample_data/make_chest.py [--out FOLDER]

pydicom-data is among the packages of tests/requirements.txt. The same files come out every time, byte for byte.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydicom.data import get_testdata_file

import planted_names
from chest_pictures import clear, run, shadowed

OUT = Path(__file__).parent / "chest_xray"
MODEL = "chest_xray"
CHEST, LEG = "RG1_J2KI.dcm", "RG3_J2KI.dcm"


@dataclass(frozen=True)
class Sample:
    """One case: its story in a sentence, and what it holds; None or {} where an input is missing.

    Attributes:
        picture: name of a file of pydicom-data, or what makes the file.
        prior: an earlier case of the same subject, of which only picture, record and note count.
    """

    name: str
    title: str
    story: str
    picture: str | Callable[[], bytes] | None = None
    record: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    prior: Sample | None = None


def observation(code: str, value: float, unit: str) -> dict[str, Any]:
    """A FHIR Observation of one LOINC code."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2024-03-14",
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit},
    }


BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": resource}
        for resource in (
            {"resourceType": "Patient", "gender": "female", "birthDate": "1961-09-02"},
            observation("8310-5", 101.1, "[degF]"),
            observation("59408-5", 92, "%"),
            observation("751-8", 7900, "/uL"),
            observation("731-0", 0.9, "10*9/L"),
            {"resourceType": "Condition", "onsetDateTime": "2024-03-07"},
        )
    ],
}

SAMPLES = (
    Sample(
        "dicom_record_note",
        "A DICOM picture, a record and a note",
        "A real chest X-ray from pydicom-data with an invented record and note.",
        CHEST,
        {"age": 64, "sex": "F", "view": "PA", "offset": 7, "temperature": 37.9, "saturation": 91, "lymphocytes": 0.7},
        "64-year-old woman, hypertension. Fever and dry cough for seven days, short of breath since yesterday. SpO2 91% on room air. "
        "Bilateral peripheral ground-glass opacities, mostly in the lower lobes. No pleural effusion.",
    ),
    Sample(
        "fhir_and_note",
        "A FHIR bundle and a note, no picture",
        "Units as a hospital sends them; the note says things that the record does not, to accept or leave.",
        None,
        BUNDLE,
        "62 yo woman, AP supine portable film of the chest. Shortness of breath and cough for 7 days, denies chest pain and haemoptysis. "
        "Known hypertension, no diabetes. HR 104, SpO2 92%, WBC 9,800/mm3. "
        "Patchy bilateral peripheral ground-glass opacities in the mid and lower zones. RT-PCR requested.",
    ),
    Sample(
        "note_alone",
        "Only a note",
        "Lobar consolidation in words; the germ that the note names is hidden from the model.",
        None,
        {},
        "Tachypneic and febrile, 39.2 °C. Dense consolidation of the right upper lobe with air bronchograms and bulging of the horizontal "
        "fissure. Left lung clear. Sputum culture grew Klebsiella; ceftriaxone was started.",
    ),
    Sample(
        "picture_alone",
        "Only a DICOM picture",
        "A real chest X-ray from pydicom-data and nothing else.",
        CHEST,
    ),
    Sample(
        "not_a_chest",
        "A leg, by mistake",
        "A real X-ray of a leg from pydicom-data, with an invented record: it is unlike anything the model has seen.",
        LEG,
        {"age": 25, "sex": "F", "view": "AP"},
    ),
    Sample(
        "with_prior",
        "A study with its prior",
        "The prior is a real chest X-ray from pydicom-data; for the current one shadows were drawn in. Records and notes are invented.",
        shadowed,
        {"age": 59, "sex": "F", "view": "PA", "offset": 5, "temperature": 38.6, "saturation": 91},
        "Five days of fever and cough, now short of breath. New patchy opacities in the mid and lower zones of both lungs. No effusion.",
        Sample(
            "prior",
            "",
            "",
            clear,
            {"age": 58, "sex": "F", "view": "PA"},
            "A 58-year-old woman with a mild cough for two weeks after a cold, no fever. "
            "The chest radiograph shows no consolidation or effusion.",
        ),
    ),
    Sample(
        "frames",
        "Six frames with an overlay",
        "A run of frames made from a real chest X-ray of pydicom-data, with a drawing laid over it. The size of its pixels is invented.",
        run,
    ),
)


def main() -> None:
    """Writes every case to the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    for order, sample in enumerate(SAMPLES, 1):
        write(sample, out / sample.name, order)
    planted_names.write(out / "names_everywhere", carried(CHEST))


def write(sample: Sample, folder: Path, order: int) -> None:
    """case.toml and the files that it names."""
    generated = not isinstance(sample.picture, str) or bool(sample.record or sample.note)
    lines = [f"title = {json.dumps(sample.title)}", f'model = "{MODEL}"', f"generated = {json.dumps(generated)}"]
    lines += ['real = ["image"]'] if sample.picture and generated else []  # those that are made are made from a real one
    lines += ["", "[inputs]"]
    lines += [f'{name} = "{file}"' for name, file in write_inputs(sample, folder).items()]
    if sample.prior:
        lines += ["", "[prior]"]
        lines += [f'{name} = "prior/{file}"' for name, file in write_inputs(sample.prior, folder / "prior").items()]
    lines += ["", "[notes]", f"story = {json.dumps(sample.story)}", f'order = "{order}"']
    (folder / "case.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_inputs(sample: Sample, folder: Path) -> dict[str, str]:
    """Writes the files of a case: modality -> file name."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {}
    if sample.picture:
        inputs["image"] = "picture.dcm"
        (folder / "picture.dcm").write_bytes(sample.picture() if callable(sample.picture) else carried(sample.picture))
    if sample.record:
        inputs["record"] = "record.json"
        (folder / "record.json").write_text(json.dumps(sample.record, indent=1) + "\n", encoding="utf-8")
    if sample.note:
        inputs["note"] = "note.txt"
        (folder / "note.txt").write_text(sample.note + "\n", encoding="utf-8")
    return inputs


def carried(name: str) -> bytes:
    """A file of pydicom-data."""
    path = get_testdata_file(name)
    if path is None:
        raise SystemExit("pydicom-data is not installed: pip install -r tests/requirements.txt")
    return Path(str(path)).read_bytes()


if __name__ == "__main__":
    main()
