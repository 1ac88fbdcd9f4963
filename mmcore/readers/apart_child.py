"""Run as a script by ``apart``: DICOM on standard input, one decoded frame as .npy on standard output. Imports nothing of the program."""

from __future__ import annotations

import sys
from io import BytesIO

import numpy as np
from pydicom import dcmread
from pydicom.pixels.utils import pixel_array

MEMORY = 4_000_000_000


def main(frame: int, plugin: str) -> None:
    """Decode one frame by the one decoder named; whatever goes wrong ends the process with a status that is not 0."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    values = pixel_array(dcmread(BytesIO(sys.stdin.buffer.read()), force=True), index=frame, decoding_plugin=plugin)
    np.save(sys.stdout.buffer, np.ascontiguousarray(values), allow_pickle=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
