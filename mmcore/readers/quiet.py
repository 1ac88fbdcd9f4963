"""DICOM files read without a word from pydicom: its warnings quote values of the header, maybe a name, on the terminal or in a log."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("pydicom")
_one_at_a_time = threading.RLock()  # warnings and loggers are the whole process's


@contextmanager
def quiet() -> Iterator[list[warnings.WarningMessage]]:
    """For a block, or as a decorator: pydicom's warnings are kept in the list given, and its logger is off.

    Values are read where they are first asked for: what asks belongs inside.
    """
    with _one_at_a_time, warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        before, _LOGGER.disabled = _LOGGER.disabled, True
        try:
            yield noticed
        finally:
            _LOGGER.disabled = before
