"""The bundled samples keep their answers: a change that turns one over is noticed before a visitor notices it."""

from __future__ import annotations

import json

import pytest

from tests.expected_samples import FILE, MEASURES


@pytest.mark.parametrize("model", MEASURES)
def test_every_bundled_sample_is_answered_as_it_was_when_the_weights_were_made(model: str) -> None:
    assert MEASURES[model]() == json.loads(FILE.read_text(encoding="utf-8"))[model]
