"""The mouth is cut where it lies in the face, on a regular clock, and is empty where there is no face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmcore.encoders.mouth import CROP_SIZE, cut, mouth_box, track_mouth
from mmcore.readers.footage import frames
from mmcore.readers.media import read_media
from tests.project.tree import REPO

GRID = REPO.parent / "shared/data/video_grid_s1/clips"


def test_without_a_face_the_crops_are_empty() -> None:
    track = track_mouth([(i / 10, np.full((60, 80), 90, np.uint8)) for i in range(20)], 2.0)
    assert track.crops.shape == (50, *CROP_SIZE)
    assert track.found == 0 and not track.crops.any() and np.isnan(track.boxes).all()


def test_a_crop_is_the_part_of_the_picture_in_its_box() -> None:
    picture = np.zeros((100, 200), np.uint8)
    picture[40:64, 60:100] = 200
    assert (cut(picture, np.array([60, 40, 40, 24.0])) == 200).mean() > 0.9
    assert cut(picture, np.array([120, 40, 40, 24.0])).max() == 0


def test_the_mouth_lies_in_the_lower_middle_of_the_face() -> None:
    x, y, w, h = mouth_box(np.array([10, 20, 100, 100.0]))
    assert x + w / 2 == pytest.approx(60) and 85 < y + h / 2 < 115 and w > h


@pytest.mark.data
@pytest.mark.skipif(not GRID.is_dir(), reason="needs ../shared/data/video_grid_s1")
def test_a_speakers_mouth_is_followed_and_moves() -> None:
    path = sorted(GRID.iterdir())[0]
    media = read_media(Path(path))
    track = track_mouth(((f.time_s, f.pixels) for f in frames(media, grey=True)), media.seconds)
    assert track.found > 0.8 and track.crops.shape[0] == 75
    assert np.abs(np.diff(track.crops.astype(int), axis=0)).mean() > 0.5
    assert np.nanstd(track.boxes, axis=0).max() < 12
