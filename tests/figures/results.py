"""Results built by hand, for figures and reports: every number in them is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mmcore.case import Case, Input, Picture, Record
from mmcore.model_spec import DataSpec, Field, InputSpec, Label, ModelSpec
from mmcore.result import Confidence, Evidence, Explanation, InputReport, LabelProbability, Result

TITLES = {"image": "Photo", "record": "Clinical record"}

SPEC = ModelSpec(
    name="toy",
    title="Toy lesions",
    domain="toy",
    task="classification",
    grade="held-out patients",
    grade_help="Measured on others.",
    notice="Not a medical device.",
    licence="Trained on nothing (CC0).",
    labels=(Label("MEL", "Melanoma"), Label("NEV", "Nevus"), Label("BCC", "Basal cell carcinoma")),
    inputs={
        "image": InputSpec("picture", "Photo", "none"),
        "record": InputSpec(
            "record",
            "Clinical record",
            "none",
            fields=(
                Field("age", "Age", "number", unit="years", range=(0.0, 120.0)),
                Field("bleed", "Bleeds", "flag"),
                Field("region", "Region", "category", values=("FACE", "BACK")),
            ),
        ),
    },
    data=DataSpec("t.csv", "label", "subject"),
    groups={"malignant": ["MEL", "BCC"]},
)


def explanation(**changes: Any) -> Explanation:
    """Base 10 %, photo +30, record -15: together 25 %; interaction +5."""
    built = Explanation(
        target="MEL",
        values={"": 0.10, "image": 0.35, "record": -0.05 + 0.0, "image+record": 0.25},
        base=0.10,
        shares={"image": 0.30, "record": -0.15},
        interaction=0.05,
        evidence=(
            Evidence("record", {"field": "bleed"}, -0.12, "True"),
            Evidence("record", {"field": "age"}, 0.03, "61"),
            Evidence("image", {"box": [0, 0, 20, 20]}, 0.20),
            Evidence("image", {"box": [20, 0, 20, 20]}, -0.10),
            Evidence("image", {"box": [0, 20, 20, 20]}, 0.0),
            Evidence("image", {"box": [20, 20, 20, 20]}, 0.05),
        ),
        reasoning=("The photo speaks for melanoma.", "The record speaks against it."),
        edits={"bleed": {"False": 0.45, "True": 0.25}, "region": {"FACE": 0.24, "BACK": 0.20}},
    )
    return replace(built, **changes)


def result(**changes: Any) -> Result:
    """Nevus 60 %, melanoma 25 %, basal cell carcinoma 15 %; the set holds the first two."""
    built = Result(
        model="toy",
        version="f" * 64,
        case="a" * 64,
        grade="held-out patients",
        notice="Not a medical device.",
        licence="Trained on nothing (CC0).",
        inputs={"image": InputReport(True), "record": InputReport(True, ("age: 430 is above 120, taken as missing",))},
        predictions=(
            LabelProbability("NEV", "Nevus", 0.60),
            LabelProbability("MEL", "Melanoma", 0.25),
            LabelProbability("BCC", "Basal cell carcinoma", 0.15),
        ),
        groups={"malignant": 0.40},
        confidence=Confidence(0.9, ("NEV", "MEL"), False, (), "image+record", 120),
        explanation=explanation(),
        timings_ms={"read": 1.0},
        generated=True,
    )
    return replace(built, **changes)


def case(title: str = "A mole") -> Case:
    """A photo of 40 by 40 grey pixels with a record."""
    pixels = np.full((40, 40, 3), 128, np.uint8)
    record = Record({"age": 61.0, "bleed": "True", "region": None})
    return Case({"image": Input(Picture(pixels, "JPEG", "0" * 64)), "record": Input(record)}, title=title, generated=True)
