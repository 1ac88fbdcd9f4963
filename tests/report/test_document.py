import json
from dataclasses import replace

import pytest

from mmcore.report import document
from tests.figures.results import explanation, result


def test_the_document_is_the_contracts_and_carries_notice_grade_and_licence():
    read = json.loads(document.text(result()))
    assert read == json.loads(document.line(result())) == json.loads(json.dumps(result().to_json()))
    assert read["notice"] == "Not a medical device." and read["grade"] == "held-out patients" and read["licence"].startswith("Trained on")
    assert read["generated"] is True and read["predictions"][0] == {"label": "NEV", "name": "Nevus", "probability": 0.60}


def test_a_line_is_one_line():
    assert "\n" not in document.line(result())


def test_a_number_that_json_cannot_say_is_refused():
    with pytest.raises(ValueError):
        document.text(replace(result(), explanation=explanation(interaction=float("nan"))))
