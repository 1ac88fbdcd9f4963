"""Every DICOM object that pydicom and pydicom-data carry is read, or refused in one clear line."""

from __future__ import annotations

import logging
from pathlib import Path
from time import perf_counter

import data_store
import numpy as np
import pydicom
import pytest
from pydicom import dcmread
from pydicom.pixels import pixel_array

from mmcore.errors import InputError
from mmcore.readers.dicom import read_dicom, stored_frame
from mmcore.readers.limits import LIMITS
from mmcore.readers.signature import sniff

ROOTS = [Path(package.__file__ or "").parent for package in (pydicom, data_store)]
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
LONGEST_S = 10.0
SMALL = 600_000  # bytes: in larger files the decoding itself is not repeated for a comparison


def objects() -> list[Path]:
    """Files of the two packages that are DICOM by content."""
    files = [path for root in ROOTS for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".py"]
    return [path for path in files if sniff(path.read_bytes()[:4096]) == "DICOM"]


def by_pydicom(path: Path) -> np.ndarray | None:
    """The first frame as pydicom decodes it with what is installed; None where it does not."""
    try:
        return np.asarray(pixel_array(path, index=0))
    except (AttributeError, RuntimeError, ValueError, NotImplementedError):
        return None


@pytest.mark.filterwarnings("ignore")
def test_every_object_is_read_to_pydicoms_own_pixels_or_refused_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    pictures, read, refused = 0, 0, []
    for path in objects():
        data = path.read_bytes()
        pictures += any(keyword in dcmread(path, force=True) for keyword in PIXELS)
        started = perf_counter()
        try:
            values = stored_frame(data, LIMITS)
        except InputError as error:
            assert "\n" not in str(error) and error.hint, path.name
            refused.append(path.name)
            continue
        finally:
            assert perf_counter() - started < LONGEST_S, path.name
        read += 1
        if len(data) < SMALL and (expected := by_pydicom(path)) is not None:
            assert values.shape == expected.shape and (values == expected).all(), path.name
            assert read_dicom(data, LIMITS)[0].shape[:2] == values.shape[:2], path.name
    assert (pictures, read) == (174, 156), refused
