from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore.case import Picture
from mmcore.library import SHIPPED
from mmcore.model_spec import InputSpec, read_spec
from mmcore.readers.case_inputs import picture_input
from mmcore.readers.fit import unfit
from tests.readers.test_study import dicom

CHEST = InputSpec("picture", "Chest X-ray", "any", modalities=("CR", "DX"), body_parts=("CHEST",), views=("PA", "AP"), grey=True)


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"Modality": "CT"}, "this is a CT, not a chest X-ray"),
        ({"Modality": "ZZ"}, "this is a picture of the kind ZZ"),
        ({"Modality": "CR", "BodyPartExamined": "EXTREMITY"}, "another part of the body (extremity)"),
        ({"Modality": "CR", "BodyPartExamined": "CHEST", "ViewPosition": "LATERAL"}, "its view as lateral"),
        ({"Modality": "CR", "ViewPosition": "LL"}, "has seen PA and AP alone"),
        ({"Modality": "CR", "ViewPosition": "AP SUPINE"}, ""),
        ({"Modality": "DX", "BodyPartExamined": "PORT CHEST"}, ""),
        ({}, ""),
    ],
)
def test_what_the_tags_say_of_a_picture_is_warned_about_where_it_does_not_fit(tags: dict[str, str], said: str) -> None:
    warnings = picture_input(dicom(100, **tags), CHEST).warnings
    assert said in warnings[0] and any("means nothing" in text for text in warnings) == bool(said)


@pytest.mark.parametrize(
    ("modality", "said"), [("CT", "this is a CT, not a photo"), ("DX", "this is an X-ray, not a photo"), ("XC", ""), ("", "")]
)
def test_the_model_of_skin_says_that_a_picture_of_another_apparatus_is_no_photo(modality: str, said: str) -> None:
    photo = read_spec(SHIPPED / "skin_lesion").inputs["image"]
    warnings = picture_input(dicom(100, **({"Modality": modality} if modality else {})), photo).warnings
    assert any(said in text and "means nothing" in text for text in warnings) if said else not any("means nothing" in w for w in warnings)


def test_a_photo_does_not_fit_where_pictures_are_grey_and_a_tinted_film_does() -> None:
    def picture(*colour: int) -> Picture:
        return Picture(np.full((300, 40, 3), colour, np.uint8), "JPEG", "0")

    assert "in colour, not a chest X-ray" in unfit(picture(205, 160, 140), CHEST)[0]
    assert unfit(picture(130, 130, 150), CHEST) == () and unfit(picture(205, 160, 140), replace(CHEST, grey=False)) == ()
