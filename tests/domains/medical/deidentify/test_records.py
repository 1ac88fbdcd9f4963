"""A record beside a note: its names are taken out of the note, and its values stay out of it."""

from __future__ import annotations

import json

import pytest

from mmcore.domains.medical.deidentify import files, records
from sample_data.planted_names import BUNDLE


def test_names_numbers_and_addresses_of_a_bundle_are_known_and_its_codes_and_units_are_not() -> None:
    texts = {item.text for item in records.known_of(json.dumps(BUNDLE).encode())}
    assert texts >= {"Featherstonehaugh", "Persephone", "MRN7731902", "020 7946 0991", "17 Nightingale Close", "Zelda", "Quartermaine"}
    assert not texts & {"59408-5", "female", "final", "Patient", "Bundle", "%"}


def test_a_name_without_a_title_goes_because_the_record_gives_it() -> None:
    record = json.dumps({"patient_name": "Wren, Jenny", "mrn": 20331, "age": 61, "sex": "F"}).encode()
    note, refused = files.clean([b"jenny wren (20331) coughs. The 61-year-old is F.", record], None)
    assert note.data.decode() == "[name] ([number]) coughs. The 61-year-old is F.\n" and note.report.clean
    assert refused.data == b"" and "not copied" in refused.report.error


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"[" * 900 + b"]" * 900, b'{"name": {"name": [null, true, 3.5]}}', b"[]"])
def test_what_is_no_record_gives_nothing(data: bytes) -> None:
    assert records.known_of(data) == ()
