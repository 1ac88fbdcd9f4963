"""Sounds that are none of the kinds a sound head knows: tones, chords, beats, noises, clicks, hums and mixtures, made from a seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

RATE = 16_000
SECONDS = 5.0
NAMES = ("tone", "chord", "melody", "beat", "noise", "clicks", "sweep", "hum", "warble", "bursts")


def negative(number: int, seed: int) -> np.ndarray:
    """(80000,) float32: the ``number``-th made sound; kinds take turns, everything else is drawn."""
    rng = np.random.default_rng([seed, number])
    sound = _MAKERS[NAMES[number % len(NAMES)]](rng, np.arange(int(SECONDS * RATE)) / RATE)
    hiss = rng.standard_normal(len(sound)) * 10 ** rng.uniform(-4, -1.5)
    sound = sound / max(1e-6, np.abs(sound).max()) * 10 ** rng.uniform(-1.3, 0) + hiss
    return np.clip(sound, -1, 1).astype(np.float32)


def _tone(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    pitch = 2 ** rng.uniform(6.5, 11.5)
    return sum(np.sin(2 * np.pi * pitch * k * t + rng.uniform(0, 6)) / k for k in range(1, int(rng.integers(2, 8)))) * _envelope(rng, t)


def _chord(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    root = 2 ** rng.uniform(6.5, 9)
    notes = rng.choice([1, 1.189, 1.26, 1.335, 1.498, 1.682, 2.0], size=3, replace=False)
    return sum(np.sign(np.sin(2 * np.pi * root * n * t)) * 0.3 + np.sin(2 * np.pi * root * n * t) for n in notes) * _envelope(rng, t)


def _melody(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    every = rng.uniform(0.15, 0.5)
    notes = 2 ** rng.uniform(7.5, 10, size=int(SECONDS / every) + 1)
    at = (t / every).astype(int)
    phase = np.cumsum(notes[at]) / RATE
    return (np.sin(2 * np.pi * phase) + 0.4 * np.sin(4 * np.pi * phase)) * np.exp(-3 * (t % every) / every)


def _beat(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    every = rng.uniform(0.25, 0.7)
    since = t % every
    drum = np.sin(2 * np.pi * (rng.uniform(45, 120) * since + 20 * np.exp(-30 * since))) * np.exp(-rng.uniform(6, 18) * since)
    hat = rng.standard_normal(len(t)) * np.exp(-rng.uniform(20, 60) * (t % (every / 2)))
    return drum + rng.uniform(0, 0.6) * hat


def _noise(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(rng.standard_normal(len(t)))
    shape = np.maximum(np.arange(len(spectrum)), 1.0) ** -rng.uniform(-0.3, 1.0)
    return np.fft.irfft(spectrum * shape, len(t)) * _envelope(rng, t)


def _clicks(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    out = np.zeros(len(t))
    for at in rng.integers(0, len(t) - 800, size=int(rng.integers(2, 60))):
        length = int(rng.integers(20, 800))
        out[at : at + length] += rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 5)) * rng.uniform(0.3, 1)
    return out


def _sweep(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    low, high = sorted(2 ** rng.uniform(6.5, 12, size=2))
    turn = 0.5 + 0.5 * np.sin(2 * np.pi * t * rng.uniform(0.1, 2))
    return np.sin(2 * np.pi * np.cumsum(low + (high - low) * turn) / RATE)


def _hum(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    base = rng.uniform(40, 130)
    tones = sum(rng.uniform(0, 1) * np.sin(2 * np.pi * base * k * t) for k in range(1, 12))
    return tones * (1 + 0.4 * np.sin(2 * np.pi * rng.uniform(0.5, 12) * t)) + 0.3 * rng.standard_normal(len(t))


def _warble(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    pitch = 2 ** rng.uniform(8.5, 11.5) * (1 + 0.2 * np.sin(2 * np.pi * rng.uniform(2, 15) * t))
    return np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * (np.sin(2 * np.pi * rng.uniform(0.5, 3) * t) > rng.uniform(-0.5, 0.7))


def _bursts(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    gate = np.zeros(len(t))
    for at in rng.integers(0, len(t) - 8000, size=int(rng.integers(1, 8))):
        length = int(rng.integers(800, 8000))
        gate[at : at + length] = np.hanning(length)
    return _noise(rng, t) * gate


def _envelope(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    if rng.random() < 0.4:
        return np.ones(len(t))
    start, end = sorted(rng.uniform(0, SECONDS, size=2))
    return np.clip((t - start) * 8, 0, 1) * np.clip((max(end, start + 0.5) - t) * 4, 0, 1)


_MAKERS: dict[str, Callable[[np.random.Generator, np.ndarray], np.ndarray]] = {
    "tone": _tone, "chord": _chord, "melody": _melody, "beat": _beat, "noise": _noise,
    "clicks": _clicks, "sweep": _sweep, "hum": _hum, "warble": _warble, "bursts": _bursts,
}  # fmt: skip
