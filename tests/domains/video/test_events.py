"""Events in films: vocabulary, shots, spans, moments, exports, and generated samples whose truth is known."""

from __future__ import annotations

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest

from mmcore.domains.video.event_document import document, events_csv, reasoning, subrip, webvtt
from mmcore.domains.video.event_model import EventModel, Evidence, load
from mmcore.domains.video.event_spans import Event, find_events, smooth
from mmcore.domains.video.film_clock import span
from mmcore.domains.video.moments import said_word_for_word, search
from mmcore.domains.video.preview import playable, preview
from mmcore.domains.video.shots import colours, find_shots
from mmcore.domains.video.sound_head import SILENT, loudest, silent, windows
from mmcore.domains.video.sound_negatives import NAMES, negative
from mmcore.domains.video.understanding import relabel, understand
from mmcore.domains.video.vocabulary import Bridge, certainty, fuse, plain, sound_labels, unit
from mmcore.encoders.transcript import Said, Word
from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.media import read_media
from tests.project.tree import REPO
from tests.readers.films import film, pictures, tone

SAMPLES = REPO / "sample_data/video"


@pytest.fixture(scope="module")
def model() -> EventModel:
    return load("video_events")


@pytest.fixture(scope="module")
def day(model: EventModel):
    return understand(model, SAMPLES / "a_day/film.mp4")


def test_a_kind_goes_to_the_word_that_means_it_and_other_to_none() -> None:
    names, labels = np.eye(3)[:2], np.eye(3)
    p, meant = sound_labels(np.array([[0.9, 0.05, 0.05], [0.0, 0.0, 1.0]]), names, labels)
    assert p[0].argmax() == 0 and p[0].sum() == pytest.approx(1)
    assert p[1] == pytest.approx([1 / 3] * 3)
    assert meant == pytest.approx([0.95, 0.0], abs=1e-3)


def test_what_no_label_means_weighs_nothing_however_many_there_are() -> None:
    away, beside = np.array([[0.2, 0.1, 0.97]]), np.array([[0.2, 0.9, 0.4]])
    labels = unit(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    for many in (labels, np.concatenate([labels, np.tile([[0.7, 0.7, 0.0]], (300, 1)) / 10])):
        assert sound_labels(np.array([[1.0, 0.0]]), away, many)[1][0] < 0.02
        related, counts = sound_labels(np.array([[1.0, 0.0]]), beside, many)
        assert counts[0] > 0.95 and related[0].argmax() == 1
    bridge = Bridge(np.eye(12))
    seen = np.eye(12)[[3, 3]]
    assert bridge.labels(seen, np.eye(12)[[3, 5]])[1][0] > 0.95 > 0.1 > bridge.labels(seen, np.eye(12)[[4, 5]])[1][0]


def test_a_sound_that_no_label_means_does_not_change_what_is_seen(model: EventModel) -> None:
    labels = ("toaster", "volleyball", "banana", "bookcase")
    seen = np.zeros((1, 1000))
    seen[0, model.kinds_of_picture.index("banana")] = 1.0
    heard = np.zeros((1, len(model.head.kinds)))
    heard[0, model.head.kinds.index("rooster")] = 1.0
    evidence = model.evidence(model.label_vectors(labels), seen, heard)
    assert evidence.weights["audio"][0] < 0.15 < 0.7 < evidence.weights["visual"][0]
    assert evidence.fused[0].argmax() == 2


def test_a_picture_that_no_label_means_leaves_the_answer_to_the_sound(model: EventModel) -> None:
    seen, heard = np.zeros((1, 1000)), np.zeros((1, len(model.head.kinds)))
    seen[0, model.kinds_of_picture.index("banana")] = heard[0, model.head.kinds.index("dog_bark")] = 1.0
    evidence = model.evidence(model.label_vectors(("dog barking", "police siren", "doorbell", "thunder")), seen, heard)
    assert evidence.weights["visual"][0] < 0.25 < 0.9 < evidence.weights["audio"][0] and evidence.fused[0].argmax() == 0


def test_another_word_for_a_sound_still_counts(model: EventModel) -> None:
    vectors = model.label_vectors(("song", "conversation", "printer"))
    heard = np.zeros((1, len(model.head.kinds)))
    heard[0, model.head.kinds.index("music")] = 1.0
    evidence = model.evidence(vectors, None, heard)
    assert evidence.probabilities["audio"][0, 0] > 0.7 and evidence.weights["audio"][0] > 0.2 and evidence.fused[0].argmax() == 0


def test_what_is_seen_goes_to_the_nearest_word() -> None:
    names = np.eye(12)
    p, _ = Bridge(names).labels(np.eye(12)[[3]], names[[1, 3, 5]])
    assert p[0].argmax() == 1 and p[0].sum() == pytest.approx(1)


def test_a_word_that_is_near_to_whatever_is_seen_does_not_win() -> None:
    everywhere = np.ones(12) / np.sqrt(12)
    names = unit(np.eye(12) + 2 * everywhere)
    labels = np.stack([everywhere, unit(np.eye(12)[:1] + 0.1)[0]])
    assert (names[0] @ labels.T).argmax() == 0
    assert Bridge(names).labels(np.eye(12)[[0]], labels)[0][0].argmax() == 1


def test_what_comes_second_counts_more_than_its_probability() -> None:
    names = np.eye(12)
    seen = np.zeros((1, 12))
    seen[0, :2] = 0.8, 0.2
    near = Bridge(names).meaning(seen) @ Bridge(names).apart(names).T
    assert near[0, 0] > near[0, 1] > near[0, 2] and near[0, 1] / near[0, 0] > 0.35


def test_a_kind_of_dog_lies_near_to_dog_though_its_name_does_not_say_so(model: EventModel) -> None:
    vectors = model.label_vectors(("dog", "cat", "car", "flower", "people talking"))
    seen = np.zeros((3, 1000))
    for row, name in enumerate(("Leonberger", "Weimaraner", "Affenpinscher")):
        seen[row, model.kinds_of_picture.index(name)] = 1.0
    assert model.bridge.labels(seen, vectors)[0].argmax(axis=1).tolist() == [0, 0, 0]


def test_a_modality_without_weight_changes_nothing() -> None:
    a, b = np.array([[0.7, 0.3]]), np.array([[0.1, 0.9]])
    assert fuse([a, b], [np.ones(1), np.zeros(1)]) == pytest.approx(a)
    assert fuse([a, b], [np.ones(1), np.ones(1)])[0, 1] > 0.5


def test_certainty_runs_from_no_idea_to_no_doubt() -> None:
    assert certainty(np.array([[0.25] * 4, [1.0, 0, 0, 0]])) == pytest.approx([0.0, 1.0], abs=1e-6)
    assert plain("dog_bark") == "dog bark"


def test_cuts_are_found_where_the_scene_changes_and_not_where_something_moves() -> None:
    scenes = [np.full((40, 60, 3), c, np.uint8) for c in (20, 200, 90) for _ in range(10)]
    for i, picture in enumerate(scenes):
        picture[10:20, i : i + 10] = 255
    shots = find_shots(np.arange(30) * 0.2, np.stack([colours(p) for p in scenes]), 6.0)
    assert [(s.start_s, s.end_s) for s in shots] == [(0.0, 2.0), (2.0, 4.0), (4.0, 6.0)]
    moving = pictures(3.0)
    assert len(find_shots(np.arange(30) * 0.1, np.stack([colours(p) for p in moving]), 3.0)) == 1


def test_windows_cover_a_sound_and_the_loudest_stretch_is_found() -> None:
    samples = np.concatenate([np.zeros(32_000, np.float32), tone(1.0), np.zeros(32_000, np.float32)])
    assert [(a, b) for a, b, _ in windows(samples, 2.0, 2.0)] == [(0.0, 2.0), (2.0, 4.0), (4.0, 5.0)]
    assert np.abs(loudest(samples, 1.0)).max() == pytest.approx(0.3, abs=0.01)
    assert silent(samples[:32_000]) and not silent(tone(1.0)) and SILENT < 0.01


def test_made_sounds_are_finite_differ_and_repeat() -> None:
    for number in range(len(NAMES)):
        sound = negative(number, 0)
        assert np.isfinite(sound).all() and np.abs(sound).max() <= 1 and sound.std() > 1e-4
        assert (sound == negative(number, 0)).all() and (sound != negative(number, 1)).any()


def test_events_are_runs_with_shares_that_add_up() -> None:
    p = np.full((10, 4), 0.1)
    p[2:7, 2] = 0.7
    p /= p.sum(axis=1, keepdims=True)
    flat = np.full((10, 4), 0.25)
    evidence = Evidence({"visual": p, "audio": flat}, {"visual": np.ones(10), "audio": np.ones(10)}, fuse([p, flat], [np.ones(10)] * 2))
    (event,) = find_events(["a", "b", "c", "d"], evidence, np.arange(10) + 0.5, 1.0, 10.0)
    assert event.label == "c" and 1 <= event.start_s <= 3 and 6 <= event.end_s <= 8
    assert event.values[""] + sum(event.shares.values()) == pytest.approx(event.probability, abs=1e-9)
    assert event.shares["visual"] > 0.1 > abs(event.shares["audio"])
    assert smooth(p).shape == p.shape


def test_an_event_that_sight_ends_ends_with_the_shot_and_one_that_is_heard_does_not() -> None:
    def span_of(modality: str, cuts: list[float]) -> tuple[float, float]:
        p = np.full((12, 4), 0.02)
        p[:4, 0] = p[4:8, 2] = p[8:, 1] = 0.94
        flat, other = np.full_like(p, 0.25), {"visual": "audio", "audio": "visual"}[modality]
        evidence = Evidence({modality: p, other: flat}, {modality: np.ones(12), other: np.ones(12)}, fuse([p, flat], [np.ones(12)] * 2))
        found = find_events(["a", "b", "c", "d"], evidence, np.arange(12) + 0.5, 1.0, 12.0, cuts)
        assert [event.label for event in found] == ["a", "c", "b"]
        assert found[0].end_s == found[1].start_s and found[1].end_s == found[2].start_s
        return found[1].start_s, found[1].end_s

    assert span_of("visual", []) == (4, 8)
    assert span_of("visual", [3.7, 8.4]) == (3.7, 8.4)
    assert span_of("visual", [2.9, 10.2]) == (4, 8)  # too far
    assert span_of("audio", [3.7, 8.4]) == (4, 8)


def test_an_event_in_sentences_says_nothing_of_what_adds_nothing() -> None:
    shares = {"visual": 0.69, "audio": 0.001, "text": -0.02}
    said = reasoning(Event("rain", 0, 5, 0.703, {"": 1 / 30}, shares, {"visual": "rain", "audio": None}), 20.0)
    assert said[1].replace("\u00a0", " ") == (
        "If every label were as likely it would be 3 %; sight adds 69 pts and words on the screen take away 2 pts."
    )
    assert said[0].replace("\u00a0", " ") == "From 0:00 to 0:05: rain, 70 %." and not any("0 pts" in sentence for sentence in said)
    assert said[-1] == "Sound alone is sure of no label."
    sure = Event("rain", 0, 5, 0.999, {"": 1 / 30}, {"visual": 0.01}, {})
    assert ">99" in reasoning(sure, 20.0)[0] and "adds 1\u00a0pts." in reasoning(sure, 20.0)[1]


def test_what_is_sure_of_nothing_alone_but_counts_is_told_so() -> None:
    event = Event("rain", 0, 5, 0.7, {"": 1 / 30}, {"visual": 0.4, "audio": 0.28, "text": 0.02}, {"audio": None, "text": None})
    assert reasoning(event, 20.0)[-2:] == [
        "Sound alone is sure of no label; it counts only beside the rest.",
        "Words on the screen alone are sure of no label; they count only beside the rest.",
    ]


@pytest.mark.parametrize(
    ("start", "end", "film", "told"),
    [
        (0, 0.4, 0.4, "0:00.0 to 0:00.4"), (2.5, 7.25, 9.9, "0:02.5 to 0:07.2"), (10, 17, 20, "0:10 to 0:17"),
        (61.2, 61.8, 90, "1:01.2 to 1:01.8"),
    ],
)  # fmt: skip
def test_times_have_tenths_where_whole_seconds_say_too_little(start: float, end: float, film: float, told: str) -> None:
    event = Event("rain", start, end, 0.7, {"": 1 / 30}, {"visual": 0.67}, {"visual": "rain"})
    assert span(start, end, film) == told and reasoning(event, film)[0].startswith(f"From {told}: rain")


def test_words_are_found_in_order_and_only_there() -> None:
    said = [Word(w, i, i + 0.5, 0.9) for i, w in enumerate(["Bin", "blue", "at", "F", "two,", "now"])]
    (hit,) = said_word_for_word(said, ["f", "two"])
    assert (hit.start_s, hit.end_s) == (3, 4.5)
    assert said_word_for_word(said, ["two", "f"]) == []


def test_subtitles_keep_hostile_text_harmless() -> None:
    text = webvtt([Said(3661.5, 3662.0, "a <b> & --> c", ())])
    assert text.startswith("WEBVTT") and "01:01:01.500 --> 01:01:02.000" in text
    assert "<b>" not in text and text.count("-->") == 1


def test_subtitles_as_srt_are_read_back_with_their_times_and_words() -> None:
    said = [Said(0.25, 1.5, "Bin blue & green", ()), Said(3661.5, 3661.5, "a --> b", ())]
    with av.open(io.BytesIO(subrip(said).encode()), format="srt") as file:
        read = [(p.pts * p.time_base, p.duration * p.time_base, bytes(p).decode()) for p in file.demux() if p.size]
    assert read == [(0.25, 1.25, "Bin blue & green"), (3661.5, pytest.approx(0.2), "a → b")]
    assert [line for line in webvtt(said).splitlines() if "→" in line] == ["a → b"]


def test_the_generated_day_has_its_cuts_its_clock_and_its_silence(model: EventModel, day) -> None:
    assert [s.start_s for s in day.shots] == pytest.approx([0, 5, 11, 16], abs=0.3)
    clock = [e for e in day.events if e.label == "clock ticking"]
    assert clock and clock[0].start_s < 16 and clock[0].end_s > 11
    heard = document(model, day)["tracks"]["heard"]
    assert [row["kind"] for row in heard if row["time_s"] > 17.5] == ["silence"] * 2
    assert day.said == []


def test_in_the_generated_day_music_is_heard_and_the_clock_is_heard_and_seen(day) -> None:
    music, clock = day.events
    assert music.label == "playing music" and music.shares["audio"] > 0.5 > abs(music.shares["visual"])
    assert clock.agreeing == ("visual", "audio") and min(clock.shares.values()) > 0.05


def test_the_document_is_the_contracts(model: EventModel, day) -> None:
    result = json.loads(json.dumps(document(model, day)))
    assert {"model", "version", "case", "inputs", "predictions", "confidence", "explanation", "events", "tracks"} <= set(result)
    why = result["explanation"]
    assert why["base"] + sum(why["shares"].values()) == pytest.approx(why["values"]["+".join(why["shares"])], abs=1e-6)
    assert sum(p["probability"] for p in result["predictions"]) == pytest.approx(1, abs=1e-6)
    assert result["confidence"]["level"] is None and result["confidence"]["set"] == [] and result["confidence"]["calibration_n"] == 0
    assert all(abs(piece["score"]) >= 0.0005 for piece in why["evidence"])
    assert [e["start_s"] for e in result["events"]] == sorted(e["start_s"] for e in result["events"])


def test_other_labels_need_no_second_look(model: EventModel, day) -> None:
    other = relabel(model, day, ["wall clock", "elephant", "=cmd|calc"])
    assert any(e.label == "wall clock" for e in other.events)
    assert "\n=cmd" not in events_csv(other)
    with pytest.raises(InputError, match="two labels"):
        relabel(model, day, ["clock", " "])


def test_a_search_finds_the_clock(model: EventModel, day) -> None:
    hits = search(model, day, "clock")
    assert hits and 10 <= hits[0].start_s <= 16
    assert search(model, day, "  ?! ") == []


def test_a_silent_film_and_a_sound_alone_are_answered(model: EventModel) -> None:
    assert understand(model, SAMPLES / "silent_film/film.mp4").present == ("visual",)
    sound = understand(model, SAMPLES / "sound_only/sound.ogg")
    assert sound.present == ("audio",) and sound.keys == {}


def test_words_on_the_screen_are_read_where_they_stand_and_speak_for_events(model: EventModel) -> None:
    found = understand(model, SAMPLES / "written/film.mp4")
    lines = {line.text: line for line in found.written}
    assert set(lines) == {"A day at the beach", "Waves roll onto the sand", "Breaking news: a dog barks"}
    late = lines["Breaking news: a dog barks"]
    assert late.start_s == pytest.approx(9, abs=0.6) and late.end_s == 13 and late.box[3] < 0.2
    assert "text" in found.present and found.unread == ""
    clock = next(e for e in found.events if e.label == "clock ticking")
    assert clock.alone["text"] == "dog barking" and "text" in clock.contradicted and "text" in clock.shares
    result = document(model, found)
    assert result["inputs"]["text"]["present"] and result["tracks"]["written"][0]["text"] == "A day at the beach"
    hit = search(model, found, "breaking NEWS")[0]
    assert hit.why.startswith("written") and hit.start_s == late.start_s


def test_without_its_package_the_words_on_the_screen_are_missing_and_the_result_says_so(model: EventModel, monkeypatch) -> None:
    monkeypatch.setattr("mmcore.domains.video.understanding.available", lambda: False)
    result = document(model, understand(model, SAMPLES / "written/film.mp4", without=["audio", "speech"]))
    assert not result["inputs"]["text"]["present"] and "rapidocr is not installed" in result["inputs"]["text"]["warnings"][0]
    assert result["events"]


def test_the_words_on_the_screen_alone_are_an_answer(model: EventModel) -> None:
    found = understand(model, SAMPLES / "written/film.mp4", without=["visual", "audio", "speech"])
    assert found.present == ("text",) and found.pictures is None


def test_one_picture_is_a_film(model: EventModel) -> None:
    found = understand(model, film("mp4", pictures(0.1)))
    assert len(found.moments) == 1 and len(found.shots) == 1


def test_work_ends_when_it_is_told_to(model: EventModel) -> None:
    class Stop(Exception):
        pass

    def stop(stage: str, share: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        understand(model, SAMPLES / "silent_film/film.mp4", progress=stop)


def test_what_a_browser_cannot_play_gets_a_preview() -> None:
    media = read_media(film("avi", pictures(1.0), [tone(1.0)]))
    assert not playable(media)
    copy = read_media(preview(media))
    assert playable(copy) and copy.sound and len(list(frames(copy))) >= 8
    assert playable(read_media(film("mp4", pictures(0.5)))) and playable(read_media(film("webm", pictures(0.5))))


def test_evaluate_takes_sounds_and_films_with_several_right_names(model: EventModel, tmp_path: Path) -> None:
    from mmcore.__main__ import main

    (tmp_path / "a.mp4").write_bytes((SAMPLES / "silent_film/film.mp4").read_bytes())
    (tmp_path / "b.ogg").write_bytes((SAMPLES / "sound_only/sound.ogg").read_bytes())
    (tmp_path / "labels.csv").write_text("file,label\na.mp4,analog clock; seashore\nb.ogg,waves\nc.mp4,\n")
    out, lines = tmp_path / "out.json", tmp_path / "p.jsonl"
    assert main(["evaluate", "video_events", "--data", str(tmp_path), "--json", str(out), "--predictions", str(lines)]) == 0
    result = json.loads(out.read_text())
    assert result["n"] == 2 and result["labels"] == 3 and set(result["top1"]) == {"visual", "audio", "fused"}
    subsets = sorted((row["case"], row["subset"]) for row in map(json.loads, lines.read_text().splitlines()))
    assert subsets == [("a.mp4", "fused"), ("a.mp4", "visual"), ("b.ogg", "audio")]


def test_a_folder_of_sounds_gives_the_sound_alone(tmp_path: Path) -> None:
    from mmcore.__main__ import main

    (tmp_path / "b.ogg").write_bytes((SAMPLES / "sound_only/sound.ogg").read_bytes())
    (tmp_path / "labels.csv").write_text("file,label\nb.ogg,sea_waves\n")
    out = tmp_path / "out.json"
    assert main(["evaluate", "video_events", "--data", str(tmp_path), "--json", str(out)]) == 0
    assert set(json.loads(out.read_text())["top1"]) == {"audio"}


@pytest.mark.parametrize("arguments", [["analyze", "video_events", "none.mp4"], ["evaluate", "video_events", "--data", "."]])
def test_bad_input_is_one_line(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from mmcore.__main__ import main

    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_sound_of_none_of_the_kinds_agrees_with_nothing_and_contradicts_nothing(model: EventModel) -> None:
    labels = ("rain", "dog barking", "computer screen", "flowers")
    vectors, heard = model.label_vectors(labels), len(model.head.kinds)
    screen = np.full(1000, 1e-4)
    screen[model.kinds_of_picture.index("CRT monitor")] = 0.9
    pictures = np.tile(screen / screen.sum(), (4, 1))

    def agreement(kind: int, share: float) -> tuple[str, list[str]]:
        sounds = np.full((4, heard), (1 - share) / (heard - 1))
        sounds[:, kind] = share
        evidence = model.evidence(vectors, pictures, sounds)
        (event,) = find_events(labels, evidence, np.arange(4) + 0.5, 1.0, 4.0)
        assert event.label == "computer screen" and event.alone["visual"] == "computer screen"
        return str(event.alone["audio"]), reasoning(event, 4.0)

    said, reasons = agreement(model.head.kinds.index("other"), 0.97)
    assert said == "None" and any(reason.startswith("Sound alone is sure of no label") for reason in reasons)
    assert not any("agree" in reason for reason in reasons)
    said, reasons = agreement(model.head.kinds.index("rain"), 0.45)
    assert said == "rain" and "Sound alone would say: rain." in reasons
