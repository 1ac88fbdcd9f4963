"""The chest page's viewer as the server sees it: what is sent, which frame is analysed, series, tags, the prior."""

from __future__ import annotations

import json
import re
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from pages.shared.panels import tags
from tests.pages.conftest import settled, words
from tests.pages.test_medical import field, upload
from tests.pages.test_medical_chest import DICOM, SAMPLES

FRAMES = (SAMPLES / "frames" / "picture.dcm").read_bytes()


@pytest.fixture
def show(open_page):
    return lambda **where: open_page("medical", model="chest_xray", **where)


def viewers(app) -> list[dict]:
    """What each viewer on the page was given."""
    return [json.loads(item.proto.json) for item in app.get("bidi_component")]


def place_key(app) -> str:
    chosen = app.session_state["medical.chosen"]
    return f"place.{chosen.serial}.{chosen.link}.image"


def title(app) -> str:
    return next(item.value for item in app.markdown if item.value.startswith("# ")).replace("\\", "")


def study() -> tuple[tuple[str, bytes], ...]:
    """Two pictures of one study."""
    other = dcmread(SAMPLES / "with_prior" / "prior" / "picture.dcm")
    other.SeriesNumber, other.SeriesInstanceUID = "7", "1.2.3.7"
    stream = BytesIO()
    other.save_as(stream)
    return ("a.dcm", DICOM), ("b.dcm", stream.getvalue())


def test_a_dicom_picture_is_shown_in_the_viewer_with_its_windows_marks_and_evidence(show):
    (viewer,) = viewers(show(case="picture_alone"))
    pane = viewer["panes"][0]
    facts = pane["block"]["frames"][0]
    assert (facts["w"], facts["h"], facts["kind"]) == (1841, 1955, "u16") and facts["edges"] == ["R", "H", "L", "F"]
    assert [window["name"] for window in facts["windows"]] == ["As the file says", "All but the extremes", "Lungs", "Mediastinum and bone"]
    assert facts["spacing"] is None  # the file says 0
    surface = [v for v in pane["layers"][0]["values"] if v is not None]
    assert viewer["layers"][0]["name"] == "Evidence" and max(map(abs, surface)) <= pane["layers"][0]["full"]
    assert pane["block"]["url"].endswith(".bin")


def test_a_photo_keeps_its_figure(open_page):
    app = open_page("medical", case="clear_nevus")
    assert viewers(app) == [] and any("photo" in slider.label for slider in app.slider)


def test_another_frame_is_analysed_once_it_is_chosen_and_the_page_says_which(show):
    app = show(case="frames")
    assert "Analysed: frame 1 of 6" in words(app) and viewers(app)[0]["panes"][0]["count"] == 6
    before = app.session_state["medical.chosen"].case.digest
    app.session_state[place_key(app)] = (0, 4)
    settled(app.run())
    text = words(app)
    assert "Analysed: frame 5 of 6" in text and "chest X-ray: frame 5 of 6" in text
    assert viewers(app)[0]["panes"][0]["analysed"] == 4 and app.session_state["medical.chosen"].case.digest == before
    settled(app.button(key="reset_edits").click().run())
    assert "Analysed: frame 1 of 6" in words(app)


def test_a_frame_that_cannot_be_read_leaves_the_one_before_and_says_so(show):
    last = FRAMES.rfind(b"\xff\xd8\xff")
    app = upload(show(), ("cut.dcm", FRAMES[:last] + bytes(60) + FRAMES[last + 60 :]))
    settled(app)
    app.session_state[place_key(app)] = (0, 5)
    settled(app.run())
    assert "The frame chosen cannot be analysed: the DICOM picture is damaged" in words(app) and "ost probable" in words(app)
    pane = viewers(app)[0]["panes"][0]
    assert pane["analysed"] == 0 and "damaged" in pane["block"]["frames"][5]["error"]
    assert title(app) == "# Your case: cut.dcm"


def test_a_series_of_a_study_can_be_chosen(show):
    app = upload(show(), *study())
    menu = next(box for box in app.selectbox if box.key and box.key.startswith("series."))
    assert [option.split(",")[0] for option in menu.options] == ["series 1", "series 7"]
    settled(menu.set_value(1).run())
    assert viewers(app)[0]["panes"][0]["block"]["frames"][0]["w"] == 920 and "series 7" in words(app)


def test_the_title_names_the_picture_that_is_analysed(show):
    app = upload(show(), *study(), ("note.txt", b"Fever and cough for three days."))
    assert title(app) == "# Your case: a.dcm + note.txt"
    settled(next(box for box in app.selectbox if box.key and box.key.startswith("series.")).set_value(1).run())
    assert title(app).startswith("# Your case: series 7") and title(app).endswith(" + note.txt") and "a.dcm" not in title(app)
    settled(app.button(key="reset_edits").click().run())
    assert title(app) == "# Your case: a.dcm + note.txt"


def test_the_title_names_the_frame_of_one_file(show):
    app = upload(show(), ("many.dcm", FRAMES))
    app.session_state[place_key(app)] = (0, 4)
    assert title(settled(app.run())) == "# Your case: many.dcm, frame 5 of 6"


def shown_tags(app) -> list[list[str]]:
    """The cells of the table of tags, row by row."""
    body = next(item.proto.body for item in app.get("html") if "<thead>" in item.proto.body)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)][1:]


def test_tags_are_searched_and_those_that_identify_are_hidden_until_asked_for(show):
    app = show(case="picture_alone")
    values = {row[2]: row[1] for row in shown_tags(app)}
    assert values["(0010,0010)"] == "hidden" and values["(0028,0010)"] == "1955"
    find = next(box for box in app.text_input if box.key and box.key.startswith("tags."))
    find.set_value("CompressedSamples").run()
    assert not shown_tags(app)  # a hidden value is not found by searching for it
    next(toggle for toggle in app.toggle if toggle.key and toggle.key.startswith("tags.")).set_value(True).run()
    assert [row[0] for row in shown_tags(app)] == ["Patient&#x27;s Name"]


def test_what_was_revealed_has_no_button_that_saves_it_and_is_no_markup(show):
    app = show(case="picture_alone")
    next(toggle for toggle in app.toggle if toggle.key and toggle.key.startswith("tags.")).set_value(True).run()
    assert shown_tags(app) and not app.dataframe  # a dataframe's toolbar has one
    assert "&lt;img src=x&gt;" in tags.table([("<img src=x>", "![](http://a.example)", "(0008,0080)", "LO")])


def test_a_prior_is_compared_in_probability_shares_and_picture(show):
    app = show(case="with_prior")
    text = words(app)
    assert "of a side" in text or "is moved by" in text or "compare places with care" in text
    assert "Prior and current" in text and "By input:" in text and "Evidence for COVID-19 in the picture" in text
    both = viewers(app)[1]
    assert [pane["name"] for pane in both["panes"]] == ["Prior", "Current"] and [layer["name"] for layer in both["layers"]][1:]
    evidence, changed = both["panes"][1]["layers"]
    before = both["panes"][0]["layers"][0]
    step = np.array(changed["values"], float) - (np.array(evidence["values"], float) - np.array(before["values"], float))
    assert np.nanmax(np.abs(step)) < 2e-5 and both["panes"][0]["layers"][1] is None


def test_a_prior_can_be_given_and_taken_back(show):
    app = show(case="picture_alone")
    assert "Prior and current" not in words(app)
    zone = app.file_uploader[0]
    zone.upload("note.txt", b"A cough for three days, no fever.")
    settled(app.run())
    text = words(app)
    assert "Prior and current" in text and "note.txt: Read as the clinical note." in text.replace("*", "")
    assert "The chest X-ray is there only now." in text and "The clinical note is there only in the prior study." in text
    settled(app.button(key="prior.drop").click().run())
    assert "Prior and current" not in words(app)


def test_a_prior_stays_while_its_case_grows_and_goes_with_it(show):
    app = upload(show(), ("a.dcm", DICOM))
    zone = next(zone for zone in app.file_uploader if zone.label == "The files of the prior study")
    zone.upload("before.txt", b"A cough for three days, no fever.")
    assert "Prior and current" in words(settled(app.run()))
    upload(app, ("a.json", b'{"age": 61}'))
    assert "Prior and current" in words(app) and field(app, "age").value == 61
    upload(app, ("b.dcm", FRAMES))
    assert "Prior and current" not in words(app)


def test_a_prior_that_cannot_be_read_is_refused_and_nothing_is_compared(show):
    app = show(case="picture_alone")
    app.file_uploader[0].upload("x.dcm", b"\0" * 128 + b"DICM" + b"\1" * 64)
    settled(app.run())
    assert "Refused" in words(app) and "Prior and current" not in words(app)


def test_what_a_browser_sends_is_checked(show):
    app = show(case="frames")
    for told in ({"pane": 9, "position": 0}, {"pane": 0, "position": 99}, {"pane": "x"}, "nonsense"):
        app.session_state["viewer.image"] = {"want": told}
        app.run()
        assert not app.exception
