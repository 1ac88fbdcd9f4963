"""Films and sounds of every accepted kind, and files that are none."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.limits import LIMITS
from mmcore.readers.media import media_kind, read_media
from mmcore.readers.sound import read_sound
from tests.readers.films import film, pictures, repeated, spoilt, tone


@pytest.mark.parametrize("form", ["mp4", "mov", "matroska", "webm", "avi"])
def test_pictures_and_sound_of_each_kind_are_read(form: str) -> None:
    media = read_media(film(form, pictures(2.0), [tone(2.0)]))
    assert media.size == (64, 48) and media.sound
    assert media.seconds == pytest.approx(2.0, abs=0.15)
    shown = list(frames(media))
    assert len(shown) == 20
    assert [f.time_s for f in shown] == pytest.approx([i / 10 for i in range(20)], abs=0.11 if form == "avi" else 0.06)
    first, last = (np.argmax(f.pixels[18].mean(-1)) for f in (shown[0], shown[-1]))
    assert first < 6 and last > 48
    sound = read_sound(media)
    assert sound is not None and sound.seconds == pytest.approx(2.0, abs=0.15)
    spectrum = np.abs(np.fft.rfft(sound.samples[4000:20000]))
    assert np.argmax(spectrum) == pytest.approx(440, abs=3)


def test_a_gif_is_a_film_without_sound() -> None:
    media = read_media(film("gif", pictures(2.0)))
    assert not media.sound and read_sound(media) is None
    assert media.seconds == pytest.approx(2.0, abs=0.2)
    assert len(list(frames(media))) == 20


@pytest.mark.parametrize("form", ["wav", "ogg", "flac"])
def test_a_sound_alone_is_read(form: str) -> None:
    media = read_media(film(form, None, [tone(1.5)]))
    assert not media.picture
    sound = read_sound(media)
    assert sound is not None and sound.seconds == pytest.approx(1.5, abs=0.1)
    with pytest.raises(InputError, match="no pictures"):
        next(frames(media))


def test_a_silent_stream_gives_silence() -> None:
    sound = read_sound(read_media(film("mp4", pictures(1.0), [np.zeros(16_000, np.float32)])))
    assert sound is not None and np.abs(sound.samples).max() < 1e-3


def test_pictures_are_turned_upright() -> None:
    upright = pictures(0.5, size=(64, 48))
    media = read_media(film("mp4", upright, rotation=90))
    assert media.size == (48, 64)
    shown = next(frames(media)).pixels
    assert shown.shape == (64, 48, 3)
    expected = np.rot90(upright[0], -1)  # a quarter turn clockwise
    assert np.abs(shown.astype(int) - expected).mean() < 12


def test_a_variable_frame_rate_keeps_its_times() -> None:
    times = [0.0, 0.1, 0.9, 1.0, 2.5]
    media = read_media(film("matroska", pictures(0.5), times=times, fps=30))
    assert [f.time_s for f in frames(media)] == pytest.approx(times, abs=0.02)


def test_pictures_can_be_thinned_and_made_smaller() -> None:
    media = read_media(film("mp4", pictures(4.0, size=(128, 96))))
    thin = list(frames(media, every_s=1.0, side=32, grey=True))
    assert [f.time_s for f in thin] == pytest.approx([0, 1, 2, 3], abs=0.11)
    assert thin[0].pixels.shape == (24, 32)


@pytest.mark.parametrize("size", [(66, 50), (34, 18), (642, 362)])
def test_odd_sizes_are_read(size: tuple[int, int]) -> None:
    media = read_media(film("mp4", pictures(0.3, size=size)))
    assert next(frames(media)).pixels.shape == (size[1], size[0], 3)


def test_a_film_of_one_picture_is_read() -> None:
    media = read_media(film("mp4", pictures(0.1)))
    assert len(list(frames(media))) == 1 and media.seconds > 0


def test_a_broken_tail_gives_what_comes_before_it() -> None:
    noisy = [np.random.default_rng(i).integers(0, 255, (48, 64, 3)).astype(np.uint8) for i in range(40)]
    for form in ("mp4", "matroska"):
        whole = film(form, noisy, [tone(4.0)], fragments=form == "mp4")
        media = read_media(whole[: len(whole) * 2 // 3])
        shown = list(frames(media))
        assert 5 < len(shown) < 40


@pytest.mark.parametrize("form", ["mp4", "matroska", "webm", "flac"])
def test_a_file_that_is_cut_off_ends_where_it_can_be_read_and_says_so(form: str) -> None:
    noisy = [np.random.default_rng(i).integers(0, 255, (48, 64, 3)).astype(np.uint8) for i in range(80)]
    hiss = np.random.default_rng(0).uniform(-0.3, 0.3, 8 * 16_000).astype(np.float32)
    whole = film(form, None if form == "flac" else noisy, [hiss], index_first=form == "mp4")
    assert read_media(whole).seconds == pytest.approx(8.0, abs=0.2) and read_media(whole).warnings == ()
    media = read_media(whole[: len(whole) // 2])
    last = max([f.time_s for f in frames(media)] if media.picture else [0.0])
    sound = read_sound(media)
    assert sound is not None and media.seconds == pytest.approx(max(last, sound.seconds), abs=0.3) and 2.5 < media.seconds < 5.5
    what = "film" if media.picture else "sound"
    assert media.warnings == (f"the {what} ends at {media.seconds:.0f} s of 8: the file is cut off or damaged there",)


def test_a_film_whose_sound_or_pictures_end_early_is_whole() -> None:
    for seconds, hears in ((6.0, 2.0), (2.0, 6.0)):
        media = read_media(film("matroska", pictures(seconds), [tone(hears)]))
        assert media.seconds == pytest.approx(6.0, abs=0.2) and media.warnings == ()
    shown_long = read_media(film("matroska", pictures(0.5), times=[0.0, 5.0, 10.0, 15.0, 20.0], fps=30))
    assert shown_long.seconds >= 20.0 and shown_long.warnings == ()


def test_a_sound_cut_off_gives_what_comes_before_it() -> None:
    whole = film("ogg", None, [tone(4.0)])
    sound = read_sound(read_media(whole[: len(whole) // 2]))
    assert sound is not None and 0.5 < sound.seconds < 3.9


STILL = [i / 10 for i in range(20)] + [5 + i / 10 for i in range(10)]
HOLE = [(pytest.approx(2.0, abs=0.15), pytest.approx(5.0, abs=0.15))]


def missing_in(data: bytes, every_s: float = 0.2) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    media = read_media(data)
    assert len(list(frames(media, every_s=every_s, hole=lambda a, b: found.append((a, b))))) > 8
    return found


def test_missing_pictures_are_told_where_the_clock_jumps_or_packets_are_lost() -> None:
    assert missing_in(film("matroska", pictures(3.0), [tone(6.0)], times=STILL)) == HOLE
    assert missing_in(spoilt(film("mp4", pictures(6.0), [tone(6.0)]), "video", 2.0, 5.0)) == HOLE


@pytest.mark.parametrize("form", ["mp4", "gif"])
def test_a_picture_that_stays_as_its_file_says_is_not_missing(form: str) -> None:
    assert missing_in(film(form, pictures(3.0), times=STILL)) == []
    assert missing_in(film("matroska", pictures(1.0), times=[2.0 * i for i in range(10)])) == []  # slides


@pytest.mark.parametrize("what", ["film", "sound"])
def test_damage_in_the_middle_costs_only_what_lies_there(what: str) -> None:
    whole = film("mp4", pictures(4.0), [tone(4.0)])
    data = spoilt(whole, {"film": "video", "sound": "audio"}[what], 1.0, 1.4)
    media, notes = read_media(data), list[str]()
    shown, sound = list(frames(media, note=notes.append)), read_sound(media, notes.append)
    assert len(notes) == 1 and (told := re.match(rf"the {what} is damaged at ([\d.]+) s: \d+ pieces .* left out$", notes[0]))
    assert 0.7 <= float(told[1]) <= 1.6
    assert len(shown) >= (30 if what == "film" else 40) and shown[-1].time_s > 3.7
    assert sound is not None and sound.seconds == pytest.approx(4.0, abs=0.2)
    assert np.abs(sound.samples[40_000:60_000]).mean() > 0.1


def test_sound_that_changes_its_kind_on_the_way_is_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def mono_then_stereo(container: object, stream: object, lost: list[float]):
        for number in range(20):
            layout = "mono" if number < 10 else "stereo"
            values = np.full((1 if number < 10 else 2, 1600), 0.25 if number < 10 else 0.5, np.float32)
            frame = av.AudioFrame.from_ndarray(values, format="fltp", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = 16_000, 1600 * number, Fraction(1, 16_000)
            yield frame

    media = read_media(film("wav", None, [tone(2.0)]))
    monkeypatch.setattr("mmcore.readers.sound.decoded", mono_then_stereo)
    notes: list[str] = []
    sound = read_sound(media, notes.append)
    assert sound is not None and sound.seconds == pytest.approx(2.0, abs=0.02) and notes == []
    assert sound.samples[8000] == pytest.approx(0.25, abs=0.01) and sound.samples[24_000] == pytest.approx(0.5 * 2**0.5, abs=0.01)


def test_an_mp4_without_its_index_is_refused() -> None:
    whole = film("mp4", pictures(2.0))
    with pytest.raises(InputError, match="damaged or cut off"):
        read_media(whole[: len(whole) // 2])


def test_several_streams_are_named() -> None:
    media = read_media(film("matroska", pictures(1.0), [tone(1.0, 300), tone(1.0, 900)]))
    assert media.warnings == () and media.sound_warnings == ("2 sound streams: the first is used",)
    sound = read_sound(media)
    assert sound is not None
    assert np.argmax(np.abs(np.fft.rfft(sound.samples[:16_000]))) == pytest.approx(300, abs=3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"just words, in a file called film.mp4\n" * 20, "neither a film nor a sound"),
        (b"#EXTM3U\n#EXTINF:9,\n/etc/hostname\n", "neither a film nor a sound"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "neither a film nor a sound"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "neither a film nor a sound"),
        (b"\0\0\0\x18ftypmp42" + bytes(64), "damaged or cut off"),
        (b"\x1aE\xdf\xa3" + bytes(200), "damaged or cut off|neither pictures nor sound"),
        (b"RIFF\0\0\0\0AVI " + bytes(100), "damaged or cut off|neither pictures nor sound"),
    ],
)
def test_a_file_that_is_no_film_is_refused_in_one_line(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as told:
        read_media(path)
    assert "\n" not in str(told.value) and told.value.hint


def test_limits_are_kept() -> None:
    data = film("mp4", pictures(2.0))
    for limits, message in (
        (replace(LIMITS, media_bytes=500), "larger than"),
        (replace(LIMITS, media_seconds=1.0), "at most"),
        (replace(LIMITS, media_pixels=100), "too large"),
    ):
        with pytest.raises(InputError, match=message):
            read_media(data, limits)


def test_a_text_is_no_film_whatever_its_name_and_a_film_is_one_without_a_name() -> None:
    assert media_kind(b"\0\0\0\x20ftypisom") == "mp4"
    assert media_kind(b"\0\0\0\x20ftypheic") is None
    assert media_kind(b"RIFF\0\0\0\0WEBPVP8 ") is None
    assert media_kind(b"hello, world, hello") is None


def test_an_hour_of_720p_with_sound_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    path.write_bytes(repeated(film("mp4", [np.full((720, 1280, 3), 90, np.uint8)] * 59, [tone(59.0)], fps=1), 60))
    script = (
        "import sys; from pathlib import Path; from mmcore.commands.bench import peak_rss_mb\n"
        "from mmcore.readers.media import read_media; from mmcore.readers.footage import frames\n"
        "from mmcore.readers.sound import read_sound\n"
        "media = read_media(Path(sys.argv[1])); before = peak_rss_mb()\n"
        "count, seconds = sum(1 for _ in frames(media)), len(read_sound(media).samples) // 16_000\n"
        "print(round(media.seconds), count, seconds, round(peak_rss_mb() - before), round(peak_rss_mb()))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    seconds, count, heard, grown_mb, peak_mb = map(int, done.stdout.split())
    assert seconds == pytest.approx(3600, abs=2) and count == 60 * 59 and heard == pytest.approx(3600, abs=2)
    assert grown_mb < 450, f"3,540 pictures of 2.8 MB each and 230 MB of sound grew the process by {grown_mb} MB"
    assert peak_mb < 1500 and grown_mb > 100, "an hour of sound alone takes 230 MB: less was not measured"


def test_a_gap_in_the_sound_stays_silent_and_what_follows_keeps_its_time() -> None:
    media = read_media(repeated(film("mp4", pictures(1.0), [tone(1.0)]), 3))
    sound = read_sound(media)
    assert sound is not None and sound.seconds == pytest.approx(5.0, abs=0.15)
    loud = [float(np.abs(sound.samples[round(s * 16_000) : round((s + 0.4) * 16_000)]).mean()) for s in (0.3, 1.3, 2.3, 3.3, 4.3)]
    assert min(loud[::2]) > 0.1 and max(loud[1::2]) < 0.01


def test_sound_that_is_longer_than_its_file_says_is_read_to_its_end_and_to_the_limit() -> None:
    media = replace(read_media(film("wav", None, [tone(4.0)])), seconds=0.5)
    sound, cut = read_sound(media), read_sound(media, limits=replace(LIMITS, media_seconds=2.0))
    assert sound is not None and len(sound.samples) == 64_000 and np.abs(sound.samples - tone(4.0)).max() < 1e-3
    assert cut is not None and len(cut.samples) == 32_000
