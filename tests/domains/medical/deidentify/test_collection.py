"""Every object that pydicom carries is de-identified or refused in a line; of none is the patient's name left."""

from __future__ import annotations

import pytest
from pydicom import dcmread

from mmcore.domains.medical.deidentify import dicom, identifiers
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.errors import InputError
from tests.readers.test_dicom_collection import objects


@pytest.mark.filterwarnings("ignore")  # of the reading below
def test_every_object_is_cleaned_or_refused_and_no_name_is_left() -> None:
    cleaned, refused, left = 0, [], []
    for path in objects():
        data = path.read_bytes()
        try:
            done = dicom.clean(data, Remap())
        except InputError as error:
            assert "\n" not in str(error)
            refused.append(path.name)
            continue
        cleaned += 1
        name = str(dcmread(path, force=True, stop_before_pixels=True).get("PatientName", ""))
        parts = [item.text.encode() for item in identifiers.names(name, "") if len(item.text) > 5 and item.text.isascii()]
        if not done.report.clean or any(part in done.data for part in parts):
            left.append(path.name)
    assert (cleaned, len(refused), left) == (258, 1, []), refused
