"""The tags of a file: all of them, those that could identify marked, whatever a file plants in them."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from mmcore.errors import InputError
from mmcore.readers.dicom_tags import LENGTH, MOST, read_tags
from tests.readers.test_dicom import NAME, RAMP, dataset, save

SECRET = "Planted Name"


def planted() -> bytes:
    inner = Dataset()
    inner.PatientName, inner.CodeMeaning = SECRET, SECRET
    ds = dataset(RAMP, InstitutionName=SECRET, StudyDate="20240102", ImageComments=SECRET, ProtocolName=SECRET, KVP="120", Modality="CT")
    ds.RequestAttributesSequence = Sequence([inner])
    ds.private_block(0x0009, "SOMEBODY", create=True).add_new(1, "LO", SECRET)
    ds.add_new(0x00181000, "LO", SECRET)
    return save(ds)


def test_every_planted_name_date_and_number_is_marked_wherever_it_stands() -> None:
    tags = read_tags(planted())
    told = [tag for tag in tags if not tag.identifying]
    assert not any(word in tag.value for tag in told for word in (SECRET, NAME, "4711", "20240102", "1.2.3.4"))
    assert sum(SECRET in tag.value for tag in tags) == 7
    inside = next(tag for tag in tags if tag.inside)
    assert inside.inside == ("Request Attributes Sequence",) and inside.identifying


def test_what_is_known_to_be_harmless_is_told() -> None:
    told = {tag.name: tag.value for tag in read_tags(planted()) if not tag.identifying}
    assert told["KVP"] == "120" and told["Modality"] == "CT" and told["Rows"] == "64"
    assert told["Transfer Syntax UID"].startswith("Explicit VR Little Endian")
    assert "Pixel Data" not in told


def test_tags_about_the_file_come_last_and_its_length_and_version_tell_nobody() -> None:
    tags = read_tags(planted())
    about = [tag for tag in tags if tag.number.startswith("(0002")]
    assert about and list(tags[-len(about) :]) == about
    assert not any(tag.identifying for tag in about if tag.number in ("(0002,0000)", "(0002,0001)"))


def test_long_values_are_cut_and_bulk_is_its_size() -> None:
    ds = dataset(RAMP, ImageComments="x" * 5000)
    ds.add_new(0x00091010, "OB", bytes(4000))
    values = {tag.number: tag.value for tag in read_tags(save(ds))}
    assert len(values["(0020,4000)"]) == LENGTH and values["(0009,1010)"] == "4,000 bytes"


def test_a_hostile_number_of_tags_ends() -> None:
    items = []
    for _ in range(MOST):
        item = Dataset()
        item.CodeMeaning = "a"
        items.append(item)
    ds = dataset(RAMP)
    ds.RequestAttributesSequence = Sequence(items)
    assert len(read_tags(save(ds))) == MOST


@pytest.mark.parametrize("data", [b"", b"\0" * 20, b"\xff" * 300])
def test_what_is_no_dicom_is_empty_or_refused(data: bytes) -> None:
    try:
        assert len(read_tags(data)) < 20
    except InputError as error:
        assert "cannot be read" in error.message


@pytest.mark.filterwarnings("error")
def test_a_value_of_the_wrong_kind_is_read_and_quoted_nowhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture) -> None:
    data = planted().replace(b"DA\x08\x0020240102", b"DA\x08\x00Planted!").replace(b"DS\x04\x00120 ", b"DS\x04\x00Jane")
    values = {tag.name: tag.value for tag in read_tags(data)}
    assert values["Study Date"] == "Planted!"
    assert not any(word in text for word in ("Planted", "Jane") for text in (caplog.text, *capfd.readouterr()))
