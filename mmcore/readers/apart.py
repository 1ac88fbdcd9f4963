"""Decoding in a process of its own, for a decoder that ends its process on damaged bytes (gdcm aborts on some broken JPEGs)."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmwrite

CHILD = Path(__file__).with_name("apart_child.py")
SECONDS = 20.0


def decode_apart(ds: Dataset, frame: int, plugin: str) -> np.ndarray:
    """`pixel_array` of one frame. Only the tags in ``ds``, which has none about the patient, reach the other process; nothing goes to disk.

    Raises:
        ValueError: the decoder refused the bytes, died or took too long.
    """
    stream = BytesIO()
    dcmwrite(stream, ds, enforce_file_format=False)
    command = [sys.executable, str(CHILD), str(frame), plugin]
    try:
        done = subprocess.run(command, input=stream.getvalue(), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ValueError("the decoder took too long") from error
    if done.returncode:
        raise ValueError("the decoder failed")
    return np.load(BytesIO(done.stdout), allow_pickle=False)
