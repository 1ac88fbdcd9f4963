"""A long sound is written down in parts that are cut in pauses."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from mmcore.encoders import transcript

RATE = 16_000


def voices(monkeypatch: pytest.MonkeyPatch, spans: list[tuple[float, float]]) -> None:
    """A detector that hears a voice in these seconds of a sound whose samples count up."""

    def heard(samples: np.ndarray) -> list[tuple[float, float]]:
        start, end = samples[0] / RATE, (samples[-1] + 1) / RATE
        return [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]

    monkeypatch.setattr(transcript, "speech_spans", heard)


def cut(seconds: float, part_s: float) -> list[tuple[float, float]]:
    return [(a / RATE, b / RATE) for a, b in transcript.parts(np.arange(round(seconds * RATE), dtype=float), part_s)]


def test_a_short_sound_is_one_part_and_one_without_a_voice_none(monkeypatch: pytest.MonkeyPatch) -> None:
    voices(monkeypatch, [(1, 2)])
    assert cut(9, 10) == [(0, 9)]
    voices(monkeypatch, [])
    assert cut(35, 10) == []


def test_a_long_sound_is_cut_in_the_widest_pause_of_the_second_half_and_silence_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    voices(monkeypatch, [(0, 2), (5, 6), (6.5, 8), (9, 14), (30, 31)])
    assert cut(40, 10) == [(0, 8.5), (8.5, 16.25), (26.25, 33.625)]


def test_a_voice_without_a_pause_is_cut_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    voices(monkeypatch, [(0, 25)])
    assert cut(25, 10) == [(0, 10), (10, 20), (20, 25)]


def test_words_of_a_later_part_have_the_films_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "parts", lambda samples: [(0, 160_000), (160_000, 320_000)])
    word = SimpleNamespace(word=" k4", start=2.1, end=2.5, probability=0.9)
    heard = SimpleNamespace(transcribe=lambda samples, **_: ([SimpleNamespace(words=[word], end=3.0)], None))
    monkeypatch.setattr(transcript, "_whisper", lambda: heard)
    shares: list[float] = []
    first, second = transcript.transcribe(np.zeros(320_000, np.float32), shares.append)
    assert first.text == second.text == "k 4" and [w.start_s for w in second.words] == [12.0, 12.2]
    assert shares == pytest.approx([0.15, 0.65])
