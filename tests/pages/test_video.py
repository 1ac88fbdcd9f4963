"""The video page: samples, good and bad uploads, labels, search, and a spoken command."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.shared.video import command_page
from tests.pages.conftest import settled, words
from tests.readers.films import film, pictures, tone


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.get_by_key("video.source").set_value("Your file").run()
    app.file_uploader[0].upload(name, data)
    app.run()
    assert not app.exception
    return settled(app)


def opened_events(app: AppTest) -> list[str]:
    """Labels of the events that stand open."""
    titles = [part.label for part in app.expander if "**" in part.label and part.proto.expanded]
    return [title.split("**")[1] for title in titles]


def query(app: AppTest) -> Any:
    """Where words are searched for in the film shown."""
    return next(field for field in app.text_input if field.label == "Find a moment")


def passages(app: AppTest) -> str:
    """What the lists of passages show."""
    return "\n".join(str(part.proto) for part in app.get("bidi_component") if part.proto.component_name == "triptych_passages")


def test_it_opens_on_a_sample_that_says_it_is_generated(open_page):
    app = open_page("video")
    text = words(app)
    assert "A drawn day" in text and "What happens" in text and "Key frames" in text
    assert "Key frame at 0:05" in passages(app) and "Sight: most like analog clock" in passages(app)
    expanders = [e.label for e in app.expander]
    assert any("clock ticking" in label for label in expanders) and "What to look for: change the labels" in expanders
    assert "of that second" in passages(app) and "no single part decides" in text
    assert "If every label were as likely it would be 3 %" in text
    assert any(all(f"</span>{name}" in h.proto.body for name in ("sight", "sound")) for h in app.get("html"))
    assert "not calibrated" in text and not app.exception


@pytest.mark.parametrize(("sample", "title"), [("silent_film", "No sound at all"), ("sound_only", "Only sound")])
def test_a_sample_with_a_missing_input_is_answered(open_page, sample, title):
    app = open_page("video", case=sample)
    assert title in words(app) and not app.error
    assert ("Key frames" in words(app)) == (sample == "silent_film")
    assert ("there is no picture to look at" in words(app)) == (sample == "sound_only")


def test_words_on_the_screen_are_shown_and_found(open_page):
    app = open_page("video", case="written")
    assert "What is written on the screen" in words(app) and "Waves roll onto the sand" in passages(app)
    query(app).set_value("breaking news").run()
    assert not app.exception and "Nothing in this film" not in words(app)
    app.get_by_key("video.sample").set_value("silent_film").run()
    assert query(settled(app)).value == ""  # it was asked of the other film


def test_typed_labels_and_a_search_take_effect(open_page):
    app = open_page("video")
    app.get_by_key("video.labels").set_value("wall clock, elephant").run()
    assert any("wall clock" in e.label for e in app.expander)
    app.get_by_key("video.labels").set_value("clock").run()
    assert "Fewer than two labels" in str([e.proto for e in app.error])
    query(app).set_value("zzzz qqqq").run()
    assert not app.exception


def test_a_film_of_ones_own_is_understood(open_page):
    app = upload(open_page("video"), "mine.avi", film("avi", pictures(2.0), [tone(2.0)]))
    assert "mine.avi" in words(app).replace("\\", "") and "What happens" in words(app)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("words.mp4", b"only words, no film at all\n" * 40, "neither a film nor a sound"),
        ("torn.mp4", film("mp4", pictures(2.0))[:600], "damaged or cut off"),
        ("empty.mp4", b"", "empty"),
    ],
)
def test_a_bad_file_gets_one_line_and_loses_nothing(open_page, name, data, message):
    app = upload(open_page("video"), name, data)
    assert message in str([e.proto for e in app.error]) and not app.exception
    app.get_by_key("video.source").set_value("Samples").run()
    assert "What happens" in words(settled(app))


def test_a_film_of_one_picture_is_shown(open_page):
    app = upload(open_page("video"), "one.mp4", film("mp4", pictures(0.1)))
    assert "What happens" in words(app) and not app.error


def test_an_event_is_looked_at_closely_and_other_labels_bring_other_events(open_page):
    app = open_page("video")
    assert "clock ticking, 0:11 to 0:16" in words(app) and "without sight" in words(app)
    assert opened_events(app) == ["clock ticking"]
    closer = next(box for box in app.selectbox if box.label == "Look closer at")
    closer.select(closer.options[0]).run()
    assert "playing music, 0:00 to 0:06" in words(app) and opened_events(app) == ["playing music"]
    app.get_by_key("video.labels").set_value("wall clock, elephant").run()
    assert not app.exception and "wall clock, 0:" in words(app) and "clock ticking" not in words(app)
    assert "wall clock" in str(app.selectbox[0].options)


def test_a_picture_finds_its_shot_and_a_bad_one_is_a_line(open_page):
    app = open_page("video")
    image = io.BytesIO()
    Image.new("RGB", (64, 48), (96, 160, 220)).save(image, "PNG")
    next(zone for zone in app.file_uploader if zone.label == "A picture").upload("sky.png", image.getvalue())
    app.run()
    assert not app.exception and not app.error
    next(zone for zone in app.file_uploader if zone.label == "A picture").upload("broken.png", b"no picture")
    app.run()
    assert not app.exception and app.error


def test_a_second_film_is_shown_beside_the_first(open_page):
    app = open_page("video")
    app.get_by_key("video.other").set_value("silent_film").run()
    settled(app)
    assert not app.exception and {"A drawn day", "No sound at all"} <= set(app.dataframe[0].value.columns)


def test_results_are_kept_only_when_the_user_says_so_and_can_be_deleted(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("TRIPTYCH_FILMS", str(tmp_path))
    app = open_page("video", case="silent_film")
    assert list(tmp_path.iterdir()) == []
    app.get_by_key("video.keep").set_value(True).run()
    assert len(list(tmp_path.glob("*.film.zip"))) == 1
    monkeypatch.setattr("pages.shared.video.film_run.understand", lambda *a, **k: pytest.fail("looked at again"))
    again = open_page("video", case="silent_film")
    assert not again.exception and not again.error and "What happens" in words(again)
    again.get_by_key("video.delete").click().run()
    assert list(tmp_path.glob("*.film.zip")) == [] and not again.exception


def test_the_result_can_be_taken_away(open_page):
    app = open_page("video")
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == ["These seconds as a film", "Result as JSON", "Events as CSV", "Report as HTML"]


def noise(seconds: float = 1.0) -> bytes:
    return film("wav", None, [0.1 * np.random.default_rng(0).standard_normal(round(16_000 * seconds)).astype(np.float32)])


def test_a_command_without_a_face_or_voice_says_what_is_missing(open_page):
    app = open_page("video", model="spoken_command")
    assert ("heard and seen" in words(app) and "One speaker" in words(app)) or "one speaker" in words(app)
    assert "95 % intervals overlap" in words(app)
    app.file_uploader[0].upload("still.mp4", film("mp4", pictures(1.0)))
    app.run()
    assert not app.exception and "Neither sound nor a face" in str([e.proto for e in app.error])
    app.file_uploader[0].upload("voice.wav", noise())
    app.run()
    assert not app.exception and not app.error
    table = app.dataframe[0].value
    assert set(table["lips alone"]) == {"absent"} and "weight of the lips" not in table and "answer" in table
    text = words(app)
    assert "Not sure" in [h.value for h in app.header] and "most probable word from sound, and its probability" in text
    assert "calibrated on 160 clips of one speaker with sound" in text and "was in training" not in text


def test_a_clip_of_a_command_is_still_there_after_another_page(open_page):
    app = open_page("video", model="spoken_command")
    app.file_uploader[0].upload("my_command.wav", noise())
    app.run()
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/video.py").run()
    assert "my_command.wav, 0.0" in words(app) and "absent" in str(app.dataframe[0].value)
    app.get_by_key("video.command.forget").click().run()
    assert "my_command.wav" not in words(app) and not app.exception


@pytest.mark.skipif(not command_page.SHARED.is_dir(), reason="needs the clips of ../shared/data/video_grid_s1")
def test_a_clip_of_training_is_said_to_be_one_and_a_covered_mouth_not_to_be_told(open_page):
    app = open_page("video", model="spoken_command")
    assert "This clip was in training: a demonstration, no test." in words(app) and "not told that the mouth" not in words(app)
    assert "weight of the lips" in app.dataframe[0].value and "from sound and lips, and its probability" in words(app)
    app.get_by_key("video.command.hidden").set_value(True).run()
    assert "The model is not told that the mouth is covered" in words(app) and not app.exception


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ({"case": "no_such_film"}, "There is no sample “no_such_film” here. Below is another instead."),
        ({"case": "<b>![x](y)"}, "There is no sample"), ({"case": "upload"}, "held in the memory of your visit"),
        ({"model": "no_such_model"}, "no_such_model"),
    ],
)  # fmt: skip
def test_a_link_to_what_is_not_there_says_so_and_shows_something_else(open_page, monkeypatch, address, told):
    monkeypatch.setattr("pages.shared.video.film_page.show", lambda model, shown: st.title(shown.title))
    app = open_page("video", **address)
    assert told in words(app) and not app.exception and not any("![" in note.value or "<b>" in note.value for note in app.info)
    assert app.title[0].value == ("A film or a sound" if address.get("case") == "upload" else "A drawn day")


def test_the_name_of_a_file_is_never_taken_for_markup(open_page):
    app = upload(open_page("video"), "![](http://example.com/seen.png) <b>.avi", film("avi", pictures(1.0)))
    assert "![" not in app.title[0].value and "example" in app.title[0].value


def test_a_sound_of_no_length_is_refused_with_what_to_give(open_page):
    with io.BytesIO() as buffer, wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.close()
        data = buffer.getvalue()
    text = words(upload(open_page("video"), "nothing.wav", data))
    assert "There is nothing to look at or listen to" in text and "Give a film with pictures or sound in it" in text
