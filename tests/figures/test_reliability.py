from mmcore.figures import reliability

BINS = {
    "bins": [
        {"confidence": 0.85, "accuracy": 0.8, "n": 100},
        {"confidence": 0.35, "accuracy": 0.4, "n": 25},
        {"confidence": 0.05, "accuracy": 0.0, "n": 0},
    ]
}


def test_empty_bins_are_left_out_and_the_rest_is_in_order():
    assert [b["n"] for b in reliability.filled(BINS)] == [25, 100]


def test_the_dots_lie_at_confidence_and_accuracy_with_their_area_by_cases():
    dots = reliability.draw(BINS).data[1]
    assert list(dots.x) == [0.35, 0.85] and list(dots.y) == [0.4, 0.8]
    assert dots.marker.size[1] == 2 * dots.marker.size[0]


def test_the_words_count_the_cases():
    assert "said 85%, right 80% (100 cases)" in reliability.alt(BINS)
    assert reliability.alt({}) == "Reliability diagram: no cases."


def test_the_headline_says_how_far_off():
    assert reliability.headline("photo and record", 0.044) == "With photo and record, what the model says is 4 points off on average."
