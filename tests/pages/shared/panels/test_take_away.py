import pytest

from mmcore.errors import InputError, TriptychError
from pages.shared.panels.take_away import _made


def test_a_report_that_cannot_be_made_is_not_handed_out_and_the_reason_is_kept_until_it_can():
    failed: dict[str, TriptychError] = {}

    def refuse() -> bytes:
        raise InputError("the tags do not fit", "Take the PDF")

    with pytest.raises(InputError, match="the tags do not fit"):
        _made("DICOM report", refuse, failed)
    assert failed["DICOM report"].hint == "Take the PDF"
    assert _made("DICOM report", lambda: b"DICM", failed) == b"DICM" and not failed
