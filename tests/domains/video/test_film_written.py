"""Reading of words on the screen is measured right: errors by letters and words, lines drawn where they are said to be."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.domains.video.captions import FAINT, LANGUAGES, ON_A_BOX, OUTLINED, STYLES, draw
from mmcore.domains.video.film_written import letters_wrong, line_error, shared_words
from mmcore.encoders.words_in_pictures import read_words

GROUND = np.full((360, 640, 3), 90, np.uint8)


def test_letters_are_counted_as_edits() -> None:
    assert letters_wrong("kitten", "sitting") == 3 and letters_wrong("", "abc") == 3 and letters_wrong("same", "same") == 0
    assert line_error(["Gate B1", "Gate 817"], "Gate B17") == pytest.approx(1 / 8) and line_error([], "Gate B17") == 1.0


def test_words_are_counted_once_each_and_whole() -> None:
    assert shared_words(["Mind THE gap", "gap"], ["mind the gap"]) == (3, 4, 3)
    assert shared_words(["Mindthe gap"], ["Mind the gap"]) == (1, 2, 3)


@pytest.mark.parametrize("style", STYLES)
def test_lines_are_drawn_inside_the_picture_and_in_their_boxes(style: str) -> None:
    for seed in range(20):
        picture, boxes = draw(GROUND, LANGUAGES["English"][:2], 14, style, np.random.default_rng(seed))
        changed = np.abs(picture.astype(int) - GROUND).max(-1) > 8
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        left, top, right, bottom = (f(box[i] for box in boxes) for i, f in enumerate((min, min, max, max)))
        room = 8 if style == ON_A_BOX else 3
        assert top - room <= rows[0] <= top + room and bottom - room <= rows[-1] <= bottom + room
        assert left - room <= columns[0] <= left + room and right - room <= columns[-1] <= right + room
        assert changed[0].sum() == 0 and columns[-1] < 639


def test_clear_lines_are_read_as_they_were_drawn() -> None:
    for style in (OUTLINED, FAINT):
        picture, _ = draw(GROUND, LANGUAGES["German"][:2], 20, style, np.random.default_rng(1))
        assert tuple(line.text for line in read_words(picture)) == LANGUAGES["German"][:2]
