from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mmcore.explain.reasoning import Facts, points, reasoning
from mmcore.wording import NBSP

FACTS = Facts(
    target="Melanoma",
    probability=0.61,
    rank=1,
    classes=6,
    names={"image": "photo", "record": "clinical record"},
    values={"": 0.06, "image": 0.3, "record": 0.27, "image+record": 0.61},
    shares={"image": 0.29, "record": 0.26},
    interaction=0.10,
    leading={"": ("Nevus", 0.4), "image": ("Nevus", 0.5), "record": ("Melanoma", 0.27), "image+record": ("Melanoma", 0.61)},
    fields=[("bleeds: yes", 0.11), ("age: 61 years", 0.04), ("itches: no", -0.02)],
    patches=(("in the centre", 0.2), ("at the right", -0.3), 5),
    edit=("region", "face", "Basal cell carcinoma", 0.5),
    set_names=["Melanoma", "Nevus"],
    level=0.9,
    calibration_n=120,
)
ALONE = replace(FACTS, names={"record": "clinical record"}, values={"": 0.06, "record": 0.27}, shares={"record": 0.21}, patches=None)
PLAIN = replace(FACTS, fields=[], edit=None, interaction=0.0, patches=None, set_names=["Melanoma"])
WEAK = (("at the left", 0.011), ("at the right", 0.0), 1)
AGAINST = replace(FACTS, rank=4, interaction=-0.1, fields=[("itches: no", -0.02)], patches=WEAK)


SPREAD = replace(FACTS, patches=(("at the left", -0.0001), ("at the right", -0.001), 0))


@pytest.mark.parametrize("facts", [FACTS, ALONE, PLAIN, AGAINST, SPREAD, replace(FACTS, unlike=["photo"])])
def test_every_sentence_has_a_measured_number(facts: Facts) -> None:
    sentences = reasoning(facts)
    assert len(sentences) >= 2
    for sentence in sentences:
        assert re.search(r"\d", sentence), sentence
        assert sentence[0].isupper() and sentence.endswith(".") and "  " not in sentence


def test_the_chain_says_what_was_measured() -> None:
    text = " ".join(reasoning(FACTS)).replace(NBSP, " ")
    for said in (
        "Melanoma is the most probable of 6 classes at 61 %", "it was 6 %", "photo alone gives 30 %", "clinical record alone gives 27 %",
        "together 61 %", "photo +29 points", "clinical record +26 points", "10 points more than the sum", "bleeds: yes (+11 points)",
        "itches: no (−2 points)", "in the centre", "20.0 points", "5 patches",
        "Against it in the picture: the patch at the right; blurring it adds 30.0 points",
        "Without the clinical record the answer would be Nevus with 50 %",
        "If region were face, the answer would be Basal cell carcinoma with 50 %",
        "At 90 % certainty the answer lies among Melanoma and Nevus", "120 cases",
    ):  # fmt: skip
        assert said in text


def test_a_picture_without_a_strong_patch_is_said_to_be_that() -> None:
    text = " ".join(reasoning(SPREAD))
    assert "No single patch" in text and "takes 0.0 points" in text and "at the left" not in text


def test_taking_away_what_does_not_change_the_answer_is_not_mentioned() -> None:
    assert "Without the photo" not in " ".join(reasoning(FACTS))


def test_a_single_input_is_not_compared_with_others() -> None:
    text = " ".join(reasoning(ALONE))
    assert "alone" not in text and "Shared" not in text and "Without" not in text


def test_a_class_alone_in_its_set_stands_alone_and_a_lower_rank_is_named() -> None:
    assert "Melanoma stands alone" in reasoning(PLAIN)[-1]
    assert "number 4 of 6" in reasoning(AGAINST)[0]
    assert "10 points less" in " ".join(reasoning(AGAINST))


def test_of_an_input_unlike_anything_seen_no_set_is_promised() -> None:
    one, many = (reasoning(replace(facts, unlike=["photo"]))[-1].replace(NBSP, " ") for facts in (PLAIN, FACTS))
    assert one.startswith("No guarantee here: at 90 % certainty Melanoma would stand alone, but the photo is unlike the 120 cases")
    assert "would lie among Melanoma and Nevus, but the photo is unlike" in many
    both = reasoning(replace(FACTS, unlike=["photo", "clinical record"]))[-1]
    assert "the photo and the clinical record are unlike" in both


def test_words_of_the_note_are_reasons_as_entries_of_the_record_are() -> None:
    text = " ".join(reasoning(replace(FACTS, words=[("febrile", 0.08), ("No chest", -0.01)])))
    assert "In the note, “febrile” (+8 points) speaks for it." in text and "Against it in the note: “No chest” (−1 point)." in text


def test_two_patches_of_one_place_are_two() -> None:
    text = " ".join(reasoning(replace(FACTS, patches=(("in the centre", 0.2), ("in the centre", -0.3), 5))))
    assert "the patch in the centre speaks most" in text and "Against it in the picture: another patch in the centre" in text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.123, "+12 points"), (-0.05, "−5 points"), (0.01, "+1 point"), (-0.01, "−1 point"), (0.11, "+11 points"),
     (0.004, "less than a point"), (-0.001, "less than a point")],
)  # fmt: skip
def test_points_are_signed_and_small_ones_are_said_to_be_small(share: float, text: str) -> None:
    assert points(share) == text
