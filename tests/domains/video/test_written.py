"""Words on the screen followed through a film of drawn pictures: read where it changed, kept where it did not."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pytest

from mmcore.domains.video import written
from mmcore.domains.video.written import SIDE, ScreenReader, Written
from mmcore.encoders.words_in_pictures import Region, WrittenLine, read_words
from mmcore.readers.footage import Frame
from tests.encoders.test_words_in_pictures import drawn

SIZE, LOOK_S = (854, 480), 0.2
WHOLE = (0, 0, *SIZE)
TOP, BOTTOM = {(60, 40): "Breaking news from the coast"}, {(420, 400): "Gate closes soon"}


def follow(scenes: list[np.ndarray], monkeypatch: pytest.MonkeyPatch, scene_s: float = 2.0) -> tuple[list[Written], list[Region]]:
    """The lines of a film that shows each scene for two seconds, and the parts that were read."""
    parts: list[Region] = []

    def noted(pixels: np.ndarray, region: Region = WHOLE) -> list[WrittenLine]:
        parts.append(region)
        return read_words(pixels, region=region)

    monkeypatch.setattr(written, "read_words", noted)
    reader = ScreenReader(scene_s * len(scenes))
    for number, pixels in enumerate(scenes):
        looked = cv2.resize(pixels, (320, 180), interpolation=cv2.INTER_AREA)
        for at in np.arange(0, scene_s, LOOK_S):
            reader.look(Frame(number * scene_s + float(at), looked, partial(_same, pixels)))
    return reader.lines(), parts


def _same(pixels: np.ndarray, side: int) -> np.ndarray:
    return pixels


def share(part: Region) -> float:
    left, top, right, bottom = part
    return (right - left) * (bottom - top) / (SIZE[0] * SIZE[1])


def test_lines_come_stay_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, parts = follow([drawn(lines, SIZE) for lines in (TOP, TOP | BOTTOM, TOP)], monkeypatch)
    assert [(line.text, line.start_s, line.end_s) for line in lines] == [
        ("Breaking news from the coast", 0.0, 6.0), ("Gate closes soon", pytest.approx(2.0, abs=0.5), pytest.approx(4.0, abs=0.5))
    ]  # fmt: skip
    first, looked, again, gone = parts
    assert first == again == gone == WHOLE and share(looked) < 0.4
    left, top, right, bottom = lines[1].box
    assert left == pytest.approx(420 / 854, abs=0.02) and top == pytest.approx(400 / 480, abs=0.03)
    assert right < 0.8 and bottom < 0.93


def test_where_nothing_is_written_only_what_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = drawn(TOP, SIZE)
    with_box = plain.copy()
    with_box[300:400, 500:640] = 180
    lines, parts = follow([plain, with_box, plain], monkeypatch)
    assert [(line.text, line.end_s) for line in lines] == [("Breaking news from the coast", 6.0)]
    assert parts[0] == WHOLE and len(parts) == 3 and all(share(part) < 0.4 and part[1] > 100 for part in parts[1:])


def test_a_line_of_which_only_the_end_changes_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"The night train to Rome is {end}" for end in ("on time", "CANCELLED TODAY")]
    lines, parts = follow([drawn({(60, 40): text}, SIZE) for text in texts], monkeypatch)
    assert parts == [WHOLE, WHOLE]
    assert [line.text for line in lines] == texts
    assert lines[0].end_s == lines[1].start_s == pytest.approx(2.0, abs=0.5)


def test_a_number_that_rises_is_read_each_time_and_one_that_stays_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, parts = follow([drawn({(60, 40): f"SCORE {number}"}, SIZE) for number in (0, 5, 10)], monkeypatch)
    assert [line.text for line in lines] == ["SCORE 0", "SCORE 5", "SCORE 10"] and len(parts) == 3
    assert [line.start_s for line in lines] == pytest.approx([0, 2, 4], abs=0.5) and lines[0].end_s == lines[1].start_s
    rng = np.random.default_rng(0)
    noisy = [np.clip(drawn(TOP, SIZE) + rng.normal(0, 6, (SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8) for _ in range(3)]
    assert len(follow(noisy, monkeypatch)[1]) == 1


def test_a_picture_that_changes_all_over_is_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = {(60, y): "Breaking news from the coast, more at nine" for y in range(20, 440, 60)}
    lines, parts = follow([drawn(TOP, SIZE), drawn(everywhere, SIZE)], monkeypatch)
    assert parts[-1] == WHOLE and len(lines) >= 7


def test_a_part_is_read_as_large_as_in_the_whole_picture_and_its_boxes_are_of_the_whole() -> None:
    small = cv2.resize(drawn(TOP | BOTTOM, SIZE), (427, 240), interpolation=cv2.INTER_AREA)
    (whole,) = (line for line in read_words(small) if line.text == "Gate closes soon")
    (part,) = read_words(small, region=(190, 180, 427, 240))
    assert part.text == whole.text and part.box == pytest.approx(whole.box, abs=3.0)
    assert max(SIZE) <= SIDE


def test_a_film_of_one_pixel_is_read_without_a_word() -> None:
    reader = ScreenReader(4.0)
    for at in range(20):
        pixel = np.full((1, 1, 3), 255 * (at // 10), np.uint8)
        reader.look(Frame(at * LOOK_S, pixel, partial(_same, pixel)))
    assert reader.lines() == [] and reader.read == 2
