"""DICOM files made from the real chest X-ray of pydicom-data: smaller, with shadows drawn in, or as a run of frames with an overlay."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    ExplicitVRLittleEndian,
    JPEGLSLossless,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
)

CHEST = "RG1_UNCI.dcm"
ROOT = "1.2.826.0.1.3680043.8.498.77"  # of pydicom, for UIDs that anybody may make up
SHIFT = 5  # from 15 to 10 bits
FRAMES = 6
# Shadows of the drawn study: centre (row, column), size (rows, columns) in shares of the picture, strength.
SHADOWS = (
    ((0.60, 0.25), (0.09, 0.08), 0.32),
    ((0.50, 0.31), (0.06, 0.05), 0.25),
    ((0.60, 0.74), (0.10, 0.08), 0.35),
    ((0.47, 0.70), (0.06, 0.06), 0.2),
)


def clear() -> bytes:
    """The real picture at half its size."""
    return _file(_smaller(2)[None], "1")


def shadowed() -> bytes:
    """The real picture at half its size with soft shadows drawn into both lungs."""
    values = _smaller(2).astype(float)
    rows, columns = (np.linspace(0, 1, n) for n in values.shape)
    for (row, column), (height, width), strength in SHADOWS:
        distance = ((rows[:, None] - row) / height) ** 2 + ((columns[None, :] - column) / width) ** 2
        values *= 1 - strength * np.exp(-distance)
    return _file(np.rint(values).astype(np.uint16)[None], "2")


def run() -> bytes:
    """Frames of the real picture at a quarter of its size: it fades in and the lungs widen, with a frame and a mark as an overlay.

    The distance of the pixels is invented, so that measuring can be tried.
    """
    still = _smaller(4)[:480, :448]
    frames = []
    for number in range(FRAMES):
        stretch = 1 + 0.06 * np.sin(np.pi * number / (FRAMES - 1))
        rows = np.clip(np.rint((np.arange(still.shape[0]) - 240) / stretch + 240), 0, still.shape[0] - 1).astype(int)
        frames.append(still[rows] * (0.6 + 0.4 * number / (FRAMES - 1)))
    ds = _dataset(np.rint(np.stack(frames)).astype(np.uint16), "3")
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = MultiFrameGrayscaleWordSecondaryCaptureImageStorage
    ds.PixelSpacing = [1.0, 1.0]
    _add_overlay(ds)
    return _bytes(ds)


def _smaller(factor: int) -> np.ndarray:
    """(H, W) uint16 of 10 bits, each the mean of a square of ``factor`` by ``factor``."""
    path = get_testdata_file(CHEST)
    if path is None:
        raise SystemExit("pydicom-data is not installed: pip install -r tests/requirements.txt")
    values = dcmread(Path(str(path))).pixel_array
    height, width = (n // factor * factor for n in values.shape)
    squares = values[:height, :width].reshape(height // factor, factor, width // factor, factor).astype(np.int64)
    return (squares.sum(axis=(1, 3)) // factor**2 >> SHIFT).astype(np.uint16)


def _file(frames: np.ndarray, number: str) -> bytes:
    return _bytes(_dataset(frames, number))


def _dataset(frames: np.ndarray, number: str) -> Dataset:
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = ComputedRadiographyImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = f"{ROOT}.{number}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{ROOT}.10{number}", f"{ROOT}.20{number}"
    ds.SeriesNumber, ds.InstanceNumber = number, "1"
    ds.ImageType = ["DERIVED", "SECONDARY"]
    ds.PatientName, ds.PatientID = "Nobody", "generated"
    ds.Modality, ds.BodyPartExamined, ds.ViewPosition, ds.PatientOrientation = "CR", "CHEST", "PA", ["L", "F"]
    ds.DerivationDescription = "Made by a program from the picture RG1 of pydicom-data"
    ds.Rows, ds.Columns = frames.shape[1:]
    ds.NumberOfFrames = len(frames)
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME1", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 15 - SHIFT, 14 - SHIFT
    ds.WindowCenter, ds.WindowWidth = 15_000 >> SHIFT, 30_000 >> SHIFT
    ds.PixelData = frames.tobytes()
    return ds


def _add_overlay(ds: Dataset) -> None:
    """A rectangle around the lungs and a tick at its corner, one bit a pixel."""
    drawn = np.zeros((ds.Rows, ds.Columns), bool)
    top, bottom, left, right = 90, 352, 60, 398
    drawn[[top, top + 1, bottom, bottom + 1], left:right] = True
    drawn[top:bottom, [left, left + 1, right, right + 1]] = True
    drawn[top - 14 : top, left : left + 14] |= np.eye(14, dtype=bool)
    for element, kind, value in (
        (0x0010, "US", ds.Rows), (0x0011, "US", ds.Columns), (0x0040, "CS", "G"), (0x0050, "SS", [1, 1]),
        (0x0100, "US", 1), (0x0102, "US", 0), (0x3000, "OW", np.packbits(drawn, bitorder="little").tobytes()),
    ):  # fmt: skip
        ds.add_new((0x6000, element), kind, value)


def _bytes(ds: Dataset) -> bytes:
    ds.compress(JPEGLSLossless, encoding_plugin="pyjpegls", generate_instance_uid=False)
    stream = BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
