"""Words in pictures, drawn with known words at known places."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mmcore.encoders import words_in_pictures
from mmcore.encoders.words_in_pictures import read_words
from mmcore.errors import ModelError


def drawn(lines: dict[tuple[int, int], str], size: tuple[int, int] = (640, 360), ground: int = 30, height: int = 28) -> np.ndarray:
    picture = Image.new("RGB", size, (ground,) * 3)
    for place, text in lines.items():
        ImageDraw.Draw(picture).text(place, text, fill=(240, 240, 240), font=ImageFont.load_default(height))
    return np.asarray(picture)


def test_lines_are_read_with_their_spaces_from_top_to_bottom_and_in_their_place() -> None:
    found = read_words(drawn({(40, 30): "Breaking news from the coast", (300, 280): "Season 2 Episode 14"}))
    assert [line.text for line in found] == ["Breaking news from the coast", "Season 2 Episode 14"]
    left, top, right, bottom = found[1].box
    assert 285 < left < 310 and 270 < top < 295 and 500 < right < 620 and 295 < bottom < 325
    assert all(0.8 < line.score <= 1 for line in found)


def test_burned_in_words_of_a_grey_picture_are_read() -> None:
    grey = drawn({(30, 40): "PORTABLE AP", (30, 900): "SMITH^JOHN 12/03/1948"}, (1000, 1000), 8)[..., 0]
    text = " ".join(line.text for line in read_words(grey))
    assert "PORTABLE AP" in text and "SMITH" in text and "1948" in text


def test_a_picture_without_words_has_none_whatever_its_size() -> None:
    rng = np.random.default_rng(0)
    assert read_words(drawn({})) == []
    assert read_words(rng.integers(0, 255, (3, 2, 3)).astype(np.uint8)) == []
    assert read_words(np.full((20, 2400, 3), 255, np.uint8)) == []


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    words_in_pictures._networks.cache_clear()
    monkeypatch.setattr(words_in_pictures, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="rapidocr is not installed"):
        read_words(drawn({}))
    words_in_pictures._networks.cache_clear()
