"""A frame for the viewer: windowed by its own first window it is the picture that the model sees; marks, measures, overlays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from mmcore.errors import InputError
from mmcore.readers.dicom import read_dicom
from mmcore.readers.dicom_frame import Frame, plain_frame, read_frame
from mmcore.readers.limits import LIMITS
from tests.readers.test_dicom import RAMP, dataset, save

ALIKE = (
    *("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "image_dfl.dcm", "examples_overlay.dcm"),
    *("examples_palette.dcm", "SC_rgb_rle_16bit.dcm", "SC_rgb_jpeg_dcmtk.dcm", "J2K_pixelrep_mismatch.dcm", "JPEG2000.dcm"),
    *("RG3_UNCI.dcm", "vlut_04.dcm", "mlut_18.dcm", "OT-PAL-8-face.dcm", "liver_1frame.dcm", "emri_small.dcm", "eCT_Supplemental.dcm"),
)


def frame_of(values: np.ndarray, **tags: object) -> Frame:
    return read_frame(save(dataset(values, **tags)))


def seen(frame: Frame) -> np.ndarray:
    """(H, W, 3) uint8 as the browser's script shows it under the first window."""
    if not frame.grey:
        return frame.values
    window, world = frame.windows[0], frame.values.astype(float) * frame.slope + frame.intercept
    if window.function == "TABLE":
        at = np.clip(np.rint(world).astype(int) - frame.table.first, 0, len(frame.table.grey) - 1)
        share = frame.table.grey[at] / 255
    elif window.function == "LINEAR":
        share = np.clip((world - (window.centre - 0.5)) / (window.width - 1) + 0.5, 0, 1)
    else:
        share = np.clip((world - window.centre) / window.width + 0.5, 0, 1)
    grey = np.rint(255 * (1 - share if frame.inverted else share)).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize("name", ALIKE)
def test_under_its_first_window_it_is_the_picture_that_the_model_sees(name: str) -> None:
    path = get_testdata_file(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    data = Path(str(path)).read_bytes()
    pixels, _ = read_dicom(data, LIMITS)
    assert np.abs(seen(read_frame(data)).astype(int) - pixels).max() <= 1


def test_numbers_stay_as_they_are_with_slope_and_intercept_beside_them() -> None:
    frame = frame_of(RAMP.astype(np.int16), RescaleSlope="2", RescaleIntercept="-1024", Modality="CT", WindowCenter="40", WindowWidth="400")
    assert frame.values.dtype == np.int16 and (frame.slope, frame.intercept, frame.units) == (2.0, -1024.0, "HU")
    assert (frame.windows[0].centre, frame.windows[0].width) == (40.0, 400.0)


def test_numbers_of_32_bits_are_brought_to_16_and_keep_their_meaning() -> None:
    values = (np.arange(400, dtype=np.uint32) * 1_000_003).reshape(20, 20)
    frame = frame_of(values, BitsStored=32, HighBit=31)
    assert frame.values.dtype == np.uint16
    assert np.abs(frame.values.astype(float) * frame.slope + frame.intercept - values).max() <= values.max() / 65_535


def test_a_window_that_makes_no_sense_is_left_out() -> None:
    frame = frame_of(RAMP, WindowCenter=["100", "200"], WindowWidth=["0", "50"], WindowCenterWidthExplanation=["BAD", "GOOD\nONE"])
    assert [(w.name, w.centre) for w in frame.windows] == [("GOOD ONE", 200.0)]


@pytest.mark.parametrize(
    ("tags", "spacing", "at_detector"),
    [
        ({"PixelSpacing": ["0.5", "0.25"]}, (0.5, 0.25), False),
        ({"ImagerPixelSpacing": ["0.1", "0.1"]}, (0.1, 0.1), True),
        ({"PixelSpacing": ["0", "0"]}, None, False),
        ({"PixelSpacing": ["-1", "1"]}, None, False),
        ({"PixelSpacing": ["1e9", "1e9"], "ImagerPixelSpacing": ["0.2", "0.2"]}, (0.2, 0.2), True),
        ({}, None, False),
    ],
)
def test_the_size_of_a_pixel_is_known_only_where_the_file_says_it(tags: dict, spacing: tuple | None, at_detector: bool) -> None:
    frame = frame_of(RAMP, **tags)
    assert (frame.spacing, frame.at_detector) == (spacing, at_detector)


@pytest.mark.parametrize(
    ("tags", "edges"),
    [
        ({"PatientOrientation": ["L", "F"]}, ("R", "H", "L", "F")),
        ({"PatientOrientation": ["A", "F"]}, ("P", "H", "A", "F")),
        ({"ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"]}, ("R", "A", "L", "P")),
        ({"ImageOrientationPatient": ["0", "1", "0", "0", "0", "-1"]}, ("A", "H", "P", "F")),
        ({"PatientOrientation": ["X", "<b>"]}, ("", "", "", "")),
        ({}, ("", "", "", "")),
    ],
)
def test_marks_say_what_lies_at_each_edge(tags: dict, edges: tuple[str, ...]) -> None:
    assert frame_of(RAMP, **tags).edges == edges


def overlay(ds: Dataset, plane: np.ndarray, origin: tuple[int, int] = (1, 1), group: int = 0x6000) -> Dataset:
    for element, kind, value in ((0x10, "US", plane.shape[0]), (0x11, "US", plane.shape[1]), (0x50, "SS", list(origin))):
        ds.add_new((group, element), kind, value)
    bits = np.packbits(plane, bitorder="little").tobytes()
    ds.add_new((group, 0x3000), "OW", bits + bytes(len(bits) % 2))
    return ds


def test_overlays_are_put_at_their_origin_and_joined() -> None:
    ds = overlay(dataset(RAMP), np.ones((3, 5), bool), (11, 21))
    overlay(ds, np.ones((4, 4), bool), (-1, 63), 0x6002)  # half of it lies outside
    wanted = np.zeros((64, 64), bool)
    wanted[10:13, 20:25] = wanted[:2, 62:] = True
    mask = read_frame(save(ds)).mask
    assert mask is not None and (mask == wanted).all()


def test_a_damaged_overlay_is_left_out_and_the_picture_is_read() -> None:
    ds = overlay(dataset(RAMP), np.ones((64, 64), bool))
    ds[0x6000, 0x0010].value = 60_000
    frame = read_frame(save(ds))
    assert frame.mask is None and (frame.values == RAMP).all()


def test_windows_and_spacing_of_an_enhanced_object_come_from_its_functional_groups() -> None:
    def group(**sequences: Dataset) -> Dataset:
        ds = Dataset()
        for keyword, item in sequences.items():
            setattr(ds, keyword, Sequence([item]))
        return ds

    voi, measures = Dataset(), Dataset()
    voi.WindowCenter, voi.WindowWidth = "30", "60"
    measures.PixelSpacing = ["0.7", "0.7"]
    ds = dataset(np.stack([RAMP, RAMP + 1]).reshape(128, 64), NumberOfFrames="2")
    ds.Rows = 64
    ds.SharedFunctionalGroupsSequence = Sequence([group(PixelMeasuresSequence=measures)])
    ds.PerFrameFunctionalGroupsSequence = Sequence([group(), group(FrameVOILUTSequence=voi)])
    first, second = read_frame(save(ds), 0), read_frame(save(ds), 1)
    assert first.windows[0].name == "Whole range" and (second.windows[0].centre, second.windows[0].width) == (30.0, 60.0)
    assert first.spacing == second.spacing == (0.7, 0.7) and (second.values == RAMP + 1).all()


def test_what_is_no_frame_is_refused_in_a_line() -> None:
    with pytest.raises(InputError, match="there is no frame 2"):
        read_frame(save(dataset(RAMP)), 1)
    with pytest.raises(InputError):
        read_frame(save(dataset(RAMP))[:-4000])


def test_any_other_picture_is_shown_as_it_is() -> None:
    pixels = np.zeros((20, 30, 3), np.uint8)
    frame = plain_frame(pixels)
    assert frame.values is pixels and not frame.grey and frame.spacing is None
