"""The basic profile on one object and on objects of one study."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from pydicom import Dataset

from mmcore.domains.medical.deidentify import actions, dicom, tags
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.errors import InputError
from tests.domains.medical.deidentify.objects import dataset, parsed, planted, written


def cleaned(remap: Remap | None = None, **changes: object) -> tuple[Dataset, dicom.CleanDicom]:
    done = dicom.clean(written(dataset(**changes)), remap or Remap())
    return parsed(done.data), done


def item(**changes: object) -> Dataset:
    ds = Dataset()
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    return ds


def test_who_it_is_goes_and_what_it_is_stays() -> None:
    ds, done = cleaned(PatientBirthDate="19500101", InstitutionName="Elm Hall", Modality="CR", BodyPartExamined="CHEST", KVP="120")
    assert str(ds.PatientName) == ds.PatientID and ds.PatientID.startswith("ANON-")
    assert ds.PatientBirthDate == "" and ds.InstitutionName == "" and (ds.Modality, ds.BodyPartExamined, ds.KVP) == ("CR", "CHEST", 120)
    assert b"Abernathy" not in done.data and b"PX440912" not in done.data and done.report.clean


def test_it_says_that_it_was_de_identified_and_by_which_options() -> None:
    ds, _ = cleaned()
    assert ds.PatientIdentityRemoved == "YES" and ds.LongitudinalTemporalInformationModified == "MODIFIED"
    assert [code.CodeValue for code in ds.DeidentificationMethodCodeSequence] == ["113100", "113107"]
    assert "PS3.15" in ds.DeidentificationMethod[0]


def test_nested_sequences_are_cleaned_at_every_depth() -> None:
    deep = item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.1", ReferencedSOPInstanceUID="1.2.3.4.9", PatientName="Abernathy^Rosalind")
    ds, done = cleaned(
        ReferencedImageSequence=[deep],
        SharedFunctionalGroupsSequence=[item(DerivationImageSequence=[item(SourceImageSequence=[deep])])],
        AnatomicRegionSequence=[item(CodeValue="T-D3000", CodeMeaning="Chest of Rosalind")],
    )
    inner = ds.SharedFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence[0]
    assert inner.ReferencedSOPInstanceUID == ds.ReferencedImageSequence[0].ReferencedSOPInstanceUID != "1.2.3.4.9"
    assert inner.ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.1" and str(inner.PatientName) == ""
    assert ds.AnatomicRegionSequence[0].CodeMeaning == "Chest of" and ds.AnatomicRegionSequence[0].CodeValue == "T-D3000"
    assert done.report.clean and b"Rosalind" not in done.data


def test_private_unknown_curve_and_overlay_tags_go_with_all_that_is_in_them() -> None:
    original = dataset()
    original.private_block(0x0099, "SOMEONE", create=True).add_new(1, "LO", "Abernathy")
    original.add_new(0x00080999, "LO", "not of the standard")
    original.add_new(0x50000010, "US", 1)
    original.add_new(0x60000022, "LO", "by Abernathy")
    original.add_new(0x60003000, "OW", b"\0\0")
    done = dicom.clean(written(original), Remap())
    groups = {element.tag.group for element in parsed(done.data)}
    assert not groups & {0x0099, 0x5000, 0x6000} and 0x00080999 not in parsed(done.data)
    assert {r.name for r in done.report.removed} >= {"private tag", "curve or overlay", "tag that the standard does not know"}


def test_uids_and_dates_change_alike_within_a_study_and_otherwise_between_runs() -> None:
    remap = Remap()
    first, _ = cleaned(remap, StudyDate="20200229", SOPInstanceUID="1.2.3.4.7")
    second, _ = cleaned(remap, StudyDate="20200310", AcquisitionDateTime="20200310101112.5+0100")
    other, _ = cleaned(Remap(), StudyDate="20200229")
    assert first.StudyInstanceUID == second.StudyInstanceUID != other.StudyInstanceUID and first.SOPInstanceUID != second.SOPInstanceUID
    days = [date(int(t[:4]), int(t[4:6]), int(t[6:])) for t in (first.StudyDate, second.StudyDate)]
    assert (days[1] - days[0]).days == 10 and second.AcquisitionDateTime == second.StudyDate
    assert 365 <= (date(2020, 2, 29) - days[0]).days <= 3650 and first.PatientID == second.PatientID != other.PatientID


@pytest.mark.parametrize("bad", ["", "2020", "20201399", "00010101", "yesterday", "20200101-20200202"])
def test_a_date_that_cannot_be_moved_is_left_empty_or_moved(bad: str) -> None:
    moved = Remap().date(bad)
    assert moved == "" or (len(moved) == 8 and moved.isdigit() and moved not in bad)


def test_a_name_in_text_that_the_profile_keeps_is_taken_out_of_it() -> None:
    ds, done = cleaned(SoftwareVersions="installed for Abernathy", Manufacturer="Rosalindo Ltd", PatientPosition="PX440912")
    assert ds.SoftwareVersions == "installed for" and ds.Manufacturer == "Rosalindo Ltd" and ds.PatientPosition == ""
    assert done.report.clean


def test_the_second_look_finds_what_the_first_pass_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "clean_kept", lambda ds, known: [])
    _, done = cleaned(SoftwareVersions="installed for Abernathy")
    assert done.report.left == ("(0010,0010)",) and not done.report.clean
    assert "Abernathy" not in repr(done.report) + repr(done.known) + str(done.report.to_json())


def test_the_second_look_reads_the_bytes_of_the_pixels_too() -> None:
    hidden = np.zeros(64 * 64, "<u2").tobytes()[:-20] + b"  Abernathy  Rosa   "
    done = dicom.clean(written(dataset(PixelData=hidden, BitsStored=16, HighBit=15)), Remap())
    assert done.report.left == ("(0010,0010)",)


def test_pixels_stay_as_they_are_but_for_bits_where_old_overlays_hide() -> None:
    plain = dataset().pixel_array
    ds, done = cleaned()
    assert (ds.pixel_array == plain).all() and done.report.pixels.sentence().startswith("pixels were not searched")
    ds, _ = cleaned(PixelData=(plain.astype("<u2") | 0x8000).tobytes())
    assert (np.frombuffer(ds.PixelData, "<u2") == plain.ravel()).all()


def test_the_header_in_front_of_the_tags_is_made_anew() -> None:
    original = dataset()
    original.preamble = b"Abernathy".ljust(128, b"\0")
    original.file_meta.SourceApplicationEntityTitle = "ELMHALL"
    done = dicom.clean(written(original), Remap())
    again = parsed(done.data)
    assert again.preamble == b"\0" * 128 and "SourceApplicationEntityTitle" not in again.file_meta
    assert again.file_meta.MediaStorageSOPInstanceUID == again.SOPInstanceUID != "1.2.3.4.1"


@pytest.mark.parametrize("data", [b"", b"\0" * 128 + b"DICM" + b"\1" * 64, b"no dicom at all" * 40, written(dataset())[:300]])
def test_what_is_no_whole_object_is_refused_in_one_line_or_read_as_far_as_it_goes(data: bytes) -> None:
    try:
        done = dicom.clean(data, Remap())
    except InputError as error:
        assert "\n" not in str(error) and "Abernathy" not in str(error)
    else:
        assert b"Abernathy" not in done.data


def test_nothing_of_the_original_is_logged(
    capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    original = dataset()
    original.add_new("StudyTime", "TM", "quarter past Abernathy")
    original.add_new("KVP", "LO", "Abernathy")
    original.add_new("StudyDate", "LO", "Abernathy" * 9)
    data = written(original)
    recwarn.clear()
    caplog.clear()
    done = dicom.clean(data, Remap())
    said = capfd.readouterr()
    assert "Abernathy" not in said.out + said.err + caplog.text + "".join(str(w.message) for w in recwarn)
    assert b"Abernathy" not in done.data


def test_text_in_a_tag_whose_kind_allows_none_is_emptied_and_told() -> None:
    data = planted(
        InstanceNumber=("IS", b"Zyxname!"),
        PixelSpacing=("DS", b"Zyxname\\0.2 "),
        SpecificCharacterSet=("CS", b"ZYXNAME "),
        AcquisitionTime=("TM", b"Zyxname "),
        SeriesNumber=("IS", b"7 "),
        ImageType=("CS", b"ORIGINAL\\Zyxname "),
    )
    done = dicom.clean(data, Remap())
    ds = parsed(done.data)
    assert b"zyxname" not in done.data.lower() and done.report.clean
    assert (ds.SeriesNumber, list(ds.ImageType), list(ds.PixelSpacing)[1]) == (7, ["ORIGINAL", ""], 0.2)
    emptied = {r.place for r in done.report.removed if r.action == tags.CLEARED}
    assert emptied >= {"(0020,0013)", "(0028,0030)", "(0008,0005)", "(0008,0008)"} and "(0020,0011)" not in emptied


def test_a_file_cut_off_is_called_damaged_and_one_without_its_pixels_says_so() -> None:
    whole = written(dataset())
    with pytest.raises(InputError, match="damaged or cut off"):
        dicom.clean(whole[: whole.index(b"\x08\0\x16\0")], Remap())
    assert "may be cut off" in dicom.clean(whole[: whole.index(b"\xe0\x7f")], Remap()).report.pixels.sentence()


def test_the_table_is_the_standards() -> None:
    by_keyword = {
        "PatientAge": actions.REMOVE,
        "PatientName": actions.EMPTY,
        "PatientID": actions.DUMMY,
        "StudyInstanceUID": actions.REMAP,
        "StudyDate": actions.SHIFT,
        "PatientBirthDate": actions.EMPTY,
        "Rows": actions.KEEP,
        "RequestAttributesSequence": actions.REMOVE,
        "ReferencedImageSequence": actions.REMAP,
    }
    ds = Dataset()
    for keyword in by_keyword:
        setattr(ds, keyword, None)
    assert {keyword: actions.action(ds[keyword].tag, ds[keyword].VR) for keyword in by_keyword} == by_keyword
