"""What decoders of other people's making raise on damaged or hostile bytes."""

from __future__ import annotations

import struct
import zlib

from PIL import Image
from pydicom.errors import BytesLengthException, InvalidDicomError

# Pillow and pydicom document none of these; each was met on damaged files. Everything else is a fault of ours and is not caught.
DECODER_ERRORS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BytesLengthException,
    EOFError,
    Image.DecompressionBombError,
    InvalidDicomError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,  # NotImplementedError and RecursionError with it
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
