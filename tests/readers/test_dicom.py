from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEG2000Lossless, RLELossless

from mmcore.case import Case, Input, Record
from mmcore.errors import InputError
from mmcore.readers.dicom import IMPERFECT, TAGS, count_frames, read_dicom, stored_frame
from mmcore.readers.dicom_frame import read_frame
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.picture import read_picture
from mmcore.readers.same_patient import with_doubts
from mmcore.readers.study import read_instance
from tests.domains.medical.deidentify.objects import planted

NAME = "Doe^Jane"
SAMPLE = (
    *("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm"),
    *("MR_small_jpeg_ls_lossless.dcm", "MR_small_padded.dcm", "MR_truncated.dcm", "SC_rgb_rle.dcm", "SC_rgb_rle_16bit.dcm"),
    *("SC_rgb_rle_2frame.dcm", "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_jpeg_dcmtk.dcm", "SC_ybr_full_422_uncompressed.dcm", "SC_rgb_small_odd.dcm"),
    *("JPGExtended.dcm", "JPEG2000.dcm", "JPEG2000-embedded-sequence-delimiter.dcm", "GDCMJ2K_TextGBR.dcm", "J2K_pixelrep_mismatch.dcm"),
    *("examples_palette.dcm", "examples_overlay.dcm", "examples_rgb_color.dcm", "examples_ybr_color.dcm", "image_dfl.dcm"),
    *("liver_1frame.dcm", "rtdose.dcm", "rtplan.dcm", "rtstruct.dcm", "badVR.dcm", "no_meta.dcm", "ExplVR_BigEndNoMeta.dcm"),
    *(
        "nested_priv_SQ.dcm",
        "test-SR.dcm",
        "UN_sequence.dcm",
        "meta_missing_tsyntax.dcm",
        "waveform_ecg.dcm",
        "reportsi_with_empty_number_tags.dcm",
    ),
)
READABLE = {
    *("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm"),
    *("MR_small_jpeg_ls_lossless.dcm", "SC_rgb_rle.dcm", "SC_rgb_rle_16bit.dcm", "SC_rgb_jpeg_dcmtk.dcm", "examples_palette.dcm"),
    *("image_dfl.dcm", "SC_ybr_full_422_uncompressed.dcm", "JPEG2000.dcm"),
}


def dataset(values: np.ndarray, **tags: Any) -> Dataset:
    """An uncompressed picture with patient tags, of these stored values."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "1.2.3.4"
    ds.PatientName, ds.PatientID = NAME, "4711"
    ds.Rows, ds.Columns = values.shape[:2]
    ds.SamplesPerPixel = 1 if values.ndim == 2 else 3
    ds.PhotometricInterpretation = "MONOCHROME2" if values.ndim == 2 else "RGB"
    ds.BitsAllocated = ds.BitsStored = 8 * values.dtype.itemsize
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(values.dtype.kind == "i")
    if values.ndim == 3:
        ds.PlanarConfiguration = 0
    ds.PixelData = values.tobytes()
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    return ds


def save(ds: Dataset) -> bytes:
    stream = BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def grey(values: np.ndarray, **tags: Any) -> tuple[np.ndarray, tuple[str, ...]]:
    pixels, warnings = read_dicom(save(dataset(values, **tags)), LIMITS)
    assert pixels.dtype == np.uint8 and pixels.shape == (*values.shape, 3)
    assert (pixels == pixels[:, :, :1]).all()
    return pixels[:, :, 0], warnings


RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)


def test_8_bit_grey_stays_as_it_is_and_monochrome1_is_inverted() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert (grey(values)[0] == values).all()
    assert (grey(values, PhotometricInterpretation="MONOCHROME1")[0] == 255 - values).all()


def test_the_window_of_the_file_is_applied_after_its_rescale() -> None:
    window = {"RescaleSlope": 2, "RescaleIntercept": -1000, "WindowCenter": 100.5, "WindowWidth": 201}
    found, warnings = grey(RAMP, **window)
    world = RAMP.astype(float) * 2 - 1000
    assert (found == np.rint(np.clip((world - 100) / 200 + 0.5, 0, 1) * 255)).all()
    assert warnings == ()


def test_the_first_of_several_windows_is_used() -> None:
    several = grey(RAMP, WindowCenter=[1000, 9], WindowWidth=[500, 9])[0]
    assert (several == grey(RAMP, WindowCenter=1000, WindowWidth=500)[0]).all()


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_other_window_functions_follow_the_standard(function: str) -> None:
    found, _ = grey(RAMP, WindowCenter=2000, WindowWidth=1000, VOILUTFunction=function)
    exact = np.clip((RAMP - 2000.0) / 1000 + 0.5, 0, 1) if function == "LINEAR_EXACT" else 1 / (1 + np.exp(-4 * (RAMP - 2000.0) / 1000))
    assert np.abs(found - exact * 255).max() <= 0.51


def test_a_voi_table_comes_before_a_window() -> None:
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4096, 0, 12])
    table.add_new("LUTData", "OW", np.arange(4095, -1, -1, dtype=np.uint16).tobytes())
    found, _ = grey(RAMP, VOILUTSequence=Sequence([table]), WindowCenter=1, WindowWidth=1)
    assert (found == np.rint((4095 - RAMP) / 4095 * 255)).all()


def test_without_a_window_the_values_own_range_is_shown_and_said() -> None:
    found, warnings = grey(RAMP + 500)
    assert (found.min(), found.max()) == (0, 255)
    assert warnings == ("the file states no window: its own range of values is shown",)


def test_padding_does_not_stretch_the_range() -> None:
    values = RAMP.astype(np.int16)
    values[0, :8] = -2000
    found, _ = grey(values, PixelPaddingValue=-2000)
    assert found[0, 0] == 0 and found[63, 63] == 255 and abs(int(found[32, 0]) - 127) <= 1


def test_a_window_of_no_width_is_left_aside() -> None:
    assert grey(RAMP, WindowCenter=5, WindowWidth=0)[1] != ()


def test_colour_of_8_and_16_bits() -> None:
    values = np.zeros((20, 20, 3), np.uint8)
    values[:, :10] = (200, 100, 50)
    assert (read_dicom(save(dataset(values)), LIMITS)[0] == values).all()
    assert (read_dicom(save(dataset(values.astype(np.uint16) * 257)), LIMITS)[0] == values).all()


def test_full_range_ybr_becomes_rgb() -> None:
    values = np.full((20, 20, 3), (76, 85, 255), np.uint8)  # pure red
    pixels, _ = read_dicom(save(dataset(values, PhotometricInterpretation="YBR_FULL")), LIMITS)
    assert np.abs(pixels[0, 0].astype(int) - (254, 0, 0)).max() <= 2


def test_palette_colours_are_looked_up() -> None:
    table = {c: np.linspace(0, top, 256).astype(np.uint16) * 257 for c, top in (("Red", 255), ("Green", 128), ("Blue", 0))}
    tags = {f"{c}PaletteColorLookupTableDescriptor": [256, 0, 16] for c in table}
    tags |= {f"{c}PaletteColorLookupTableData": values.tobytes() for c, values in table.items()}
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    pixels, _ = read_dicom(save(dataset(values, PhotometricInterpretation="PALETTE COLOR", **tags)), LIMITS)
    assert pixels[15, 15].tolist() == [255, 128, 0] and pixels[0, 0].tolist() == [0, 0, 0]
    small = {
        keyword: (np.frombuffer(value, np.uint16) // 257).tobytes() if keyword.endswith("Data") else value
        for keyword, value in tags.items()
    }
    eight_in_sixteen, _ = read_dicom(save(dataset(values, PhotometricInterpretation="PALETTE COLOR", **small)), LIMITS)
    assert (eight_in_sixteen == pixels).all()


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, DeflatedExplicitVRLittleEndian])
def test_compressed_pictures_equal_the_plain_one(syntax: UID) -> None:
    ds = dataset(RAMP, WindowCenter=2048, WindowWidth=4096)
    plain, _ = read_dicom(save(ds), LIMITS)
    if syntax == DeflatedExplicitVRLittleEndian:
        ds.file_meta.TransferSyntaxUID = syntax
    else:
        ds.compress(syntax, generate_instance_uid=False)
    assert (read_dicom(save(ds), LIMITS)[0] == plain).all()


def test_each_of_several_frames_can_be_read_and_the_first_is_read_with_a_word() -> None:
    frames = np.stack([np.full((20, 20), 50 * (n + 1), np.uint8) for n in range(3)])
    ds = dataset(frames[0], NumberOfFrames=3, PixelData=frames.tobytes())
    picture, warnings = read_picture(save(ds))
    assert (picture.pixels == 50).all() and warnings[0] == "the file holds 3 frames: number 1 is read"
    assert [int(read_dicom(save(ds), LIMITS, n)[0].max()) for n in range(3)] == [50, 100, 150]
    with pytest.raises(InputError, match="holds 3 frames: there is no frame 4"):
        read_dicom(save(ds), LIMITS, 3)


def test_a_decoder_that_dies_on_damaged_bytes_takes_nothing_with_it() -> None:
    path = get_testdata_file("JPEG-LL.dcm", download=False)
    assert path is not None
    whole = Path(path).read_bytes()
    plain = stored_frame(whole, LIMITS)
    assert plain.shape == (1024, 256)
    start = whole.find(b"\xff\xc4")  # the Huffman table: gdcm aborts on some that are broken
    for byte in (0xFF, 0x00, 0x7F):
        with pytest.raises(InputError, match="damaged"):
            read_dicom(whole[: start + 4] + bytes([byte] * 40) + whole[start + 44 :], LIMITS)


@pytest.mark.parametrize(
    ("syntax", "package"),
    [
        ("1.2.840.10008.1.2.4.57", "python-gdcm"),
        ("1.2.840.10008.1.2.4.70", "python-gdcm"),
        ("1.2.840.10008.1.2.4.51", "pylibjpeg-libjpeg"),
    ],
)
def test_a_missing_decoder_is_named_by_its_package(syntax: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = pydicom.pixels.get_decoder(UID(syntax))
    monkeypatch.setattr(decoder, "_available", {})  # as where none of the packages is installed
    ds = dataset(np.zeros((20, 20), np.uint8), PixelData=pydicom.encaps.encapsulate([b"\xff\xd8\xff\xd9"]))
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    with pytest.raises(InputError, match=rf"pip install [\w -]*{package}\."):
        read_picture(save(ds))


def test_a_video_transfer_syntax_is_refused_by_name() -> None:
    ds = dataset(np.zeros((20, 20), np.uint8), PixelData=pydicom.encaps.encapsulate([b"\0\0\0\1"]))
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.102")
    with pytest.raises(InputError, match="MPEG-4"):
        read_picture(save(ds))


def test_a_header_that_claims_a_huge_picture_is_refused() -> None:
    with pytest.raises(InputError, match="60000 x 60000 pixels"):
        read_picture(save(dataset(np.zeros((20, 20), np.uint8), Rows=60_000, Columns=60_000)))


def test_a_small_header_with_a_huge_stream_is_refused() -> None:
    sizes = b"".join(n.to_bytes(4, "big") for n in (50_000, 50_000, 0, 0, 50_000, 50_000, 0, 0))
    siz = b"\xff\x4f\xff\x51\0\x29\0\0" + sizes + b"\0\x01\7\1\1"
    ds = dataset(np.zeros((20, 20), np.uint8), PixelData=pydicom.encaps.encapsulate([siz + b"\0" * 50]))
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = JPEG2000Lossless
    with pytest.raises(InputError, match="50000 x 50000 pixels"):
        read_picture(save(ds))


def test_a_deflated_bomb_is_refused_before_it_is_inflated_whole() -> None:
    ds = dataset(np.zeros((20, 20), np.uint8))
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    data = save(ds)
    start = 144 + int.from_bytes(data[140:144], "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = packer.compress(b"\0" * 20_000_000) + packer.flush()
    with pytest.raises(InputError, match="unpacks to more than"):
        read_picture(data[:start] + bomb, Limits(picture_bytes=1_000_000))


def test_run_lengths_longer_than_the_picture_are_refused() -> None:
    frame = (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + b"\0" * 56 + b"\x81\0" * 20_000
    ds = dataset(np.zeros((20, 20), np.uint8), PixelData=pydicom.encaps.encapsulate([frame]))
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = RLELossless
    with pytest.raises(InputError, match="damaged"):
        read_picture(save(ds))


@pytest.mark.parametrize("keyword", ["Rows", "PixelData", "PhotometricInterpretation", "BitsAllocated"])
def test_a_missing_tag_is_an_input_error(keyword: str) -> None:
    ds = dataset(np.zeros((20, 20), np.uint8))
    ds["PixelData"].VR = "OB"  # which pydicom would work out from the tag that is about to go
    delattr(ds, keyword)
    with pytest.raises(InputError):
        read_picture(save(ds))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_cut_off_anywhere_is_not_called_one_without_a_picture() -> None:
    ds = dataset(np.arange(400, dtype=np.uint8).reshape(20, 20))
    ds.compress(RLELossless)
    whole = save(ds)
    for length in (len(whole) // 3, len(whole) - 300, len(whole) - 50):
        with pytest.raises(InputError, match="cut off"):
            read_picture(whole[:length])


def test_no_patient_tag_is_read_or_told() -> None:
    assert not any(keyword.startswith("Patient") for keyword in TAGS)
    whole = save(dataset(RAMP))
    for data in (whole[: len(whole) // 2], whole[:400], whole.replace(b"MONOCHROME2", b"MONOCHROME9")):
        with pytest.raises(InputError) as caught:
            read_picture(data)
        assert "Doe" not in str(caught.value) and "4711" not in str(caught.value)


def test_dicom_is_known_without_its_preamble() -> None:
    whole = save(dataset(np.arange(400, dtype=np.uint8).reshape(20, 20)))
    found, _ = read_picture(whole[132:])
    assert found.format == "DICOM" and found.size == (20, 20)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", SAMPLE)
def test_pydicoms_own_files_are_read_or_refused_in_one_line(name: str) -> None:
    path = get_testdata_file(name, download=False)
    assert path is not None
    data = Path(path).read_bytes()
    try:
        found, warnings = read_picture(data)
    except InputError as error:
        assert name not in READABLE, str(error)
        assert "\n" not in str(error) and error.hint
        return
    assert found.format == "DICOM" and found.pixels.dtype == np.uint8 and found.pixels.shape[2] == 3
    assert "the picture is one colour throughout" not in warnings


def test_values_of_the_header_reach_neither_terminal_nor_log(
    capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    data = planted(
        InstanceNumber=("IS", b"Zyxname!"),
        WindowCenter=("DS", b"Zyxname "),
        SpecificCharacterSet=("CS", b"Zyxname_CHARSET "),
        PatientName=("PN", b"Zyx\xe4name "),
        PatientBirthDate=("DA", b"Zyxname "),
    )
    picture, warnings = read_picture(data)
    assert read_instance("a.dcm", data) is not None and IMPERFECT in warnings and IMPERFECT not in read_picture(planted())[1]
    with_doubts(Case({"image": Input(picture), "record": Input(Record({"age": 61.0}))}))
    read_frame(data)
    count_frames(data, LIMITS)
    said = capfd.readouterr()
    assert "Zyxname" not in said.out + said.err + caplog.text + "".join(str(w.message) for w in recwarn) + "".join(warnings)
