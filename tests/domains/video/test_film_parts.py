"""Parts of a film and what is made of them: stretches, spectrogram, what belongs together, where, what is kept, the report, measures."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mmcore.domains.video.cut_out import cut_out, picture_at
from mmcore.domains.video.event_document import document
from mmcore.domains.video.event_model import EventModel, load
from mmcore.domains.video.event_report import render
from mmcore.domains.video.film_faithful import EventPieces, proven
from mmcore.domains.video.film_moments import lateness, overlap
from mmcore.domains.video.joined import join
from mmcore.domains.video.keeping import delete, find, keep, kept_bytes
from mmcore.domains.video.moments import said_nearly
from mmcore.domains.video.spectrum import BANDS, spectrogram
from mmcore.domains.video.together import alignment, alike, by_meaning, nearest_moments, shares_over_time, shown
from mmcore.domains.video.understanding import Understanding, understand
from mmcore.domains.video.where_seen import SeenPieces, SeenWhere, neighbours, seen_where
from mmcore.encoders.transcript import Word
from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.media import read_media
from mmcore.readers.sound import read_sound
from pages.shared.video.film_event import undecided
from pages.shared.video.film_together import NEAR
from pages.shared.video.film_tracks import of
from tests.project.tree import REPO
from tests.readers.films import film, pictures, spoilt, tone

SAMPLES = REPO / "sample_data/video"
DAY = SAMPLES / "a_day/film.mp4"


@pytest.fixture(scope="module")
def model() -> EventModel:
    return load("video_events")


@pytest.fixture(scope="module")
def day(model: EventModel) -> Understanding:
    return understand(model, DAY)


@pytest.mark.parametrize("second", [0.0, 4.5, 11.3, 19.9, 60.0])
def test_a_picture_is_the_one_on_the_screen_at_its_second(second: float) -> None:
    media = read_media(DAY)
    all_of_it = list(frames(media))
    expected = [f for f in all_of_it if f.time_s <= second + 1e-6][-1] if second < 19 else all_of_it[-1]
    assert np.abs(picture_at(media, second, 320).astype(int) - expected.pixels).mean() < 12
    assert next(iter(frames(media, from_s=second))).time_s == pytest.approx(second, abs=0.09)


def test_a_stretch_is_cut_out_with_picture_and_sound_of_its_length() -> None:
    media = read_media(DAY)
    cut = read_media(cut_out(media, 11.0, 14.0))
    assert cut.seconds == pytest.approx(3, abs=0.15) and cut.sound and cut.size == (320, 180)
    sound, whole = read_sound(cut), read_sound(media)
    assert sound is not None and whole is not None
    own, other = (np.abs(np.fft.rfft(s[: 2 * 16_000])) for s in (sound.samples, whole.samples[11 * 16_000 :]))
    assert np.corrcoef(own, other)[0, 1] > 0.8
    assert read_media(cut_out(read_media(film("wav", None, [tone(2.0)])), 0.5, 1.5)).size is None
    with pytest.raises(InputError, match="empty"):
        cut_out(media, 5.0, 5.0)


def test_a_spectrogram_has_a_tone_in_its_band_and_stays_small() -> None:
    picture = spectrogram(np.sin(2 * np.pi * 3000 * np.arange(32_000) / 16_000).astype(np.float32), 2.0)
    assert picture.shape == (BANDS, 40) and (picture[25:35].max(axis=0) == picture.max(axis=0)).all() and picture[:10].max() < 128
    assert spectrogram(np.zeros(16_000 * 90, np.float32), 90.0).shape[1] == 800 and spectrogram(np.zeros(3, np.float32), 0.0).max() == 0
    longer = spectrogram(tone(2.0), 4.0)
    assert longer.shape == (BANDS, 80) and (longer[:, :40].max(axis=0) == 255).all() and longer[:, 40:].max() == 0


def test_the_shares_of_a_film_of_one_moment_fill_its_length(model: EventModel) -> None:
    found = understand(model, film("mp4", pictures(0.5), [tone(0.5)]), without=["speech", "text"])
    (track,) = [track for track in of(model, found, None) if track.name == "Shares"]
    assert len(found.moments) == 1 and track.areas
    assert all(area["times"] == [0.0, found.seconds] and len(area["upper"]) == len(area["lower"]) == 2 for area in track.areas)


def test_shares_over_time_add_up_to_the_first_label(day: Understanding) -> None:
    shares = shares_over_time(day.evidence)
    assert set(shares) == set(day.present)
    total = 1 / len(day.labels) + sum(shares.values())
    assert total == pytest.approx(day.evidence.fused.max(axis=1), abs=1e-9)


def test_picture_and_sound_of_the_clock_belong_together(model: EventModel, day: Understanding) -> None:
    clock = slice(12, 15)
    sounds = np.full((20, len(model.head.kinds)), np.nan)
    sounds[:17] = np.eye(len(model.head.kinds))[model.head.kinds.index("rain")]
    sounds[clock] = np.eye(len(model.head.kinds))[model.head.kinds.index("clock_tick")]
    matrix = alignment(model, replace(day, sounds=sounds))
    assert matrix is not None and matrix.shape == (20, 20) and np.isnan(matrix[:, 17:]).all()
    assert np.nanmean(matrix[clock, clock]) > max(np.nanmean(matrix[0:4, clock]), np.nanmean(matrix[clock, 0:4])) + 0.1
    assert alignment(model, replace(day, sounds=None)) is None
    assert shown(np.arange(100.0).reshape(10, 10), 5).shape == (5, 5)


def test_few_kinds_of_picture_are_painted_as_near_to_any_sound(model: EventModel) -> None:
    near = by_meaning(model, np.eye(1000), np.eye(len(model.head.kinds))[:-1])
    assert (near >= NEAR).sum(axis=0).max() <= 21
    own = [
        (model.kinds_of_picture.index(name), model.head.kinds.index(kind))
        for name, kind in (("rooster", "rooster"), ("beach", "sea_waves"))
    ]
    assert all(near[place] > 0.4 for place in own)


def test_a_film_is_most_like_itself_and_a_picture_finds_its_shot(model: EventModel, day: Understanding) -> None:
    likeness = alike(day, day)
    assert likeness is not None and np.diag(likeness) == pytest.approx(np.ones(20), abs=1e-4)
    look = model.sight.cells([picture_at(day.media, 13.0)]).mean(axis=1)[0]
    row, cosine = nearest_moments(day, look, 3)[0]
    assert 11 < day.moments[row] < 16 and cosine > 0.9
    assert nearest_moments(replace(day, looks=None), look, 3) == []


def test_where_is_worth_what_it_brings_alone_and_what_is_lost_without_it(model: EventModel, day: Understanding) -> None:
    pixels = day.keys[min(day.keys, key=lambda t: abs(t - 5))]
    found = seen_where(model, pixels, day.labels, "sea waves")
    assert found.boxes[:, 2:].prod(axis=1).sum() == pixels.shape[0] * pixels.shape[1] and found.scores.std() > 1e-4
    pieces = SeenPieces(model, pixels, model.label_vectors(day.labels), day.labels.index("sea waves"))
    part = neighbours(24)
    assert part == [16, 17, 18, 23, 24, 25, 30, 31, 32] and neighbours(0) == [0, 1, 7, 8]
    whole, without, alone, none = pieces.probability([[], part, [i for i in range(49) if i not in part], list(range(49))])
    assert (whole - without + alone - none) / 2 == pytest.approx(found.scores[24], abs=1e-6) and none == pytest.approx(1 / len(day.labels))


def test_parts_worth_the_same_are_counted_and_the_page_says_that_none_decides() -> None:
    boxes, flat = np.zeros((49, 4), int), np.full(49, 0.48)
    flat[[0, 6, 42, 48]] = 0.1
    assert SeenWhere(boxes, flat).alike == 45 and "no single part decides: 45 of 49" in undecided(SeenWhere(boxes, flat))
    one = np.zeros(49)
    one[24] = 0.4
    assert SeenWhere(boxes, one).alike == 1 and undecided(SeenWhere(boxes, one)) == "" and SeenWhere(boxes, -flat).alike == 0


def test_evidence_is_proven_only_where_both_measures_beat_chance(tmp_path: Path) -> None:
    assert not proven(tmp_path, "in_the_picture")
    for deletion, insertion, expected in ((0.1, 0.1, True), (-0.01, 0.1, False), (0.1, -0.01, False)):
        figures = {"in_the_picture": {"deletion_gain_ci": [deletion, 0.2], "insertion_gain_ci": [insertion, 0.2]}}
        (tmp_path / "evidence.json").write_text(json.dumps(figures))
        assert proven(tmp_path, "in_the_picture") is expected


def test_what_is_kept_comes_back_the_same_and_only_for_its_film(model: EventModel, day: Understanding, tmp_path: Path) -> None:
    path = keep(tmp_path, model, day, b"a preview")
    again = find(tmp_path, model, day.media.sha256, DAY)
    assert again is not None and again[1] == b"a preview"
    assert [e.label for e in again[0].events] == [e.label for e in day.events]
    assert again[0].evidence.fused == pytest.approx(day.evidence.fused, abs=2e-3)
    assert again[0].media.size == day.media.size and again[0].shots == day.shots and list(again[0].keys) == list(day.keys)
    assert find(tmp_path, model, "0" * 64, DAY) is None
    assert kept_bytes(tmp_path)[0] == 1 and kept_bytes(tmp_path)[1] > 1000
    path.write_bytes(path.read_bytes()[:2000])
    assert find(tmp_path, model, day.media.sha256, DAY) is None
    (tmp_path / "mine.txt").write_text("stays")
    delete(tmp_path)
    assert kept_bytes(tmp_path) == (0, 0) and (tmp_path / "mine.txt").is_file()


def test_a_hostile_file_among_the_kept_is_not_unpickled(model: EventModel, day: Understanding, tmp_path: Path) -> None:
    path = keep(tmp_path, model, day)
    with zipfile.ZipFile(path) as archive:
        facts = archive.read("facts.json")
    np.savez(tmp_path / "bad.npz", moments=np.array([{"a": 1}], dtype=object))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("facts.json", facts)
        archive.write(tmp_path / "bad.npz", "arrays.npz")
    assert find(tmp_path, model, day.media.sha256, DAY) is None


def test_the_report_shows_events_and_key_frames_and_escapes_what_users_give(model: EventModel, day: Understanding) -> None:
    page = render(model, day, "<script>alert(1)</script>", True)
    assert "<script" not in page and "&lt;script&gt;" in page and "http" not in page.replace("http-equiv", "")
    assert "clock ticking" in page and page.count("data:image/jpeg") >= 5 and "generated" in page and "Not sure" not in page
    assert "Not sure" in render(model, replace(day, events=[]), "x") and "percentage points" in page


def test_the_report_of_a_film_of_half_a_second_has_tenths(model: EventModel) -> None:
    short = understand(model, film("mp4", pictures(0.4)))
    page = render(model, short, "short")
    assert "0:00.0 to 0:00.4" in page and "0:00 to 0:00" not in page and " · 0:00.4" in page


def test_an_events_pieces_give_its_probability_and_lose_it(day: Understanding) -> None:
    event = next(e for e in day.events if e.label == "clock ticking")
    pieces = EventPieces(day, event)
    whole, none = pieces.probability([[], list(range(len(pieces.scores)))])
    at = day.labels.index(event.label)
    assert whole == pytest.approx(day.evidence.fused[pieces.rows, at].mean()) and none == pytest.approx(1 / len(day.labels))
    one = pieces.probability([[int(pieces.scores.argmax())]])[0]
    assert (whole - one) * len(pieces.rows) == pytest.approx(pieces.scores.max(), abs=1e-9)


def test_words_are_found_though_they_were_written_down_wrongly() -> None:
    said = [Word(w, i, i + 0.5, 0.9) for i, w in enumerate(["Been", "blue", "at", "F", "2", "now.", "Set", "red"])]
    best = said_nearly(said, ["bin", "blue", "at", "f", "two", "now"])[0]
    assert (best.start_s, best.end_s) == (0, 5.5)
    assert said_nearly(said, ["elephants", "dance"]) == []


def test_lateness_and_overlap_are_what_they_say() -> None:
    truth = [("bin", 0.0, 0.3), ("blue", 0.3, 0.6), ("now", 2.0, 2.3)]
    assert lateness([Word("Bin", 0.1, 0.4, 1), Word("blow", 0.4, 0.7, 1), Word("now.", 2.1, 2.4, 1)], truth) == pytest.approx([0.1, 0.1])
    assert overlap((0, 2), (1, 3)) == pytest.approx(1 / 3) and overlap((0, 1), (2, 3)) == 0


def test_joined_clips_begin_where_they_are_said_to(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(film("mp4", pictures(1.0), [tone(1.0)]))
    data, starts = join([tmp_path / "a", tmp_path / "b"], size=(64, 48))
    media = read_media(data)
    assert starts == pytest.approx([0, 1], abs=0.1) and media.seconds == pytest.approx(2, abs=0.2) and media.size == (64, 48)


def test_a_film_that_is_cut_off_ends_where_it_can_be_read_and_says_so(model: EventModel) -> None:
    noisy = [np.random.default_rng(i).integers(0, 255, (48, 64, 3)).astype(np.uint8) for i in range(80)]
    whole = film("matroska", noisy, [tone(8.0)])
    half = understand(model, whole[: len(whole) // 2], without=["text"])
    assert 3.0 < half.seconds < 5.0 and len(half.moments) == int(half.seconds) and half.shots[-1].end_s == half.seconds
    assert half.noticed["visual"][0].startswith(f"the film ends at {half.seconds:.0f} s of 8")
    inputs = document(model, half)["inputs"]
    assert "ends at" in inputs["visual"]["warnings"][0] and not any("film" in note for note in inputs["audio"]["warnings"])


def test_a_film_whose_tail_is_written_over_ends_there_and_damaged_sound_is_told_of_the_sound(model: EventModel) -> None:
    whole = film("mp4", pictures(8.0), [tone(8.0)])
    half = understand(model, spoilt(spoilt(whole, "video", 4.0, 9.0), "audio", 4.0, 9.0), without=["text"])
    assert 3.5 < half.seconds < 5.0 and half.shots[-1].end_s == half.seconds and len(half.faces) == len(half.moments) == int(half.seconds)
    told = understand(model, spoilt(whole, "audio", 4.0, 9.0), without=["text"])
    assert told.seconds == pytest.approx(8.0, abs=0.1) and told.noticed["visual"] == ()
    assert document(model, told)["inputs"]["audio"]["warnings"][0].startswith("the sound is damaged")


def test_the_first_events_are_told_while_it_listens_and_again_while_it_looks(model: EventModel) -> None:
    stages: list[str] = []
    told: list[str] = []
    understand(model, DAY, progress=lambda stage, share: stages.append(stage), sketch=lambda events: told.append(stages[-1]))
    assert told[0] == "listen" and "look" in told and len(stages) > 40


def test_where_pictures_are_missing_the_one_before_stays_and_document_page_and_timeline_say_so(model: EventModel) -> None:
    red, blue = (np.full((48, 64, 3), colour, np.uint8) for colour in ((200, 30, 30), (30, 30, 200)))
    times = [i / 10 for i in range(20)] + [6 + i / 10 for i in range(20)]
    found = understand(model, film("matroska", [red] * 20 + [blue] * 20, [tone(8.0)], times=times), without=["text"])
    assert found.missing == [(pytest.approx(2.0, abs=0.15), pytest.approx(6.0, abs=0.15))]
    assert (found.looks[5] == found.looks[0]).all() and not (found.looks[6] == found.looks[0]).all()
    assert "no new picture comes from 0:0" in found.noticed["visual"][0]
    assert document(model, found)["tracks"]["no_pictures"][0]["end_s"] == pytest.approx(6.0, abs=0.15)
    (shots,) = [track for track in of(model, found) if track.name == "Shots"]
    assert [span.text for span in shots.spans][-1] == "no new picture" and "No new picture comes" in render(model, found, "x")
