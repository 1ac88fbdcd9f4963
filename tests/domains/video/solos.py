"""Solos of single instruments for the albums: **generated** melodies, played on recorded notes. No test: run by hand after `albums`.

mido is no requirement of this project; fluidsynth and fluid-soundfont-gm (MIT) are packages of Debian 12::

    apt-get install fluidsynth fluid-soundfont-gm
    pip install mido==1.3.3
    python -m tests.domains.video.solos /usr/share/sounds/sf2/FluidR3_GM.sf2 ../albums

An album ``music/solo_FAMILY`` for each family of General MIDI, two pieces of each of its eight instruments, and one of drums.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

FAMILIES = {
    "piano": 0, "bells": 8, "organ": 16, "guitar": 24, "bass": 32, "strings": 40, "ensemble": 48, "brass": 56, "reed": 64, "pipe": 72,
    "plucked_and_bagpipe": 104,
}  # fmt: skip
"""Family -> its first program; each has eight."""
LOW = {"bass": 28, "brass": 46, "organ": 48, "guitar": 48}
CHORDS = ("piano", "organ", "guitar", "ensemble")
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))
PIECES, BEATS, DRUM_CHANNEL, TICKS = 2, 24, 9, 480
DRUMS = (35, 38, 42, 46, 41, 45, 48, 49, 51, 60, 61, 70)


def main(soundfont: Path, out: Path) -> None:
    """Writes the albums; what the pieces are is drawn by family and number."""
    mido = importlib.import_module("mido")
    for at, (family, first) in enumerate([*FAMILIES.items(), ("drums", -1)]):
        album = out / "music" / f"solo_{family}"
        album.mkdir(parents=True, exist_ok=True)
        for number in range(PIECES * 8):
            rng = np.random.default_rng([at, number])
            piece = drums(mido, rng) if first < 0 else melody(mido, rng, first + number % 8, LOW.get(family, 55), chords=family in CHORDS)
            with tempfile.TemporaryDirectory() as folder:
                score, played = Path(folder) / "score.mid", album / f"{number:02}.wav"
                piece.save(str(score))
                command = ["fluidsynth", "-ni", "-q", "-g", "0.6", "-r", "16000", "-F", str(played), str(soundfont), str(score)]
                subprocess.run(command, check=True, capture_output=True)


def melody(mido: Any, rng: np.random.Generator, program: int, low: int, *, chords: bool) -> Any:
    """A walk over a scale, in notes of a quarter to two beats, now and then a chord or a rest."""
    track = start(mido, rng)
    track.append(mido.Message("program_change", program=program, channel=0, time=0))
    scale, root, step, rest = SCALES[rng.integers(len(SCALES))], low + int(rng.integers(12)), int(rng.integers(0, 8)), 0
    beats = 0.0
    while beats < BEATS:
        length = float(rng.choice([0.25, 0.5, 0.5, 1.0, 1.0, 2.0]))
        beats += length
        if rng.random() < 0.08:
            rest += int(length * TICKS)
            continue
        step = int(np.clip(step + rng.integers(-3, 4), 0, 2 * len(scale)))
        steps = [step, step + 2, step + 4] if chords and rng.random() < 0.3 else [step]
        notes = [root + 12 * (s // len(scale)) + scale[s % len(scale)] for s in steps]
        for note in notes:
            track.append(mido.Message("note_on", note=note, velocity=int(rng.integers(60, 115)), channel=0, time=rest))
            rest = 0
        for i, note in enumerate(notes):
            track.append(mido.Message("note_off", note=note, velocity=0, channel=0, time=0 if i else int(0.95 * length * TICKS)))
        rest = int(0.05 * length * TICKS)
    return track.of


def drums(mido: Any, rng: np.random.Generator) -> Any:
    """A pattern of a bar of eight, repeated with changes."""
    track = start(mido, rng)
    kit = rng.choice(DRUMS, 4, replace=False)
    pattern = rng.random((8, len(kit))) < rng.uniform(0.15, 0.6, len(kit))
    for beat in range(2 * BEATS):
        hits = [int(note) for note, hit in zip(kit, pattern[beat % 8] ^ (rng.random(len(kit)) < 0.08), strict=True) if hit]
        for note in hits:
            track.append(mido.Message("note_on", note=note, velocity=int(rng.integers(60, 120)), channel=DRUM_CHANNEL, time=0))
        track.append(mido.MetaMessage("marker", text="", time=TICKS // 2))
    return track.of


def start(mido: Any, rng: np.random.Generator) -> Any:
    """The only track of a new piece, at 70 to 150 beats a minute; ``of`` is the piece."""
    piece = mido.MidiFile(ticks_per_beat=TICKS)
    track = piece.add_track()
    track.of = piece
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(float(rng.uniform(70, 150))), time=0))
    return track


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
