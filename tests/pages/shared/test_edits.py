import pytest

from mmcore.model_spec import Field
from pages.shared.edits import checked

AGE = Field("age", "Age", "number", range=(0.0, 120.0))
REGION = Field("region", "Region", "category", values=("FACE", "BACK"))
BLEED = Field("bleed", "Bleeds", "flag")


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        (AGE, 61, 61.0),
        (AGE, 430, None),
        (AGE, float("nan"), None),
        (REGION, "FACE", "FACE"),
        (REGION, "MOON", None),
        (BLEED, "True", "True"),
        (BLEED, "maybe", None),
        (BLEED, None, None),
    ],
)
def test_only_what_the_schema_allows_reaches_the_record(field, given, kept):
    assert checked(field, given) == kept
