import numpy as np

from mmcore.report.picture import SIDE, patches, png_uri, with_evidence
from tests.figures.results import explanation


def test_the_patches_of_a_picture_are_read_from_its_evidence_alone():
    boxes, scores = patches(explanation(), "image")
    assert boxes.shape == (4, 4) and list(scores) == [0.20, -0.10, 0.0, 0.05]
    assert len(patches(explanation(), "record")[0]) == 0 and len(patches(None, "image")[0]) == 0


def test_a_large_picture_is_shrunk_and_its_evidence_still_lies_where_it_was():
    pixels = np.full((1000, 2000, 3), 128, np.uint8)
    shown = with_evidence(pixels, np.array([[0, 0, 1000, 1000], [1000, 0, 1000, 1000]]), np.array([0.2, -0.2])).astype(int)
    assert shown.shape == (SIDE // 2, SIDE, 3)
    assert shown[140, 40, 2] > 150 > shown[140, 40, 0] and shown[140, -40, 0] > 150 > shown[140, -40, 2]


def test_without_evidence_the_picture_is_unchanged():
    pixels = np.full((10, 10, 3), 77, np.uint8)
    boxes, scores = patches(None, "image")
    assert (with_evidence(pixels, boxes, scores) == pixels).all()
    assert png_uri(pixels).startswith("data:image/png;base64,")
