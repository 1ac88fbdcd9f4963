"""A Result with every part filled, as an analysis gives it."""

from pathlib import Path

from mmcore.model_spec import read_spec
from mmcore.result import Confidence, Evidence, Explanation, InputReport, LabelProbability, Result

SPEC = read_spec(Path(__file__).resolve().parents[2] / "mmcore" / "models" / "skin_lesion")


def result(**changes) -> Result:
    told = {
        "model": "skin_lesion",
        "version": "v" * 64,
        "case": "c" * 64,
        "grade": SPEC.grade,
        "notice": SPEC.notice,
        "licence": SPEC.licence,
        "inputs": {"image": InputReport(True), "record": InputReport(True, ("age: not understood, taken as missing",))},
        "predictions": (LabelProbability("MEL", "Melanoma", 0.61), LabelProbability("NEV", "Nevus", 0.39)),
        "groups": {"malignant": 0.61},
        "confidence": Confidence(0.9, ("MEL", "NEV"), False, (), "image+record", 120),
        "explanation": Explanation(
            "MEL",
            {"": 0.06, "image": 0.3, "record": 0.27, "image+record": 0.61},
            0.06,
            {"image": 0.29, "record": 0.26},
            0.1,
            (Evidence("record", {"field": "bleed"}, 0.11, "True"), Evidence("image", {"box": [0, 0, 32, 32]}, -0.2)),
            ("The photo speaks for melanoma.",),
        ),
        "timings_ms": {"encode": 20.0},
        "generated": True,
    }
    return Result(**(told | changes))
