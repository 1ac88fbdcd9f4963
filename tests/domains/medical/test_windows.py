import numpy as np

from mmcore.domains.medical.windows import presets
from mmcore.readers.dicom_frame import Frame, Window, plain_frame


def frame(modality: str, body_part: str = "", inverted: bool = False, units: str = "") -> Frame:
    values = np.arange(10_000, dtype=np.uint16).reshape(100, 100)
    whole = (Window("Whole range", 5000, 10_000),)
    return Frame(values, 1.0, -1000.0, inverted, whole, None, units, None, False, 1.0, ("",) * 4, None, modality, body_part, "")


def test_ct_has_the_windows_of_its_body_part_in_hounsfield_units():
    assert [w.name for w in presets(frame("CT", "CHEST", units="HU"))][:2] == ["Lung", "Mediastinum"]
    lung = presets(frame("CT", "CHEST", units="HU"))[0]
    assert (lung.centre, lung.width) == (-600, 1500)
    assert presets(frame("CT", "HEAD"))[0].name == "Brain" and presets(frame("CT", ""))[0].name == "Soft tissue"
    assert "Lung" not in [w.name for w in presets(frame("CT", "CHEST", units="MGML"))]


def test_lungs_of_an_x_ray_are_its_dark_part_whichever_way_its_numbers_run():
    plain, turned = (next(w for w in presets(frame("DX", "CHEST", inverted)) if w.name == "Lungs") for inverted in (False, True))
    assert abs(plain.centre - (-1000 + 0.305 * 10_000)) < 60 and abs(turned.centre - (-1000 + 0.695 * 10_000)) < 60


def test_colour_and_a_picture_of_one_grey_have_none():
    assert presets(plain_frame(np.zeros((20, 20, 3), np.uint8))) == ()
    one = frame("MR")
    assert presets(Frame(**{**vars(one), "values": np.full((20, 20), 7, np.uint16)})) == ()
