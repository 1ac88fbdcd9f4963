"""Makes the generated films and sounds of sample_data/video: drawn scenes and made sounds at known times, nothing real.

    python sample_data/make_video.py [--out FOLDER]

The same seed gives the same pictures and sounds.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

OUT = Path(__file__).parent / "video"
SIZE, FPS, RATE = (320, 180), 12, 16_000
BEAT_S = 0.3

Scene = Callable[[ImageDraw.ImageDraw, float], None]
Noise = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Part:
    """A stretch of a sample: its length in seconds, what is drawn (None: no picture) and what is heard (None: silence)."""

    seconds: float
    scene: Scene | None
    sound: Noise | None
    truth: str


@dataclass(frozen=True)
class Sample:
    name: str
    title: str
    story: str
    parts: tuple[Part, ...]
    with_sound: bool = True


def bouncing_ball(draw: ImageDraw.ImageDraw, t: float) -> None:
    draw.rectangle((0, 0, *SIZE), fill=(96, 160, 220))
    draw.rectangle((0, 140, SIZE[0], SIZE[1]), fill=(70, 140, 60))
    x, y = 40 + 50 * t, 130 - abs(np.sin(4 * t)) * 80
    draw.ellipse((x - 16, y - 16, x + 16, y + 16), fill=(235, 235, 235), outline=(20, 20, 20), width=2)


def beach(draw: ImageDraw.ImageDraw, t: float) -> None:
    draw.rectangle((0, 0, SIZE[0], 80), fill=(150, 205, 240))
    draw.rectangle((0, 80, SIZE[0], 130), fill=(30, 90, 160))
    for i in range(9):
        x = (i * 40 + 25 * t) % 360 - 20
        draw.arc((x, 100, x + 40, 125), 180, 360, fill=(235, 245, 250), width=3)
    draw.polygon([(0, 130), (SIZE[0], 122), (SIZE[0], 180), (0, 180)], fill=(225, 200, 150))


def clock_face(draw: ImageDraw.ImageDraw, t: float) -> None:
    draw.rectangle((0, 0, *SIZE), fill=(205, 185, 160))
    draw.ellipse((90, 20, 230, 160), fill=(250, 250, 245), outline=(60, 40, 30), width=6)
    for hour in range(12):
        a = hour * np.pi / 6
        draw.line((160 + 58 * np.sin(a), 90 - 58 * np.cos(a), 160 + 64 * np.sin(a), 90 - 64 * np.cos(a)), fill=(30, 30, 30), width=3)
    for angle, length, width in ((0.9, 32, 5), (2 * np.pi * np.floor(t * 2) / 60, 52, 2), (4.2, 48, 4)):
        draw.line((160, 90, 160 + length * np.sin(angle), 90 - length * np.cos(angle)), fill=(20, 20, 20), width=width)


def night(draw: ImageDraw.ImageDraw, t: float) -> None:
    draw.rectangle((0, 0, *SIZE), fill=(12, 14, 34))
    draw.ellipse((240, 20, 280, 60), fill=(240, 236, 200))
    for i in range(40):
        x, y = (i * 83) % 320, (i * 47) % 120
        draw.point((x, y), fill=(200, 200, 220))
    draw.polygon([(0, 180), (80, 110), (150, 160), (230, 100), (320, 170), (320, 180)], fill=(28, 32, 52))


def title_card(draw: ImageDraw.ImageDraw, t: float) -> None:
    draw.rectangle((0, 0, *SIZE), fill=(18, 18, 24))
    caption(draw, "A day at the beach", (52, 74), 26)


def captioned_beach(draw: ImageDraw.ImageDraw, t: float) -> None:
    beach(draw, t)
    draw.rectangle((0, 150, *SIZE), fill=(20, 20, 30))
    caption(draw, "Waves roll onto the sand", (14, 154), 20)


def captioned_clock(draw: ImageDraw.ImageDraw, t: float) -> None:
    clock_face(draw, t)
    if t >= 2:
        draw.rectangle((0, 0, SIZE[0], 28), fill=(120, 20, 30))
        caption(draw, "Breaking news: a dog barks", (8, 3), 20)


def caption(draw: ImageDraw.ImageDraw, text: str, place: tuple[int, int], size: int) -> None:
    draw.text(place, text, fill=(245, 245, 240), font=ImageFont.load_default(size))


def waves(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    spectrum = np.fft.rfft(rng.standard_normal(len(t))) / np.sqrt(1 + np.arange(len(t) // 2 + 1) / 40)
    return np.fft.irfft(spectrum, len(t)) * (0.35 + 0.3 * np.sin(2 * np.pi * t / 4)) * 0.9


def ticking(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tick and tock of a wooden case, twice a second, with an echo."""
    since, low = t % 0.5, 1 - 0.2 * (t // 0.5 % 2)
    echo = np.maximum(since - 0.013, 0)
    return 0.4 * low * (_struck(since, low) + 0.4 * _struck(echo, low)) + rng.normal(0, 4e-4, len(t))


def _struck(since: np.ndarray, low: np.ndarray) -> np.ndarray:
    tones = ((900, 90, 0.5), (1800, 140, 0.4), (3100, 200, 0.3))
    return sum(size * np.sin(2 * np.pi * pitch * low * since) * np.exp(-fade * since) for pitch, fade, size in tones)


def tune(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Four chords with a bass, a melody over them and a drum."""
    chords = np.array([[60, 64, 67], [57, 60, 64], [65, 69, 72], [67, 71, 74]])
    beat, since, bar = (t / BEAT_S).astype(int), t % BEAT_S, t % (4 * BEAT_S)
    chord = chords[beat // 4 % 4]
    out = 0.12 * sum(_tone(chord[:, voice], 6, 1.2, bar) for voice in range(3)) + 0.25 * _tone(chord[:, 0] - 24, 4, 1.5, bar)
    out += 0.18 * _tone(chord[np.arange(len(t)), beat % 4 % 3] + 12, 6, 3, since)
    low, high = np.sin(2 * np.pi * 60 * since) * np.exp(-14 * since), rng.standard_normal(len(t)) * np.exp(-20 * since)
    return 0.45 * (out + np.where(beat % 2 == 0, 0.5 * low, 0.2 * high))


def _tone(note: np.ndarray, overtones: int, fade: float, since: np.ndarray) -> np.ndarray:
    """A MIDI note that fades."""
    pitch = 440 * 2 ** ((note - 69) / 12)
    return sum(np.sin(2 * np.pi * pitch * k * since) / k for k in range(1, overtones + 1)) * np.exp(-fade * since)


SAMPLES = (
    Sample("a_day", "A drawn day", "Four drawn scenes, a ball, the sea, a clock and the night, three of them with a made sound.", (
        Part(5, bouncing_ball, tune, "a ball and a tune"), Part(6, beach, waves, "the sea and its waves"),
        Part(5, clock_face, ticking, "a clock that ticks"), Part(4, night, None, "the night, in silence"),
    )),
    Sample("silent_film", "No sound at all", "A film without a sound stream: what is seen has to be enough.", (
        Part(4, clock_face, None, "a clock"), Part(4, beach, None, "the sea"),
    ), with_sound=False),
    Sample("written", "Words on the screen", "A title, a caption, and a late headline that says something else than the picture.", (
        Part(3, title_card, None, "a title: A day at the beach"),
        Part(4, captioned_beach, waves, "the sea and its waves, with the caption: Waves roll onto the sand"),
        Part(6, captioned_clock, ticking, "a clock that ticks; from 9 s the headline: Breaking news: a dog barks"),
    )),
    Sample("sound_only", "Only sound", "No picture: made waves, a pause and a made clock.", (
        Part(6, None, waves, "waves"), Part(3, None, None, "silence"), Part(6, None, ticking, "a clock that ticks"),
    )),
)  # fmt: skip


def sound_of(sample: Sample) -> np.ndarray:
    """(N,) float32 at 16 kHz."""
    parts = []
    for number, part in enumerate(sample.parts):
        t = np.arange(round(part.seconds * RATE)) / RATE
        parts.append(part.sound(t, np.random.default_rng(number)) if part.sound else np.zeros(len(t)))
    return np.clip(np.concatenate(parts), -1, 1).astype(np.float32)


def film_of(sample: Sample) -> bytes:
    """An mp4, or an ogg where nothing is drawn."""
    out = io.BytesIO()
    drawn = any(part.scene for part in sample.parts)
    with av.open(out, "w", format="mp4" if drawn else "ogg") as container:
        picture = container.add_stream("libx264", rate=FPS, options={"crf": "30", "preset": "slow"}) if drawn else None
        codec, rate = ("aac", RATE) if drawn else ("libopus", 48_000)
        track = container.add_stream(codec, rate=rate, layout="mono") if sample.with_sound else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = *SIZE, "yuv420p"
            number = 0
            for part in sample.parts:
                for i in range(round(part.seconds * FPS)):
                    image = Image.new("RGB", SIZE)
                    if part.scene is not None:
                        part.scene(ImageDraw.Draw(image), i / FPS)
                    frame = av.VideoFrame.from_image(image)
                    frame.pts, frame.time_base = number, Fraction(1, FPS)
                    number += 1
                    container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        if track is not None:
            frame = av.AudioFrame.from_ndarray(sound_of(sample)[None], format="flt", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            container.mux(track.encode(frame))
            container.mux(track.encode(None))
    return out.getvalue()


def case_of(sample: Sample, name: str) -> str:
    """case.toml: what is true of each second stands in its notes."""
    at, lines = 0.0, []
    for part in sample.parts:
        lines.append(f"{at:g} to {at + part.seconds:g} s: {part.truth}")
        at += part.seconds
    kind = "visual" if name.endswith("mp4") else "audio"
    return (
        f'title = "{sample.title}"\nmodel = "video_events"\ngenerated = true\n\n[inputs]\n{kind} = "{name}"\n\n'
        f'[notes]\nstory = "{sample.story}"\ntruth = "{"; ".join(lines)}"\n'
    )


def main() -> None:
    """Writes every sample to the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    for sample in SAMPLES:
        folder = out / sample.name
        folder.mkdir(parents=True, exist_ok=True)
        name = "film.mp4" if any(part.scene for part in sample.parts) else "sound.ogg"
        (folder / name).write_bytes(film_of(sample))
        (folder / "case.toml").write_text(case_of(sample, name), encoding="utf-8")


if __name__ == "__main__":
    main()
