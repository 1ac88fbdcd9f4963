"""What is sent to the browser: the numbers of each frame where the facts say, and a word on each frame that cannot be read."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.case import Picture, Series
from pages.shared.viewer import stack
from tests.readers.test_dicom import RAMP, dataset, save
from tests.readers.test_dicom_frame import overlay

KINDS = {"u8": np.uint8, "u16": np.uint16, "i16": np.int16}


def values(block: stack.Block, number: int) -> np.ndarray:
    facts = block.frames[number]
    count = facts["w"] * facts["h"]
    return np.frombuffer(block.data, KINDS[facts["kind"]], count, facts["at"]).reshape(facts["h"], facts["w"])


def many(count: int) -> bytes:
    ds = dataset(np.concatenate([RAMP + i for i in range(count)]), NumberOfFrames=str(count))
    ds.Rows = 64
    return save(ds)


def test_frames_of_several_files_follow_each_other_with_their_overlays():
    marked = save(overlay(dataset(RAMP[:, :63].copy()), np.eye(63, dtype=bool)))
    block = stack.block(Series("", (many(3), marked), (3, 1), "x"), 0)
    assert block.start == 0 and len(block.frames) == 4
    assert all((values(block, i) == RAMP + i).all() for i in range(3)) and (values(block, 3) == RAMP[:, :63]).all()
    bits = np.frombuffer(block.data, np.uint8, offset=block.frames[3]["mask"])
    drawn = np.unpackbits(bits, bitorder="little")[: 64 * 63].reshape(64, 63)
    assert drawn.sum() == 63 and drawn[5, 5] and block.frames[0]["mask"] == -1
    assert all(facts["at"] % 8 == 0 for facts in block.frames)


def test_a_frame_that_cannot_be_read_says_so_and_the_others_are_there():
    block = stack.block(Series("", (many(2), b"DICM" + bytes(300)), (2, 1), "x"), 1)
    assert "error" in block.frames[2] and (values(block, 1) == RAMP + 1).all()


def test_a_long_series_comes_in_blocks_of_a_bounded_size(monkeypatch):
    monkeypatch.setattr(stack, "BLOCK_BYTES", 3 * (RAMP.nbytes + 1))
    series = Series("", (many(8),), (8,), "x")
    assert [(stack.block(series, at).start, len(stack.block(series, at).frames)) for at in (0, 4, 7)] == [(0, 3), (3, 3), (6, 2)]


def test_a_claim_of_a_million_frames_ends():
    block = stack.block(Series("", (save(dataset(RAMP)),), (1_000_000,), "x"), 0)
    assert len(block.frames) <= stack.BLOCK_FRAMES and (values(block, 0) == RAMP).all()


def test_a_photo_is_one_frame_in_colour():
    block = stack.single(Picture(np.full((4, 6, 3), 9, np.uint8), "PNG", "0"))
    assert block.frames[0]["kind"] == "rgb" and block.data[:72] == bytes([9]) * 72


@pytest.mark.parametrize("position", [-1, 3, 99])
def test_a_position_outside_the_series_is_an_error(position):
    with pytest.raises(IndexError):
        Series("", (many(3),), (3,), "x").locate(position)
