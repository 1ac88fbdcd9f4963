"""The bundled cases keep their answers: a change that turns one over is noticed before a visitor notices it."""

from __future__ import annotations

import json

from tests.expected_samples import FILE, measured


def test_every_bundled_case_is_answered_as_it_was_when_the_weights_were_made() -> None:
    assert measured() == json.loads(FILE.read_text(encoding="utf-8"))
