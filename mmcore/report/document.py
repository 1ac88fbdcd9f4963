"""A Result as JSON text."""

from __future__ import annotations

import json

from mmcore.result import Result


def text(result: Result) -> str:
    """The contract's document, indented, with notice, evidence grade and licence; numbers are never NaN or infinite.

    Raises:
        ValueError: where the Result holds a number that JSON cannot say.
    """
    return json.dumps(result.to_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def line(result: Result) -> str:
    """The same document on one line, for JSON Lines."""
    return json.dumps(result.to_json(), ensure_ascii=False, allow_nan=False)
