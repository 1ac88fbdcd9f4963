"""Speech to English words with times: Whisper tiny.en through faster-whisper, where a voice detector hears speech at all."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.device import CPU_THREADS
from mmcore.encoders.whisper import model_folder

WORDS_LATE_S = 0.1
"""Whisper's word boundaries come late by about this much: median over the words of letters that no figure on the card is taken from."""
PART_S = 120.0
"""Sound is written down in parts of at most this length, so that the working memory does not grow with the film."""
PAUSE_S, LONGEST_S = 0.7, 10.0
"""A wait from word to word from which on what follows is another piece of speech, and the longest such piece."""
UNSURE, REPEATED = 0.55, 2.4
"""Words are doubtful whose mean probability is below the one, or whose text deflate makes smaller by more than the other (Whisper's own
limit for words that go round in circles). Chosen on the very recordings counted here. Of speech made by espeak-ng doubtful are 86 of 87
recordings in ten other languages of which words were written down and 0 of 75 in clear English (five voices); of GRID, five commands each,
0 of 12 clean or with noise 10 dB below the voice, 7 of 12 with noise as loud as the voice."""
DOUBTFUL = "the speech may not be English, or is hard to hear: its words are doubtful"
_RUN_TOGETHER = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.?!][\"')\u201d\u2019]*$")


@dataclass(frozen=True)
class Word:
    """A word with its time in seconds."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True)
class Said:
    """A stretch of speech without a long pause, at most a sentence: its words, joined by spaces in ``text``."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]


def speech_spans(samples: np.ndarray) -> list[tuple[float, float]]:
    """(from_s, to_s) of every stretch with a voice (Silero's detector, which comes with faster-whisper)."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    found = get_speech_timestamps(samples, VadOptions(min_silence_duration_ms=500, speech_pad_ms=200))
    return [(span["start"] / SOUND_RATE, span["end"] / SOUND_RATE) for span in found]


def parts(samples: np.ndarray, part_s: float = PART_S) -> Iterator[tuple[int, int]]:
    """(from, to) in samples of the parts with a voice, in order: at most ``part_s`` long, cut in the widest pause of their second half."""
    start = 0
    while start < len(samples):
        end = min(len(samples), start + round(part_s * SOUND_RATE))
        spans = speech_spans(samples[start:end])
        if spans and end < len(samples):
            pauses = [(a, b) for (_, a), (b, _) in pairwise([*spans, (part_s, part_s)]) if a + b > part_s]
            widest = max(pauses, key=lambda pause: pause[1] - pause[0], default=(part_s, part_s))
            end = start + round(sum(widest) / 2 * SOUND_RATE)
        if spans:
            yield start, end
        start = end


def transcribe(samples: np.ndarray, progress: Callable[[float], None] = lambda share: None) -> list[Said]:
    """(N,) samples at 16 kHz -> what is said, in order; [] where no voice is heard.

    Args:
        progress: called with the share done; what it raises ends the work.
    """
    out: list[Said] = []
    for start, end in parts(samples):
        words: list[Word] = []
        with _lock():
            segments, _ = _whisper().transcribe(
                samples[start:end], language="en", beam_size=1, word_timestamps=True, condition_on_previous_text=False, vad_filter=True,
                temperature=0.0,
            )  # fmt: skip
            for segment in segments:
                words += _words(segment.words or (), start / SOUND_RATE)
                progress(min(1.0, (start + segment.end * SOUND_RATE) / len(samples)))
        out += [Said(p[0].start_s, p[-1].end_s, " ".join(word.text for word in p), tuple(p)) for p in pieces(words)]
    return out


def pieces(words: Sequence[Word]) -> list[list[Word]]:
    """Words in order, cut after each sentence, in each pause of `PAUSE_S` and more, and where a piece would last over `LONGEST_S`."""
    out: list[list[Word]] = []
    for word in words:
        last = out[-1][-1] if out else None
        if (
            last is None or word.start_s - last.end_s >= PAUSE_S or _SENTENCE_END.search(last.text)
            or word.end_s - out[-1][0].start_s > LONGEST_S
        ):  # fmt: skip
            out.append([])
        out[-1].append(word)
    return out


def doubtful(said: Sequence[Said]) -> bool:
    """Whether these words are more guessed than heard, as foreign speech written down as English is; False without words."""
    words = [word for part in said for word in part.words]
    text = " ".join(part.text for part in said).encode()
    unsure = bool(words) and sum(word.probability for word in words) / len(words) < UNSURE
    return unsure or (bool(words) and len(text) / len(zlib.compress(text)) > REPEATED)


def _words(found: Sequence[Any], from_s: float) -> list[Word]:
    """Words of a part that begins at ``from_s``, without spaces; what the model runs together, as in "k4", is split and shares the time."""
    out = []
    for word in found:
        pieces = [piece for piece in _RUN_TOGETHER.split(word.word.strip()) if piece]
        step = (word.end - word.start) / max(1, len(pieces))
        for i, piece in enumerate(pieces):
            start = from_s + word.start + i * step - WORDS_LATE_S
            end = max(0.0, start + step)
            out.append(Word(piece, round(float(max(0.0, start)), 3), round(float(end), 3), float(word.probability)))
    return out


@cache
def _whisper() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(model_folder()), device="cpu", compute_type="int8", cpu_threads=CPU_THREADS, local_files_only=True)


@cache
def _lock() -> threading.Lock:
    return threading.Lock()
