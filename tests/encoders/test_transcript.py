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


def test_speech_is_cut_after_sentences_and_in_pauses_and_not_between_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "parts", lambda samples: [(0, 480_000)])

    def segment(*words: tuple[str, float, float]) -> SimpleNamespace:
        return SimpleNamespace(words=[SimpleNamespace(word=w, start=a, end=b, probability=0.9) for w, a, b in words], end=words[-1][2])

    heard = [
        segment((" It", 1.1, 1.3), (" is", 1.3, 1.5), (" warm.", 1.5, 2.1), (" Mr.", 7.1, 7.4), (" Bell", 7.5, 8.0), (" said", 8.0, 8.4)),
        segment((" no!", 8.4, 8.9), (" Then", 9.0, 9.3), (" he", 10.1, 10.3), (" left", 10.3, 10.6)),
    ]
    monkeypatch.setattr(transcript, "_whisper", lambda: SimpleNamespace(transcribe=lambda samples, **_: (heard, None)))
    said = transcript.transcribe(np.zeros(480_000, np.float32))
    assert [part.text for part in said] == ["It is warm.", "Mr. Bell said no!", "Then", "he left"]
    assert [(part.start_s, part.end_s) for part in said[:2]] == [(1.0, 2.0), (7.0, 8.8)]


def test_speech_without_a_pause_or_a_sentence_is_cut_at_the_longest() -> None:
    words = [transcript.Word("and", i * 0.5, i * 0.5 + 0.5, 0.9) for i in range(50)]
    assert [len(piece) for piece in transcript.pieces(words)] == [20, 20, 10]


def test_words_that_are_guessed_or_go_round_in_circles_are_doubtful_and_clear_ones_are_not() -> None:
    def said(text: str, probability: float) -> list[transcript.Said]:
        words = tuple(transcript.Word(word, 0.0, 1.0, probability) for word in text.split())
        return [transcript.Said(0.0, 1.0, text, words)]

    assert not transcript.doubtful(said("Today we visit the harbour and look at the fishing boats.", 0.8)) and not transcript.doubtful([])
    assert transcript.doubtful(said("hoater the moon can leave the end half", 0.4))
    assert transcript.doubtful(said("and come back " * 30, 0.9))
