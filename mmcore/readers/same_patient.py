"""Whether the parts of a case, or a case and its prior, are of one patient by what their files say. No value of a tag is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

from pydicom import Dataset, dcmread

from mmcore.case import Case, Picture, Record
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.quiet import quiet

TAGS = ["PatientID", "PatientName", "PatientSex", "PatientAge", "PatientBirthDate", "StudyDate", "ViewPosition"]
DOUBT = "the tags of the picture say otherwise, are both of one patient?"
APART = 1
"""Years by which an age in the record may differ from the tags': one may have had a birthday."""


@quiet()
def with_doubts(case: Case) -> Case:
    """The case; where its record contradicts the tags of its picture, with a warning for each such field.

    Those that the case already carries are looked at anew: what no longer holds goes.
    """
    about = _tags(case)
    for modality, item in case.inputs.items():
        if isinstance(item.value, Record):
            told = [f"{name}: {DOUBT}" for name in _contradicted(item.value, about)] if about is not None else []
            warnings = (*(text for text in item.warnings if not text.endswith(DOUBT)), *told)
            case = replace(case, inputs={**case.inputs, modality: replace(item, warnings=warnings)})
    return case


@quiet()
def doubts(prior: Case, case: Case) -> tuple[str, ...]:
    """Sentences on what speaks against a case and its prior being of one patient, or in this order."""
    before, now = _tags(prior), _tags(case)
    out = []
    if before is not None and now is not None:
        if any(_differ(str(before.get(tag) or ""), str(now.get(tag) or "")) for tag in ("PatientID", "PatientName")):
            out.append("The tags of the two pictures name different patients: this comparison may be of two people.")
        earlier, later = _date(before.get("StudyDate")), _date(now.get("StudyDate"))
        if earlier and later and earlier > later:
            out.append("By the dates in the tags the prior study is the later of the two.")
    sexes = {value for one in (prior, case) for record in _records(one) if (value := record.values.get("sex"))}
    if len(sexes) > 1:
        out.append("The two records state different sexes: this comparison may be of two people.")
    return tuple(out)


def _records(case: Case) -> Iterator[Record]:
    return (item.value for item in case.inputs.values() if isinstance(item.value, Record))


def _tags(case: Case) -> Dataset | None:
    """Of the picture's DICOM file; None where there is none, or it cannot be read."""
    for item in case.inputs.values():
        if isinstance(item.value, Picture) and item.value.source is not None:
            try:
                return dcmread(BytesIO(item.value.source.data), force=True, specific_tags=list(TAGS), stop_before_pixels=True)
            except DECODER_ERRORS:
                return None
    return None


def _contradicted(record: Record, tags: Dataset) -> Iterator[str]:
    sex, view, age = str(tags.get("PatientSex") or ""), str(tags.get("ViewPosition") or "").upper(), _age(tags)
    values = record.values
    if sex in ("F", "M") and values.get("sex") not in (None, sex):
        yield "sex"
    if age is not None and isinstance(values.get("age"), float) and abs(float(values["age"] or 0) - age) > APART:
        yield "age"
    if view in ("PA", "AP") and isinstance(values.get("view"), str) and not str(values["view"]).upper().startswith(view):
        yield "view"


def _age(tags: Dataset) -> float | None:
    """In years: as stated, else from the dates of birth and of the study."""
    stated = str(tags.get("PatientAge") or "")
    if len(stated) == 4 and stated[:3].isdigit() and stated[3] == "Y":
        return float(stated[:3])
    born, seen = _date(tags.get("PatientBirthDate")), _date(tags.get("StudyDate"))
    return (seen - born).days / 365.25 if born and seen and seen >= born else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(f"{str(value)[:4]}-{str(value)[4:6]}-{str(value)[6:8]}")
    except ValueError:
        return None


def _differ(one: str, other: str) -> bool:
    """Whether both are given and not the same but for capitals, signs and spaces."""
    first, second = ("".join(c for c in text.casefold() if c.isalnum()) for text in (one, other))
    return bool(first and second and first != second)
