"""Training of a spoken-command network: the two readers first, then, on letters they have not seen, the gate and the calibration.

A gate fitted where the readers were trained would believe both: there each is nearly always right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from mmcore.domains.video.slot_conditions import covered
from mmcore.domains.video.slot_material import Material
from mmcore.domains.video.slot_network import QUANTILES, Reading, SlotNetwork, SlotReader, SlotReadings, mouth_statistics, standard_crops
from mmcore.encoders.speech_frames import noise_statistics

Step = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SlotTraining:
    """Settings of training.

    Attributes:
        seconds: length of a clip to train on; shorter ones are filled, longer ones cut.
        versions: drawn noises of each clip, the clean one included.
        ratios_db: range of sound over noise that is drawn from.
        lip_epochs, sound_epochs, gate_epochs: passes over the clips.
        gate_share: share of the letters kept from the readers for gate and calibration.
        window_weight: weight of the loss that teaches a reader where the words are.
        cover_share: share of the clips that the gate sees with the mouth blanked.
    """

    seconds: float = 3.0
    versions: int = 7
    ratios_db: tuple[float, ...] = (-12.0, 12.0)
    lip_epochs: int = 32
    sound_epochs: int = 30
    gate_epochs: int = 40
    batch: int = 32
    rate: float = 2e-3
    decay: float = 2e-2
    dropout: float = 0.3
    gate_share: float = 0.2
    window_weight: float = 0.3
    cover_share: float = 0.35
    smoothing: float = 0.05


def fit(
    material: Material, slots: Mapping[str, Sequence[str]], groups: np.ndarray, rows: np.ndarray, settings: SlotTraining, seed: int,
    step: Step,
) -> SlotNetwork:
    """A network trained on the clips at ``rows``.

    Args:
        groups: (N,) letter of each clip: those for the gate are whole letters.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    letters = rng.permutation(np.unique(groups[rows]))
    kept = np.isin(groups[rows], letters[: max(1, round(settings.gate_share * len(letters)))])
    own, other = rows[~kept], rows[kept]
    network = SlotNetwork(slots, settings.dropout)
    crops = standard_crops(torch.from_numpy(material.crops))
    words, windows = torch.from_numpy(material.words), torch.from_numpy(material.windows)

    def lips(at: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        return _moved(crops[at], windows[at], rng)

    def sound(at: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        frames = torch.from_numpy(material.drawn[at, rng.integers(material.drawn.shape[1], size=len(at))].astype(np.float32))
        shift = int(rng.integers(-4, 5))
        return torch.roll(frames, shift, 1), torch.roll(windows[at], shift, -1)

    _fit_reader("lips", network.visual, own, lips, words, settings, settings.lip_epochs, rng, step)
    _fit_reader("sound", network.audio, own, sound, words, settings, settings.sound_epochs, rng, step)
    _fit_gate(network, material, crops, other, words, settings, rng, step)
    return network.eval()


def _fit_reader(
    name: str, reader: SlotReader, rows: np.ndarray, draw: Callable, words: torch.Tensor, settings: SlotTraining, epochs: int,
    rng: np.random.Generator, step: Step,
) -> None:  # fmt: skip
    optimiser = torch.optim.AdamW(reader.parameters(), settings.rate, weight_decay=settings.decay)
    batches = max(1, len(rows) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, epochs * batches + 1)
    reader.train()
    for epoch in range(epochs):
        for at in _batches(rows, batches, rng):
            frames, windows = draw(at)
            reading = reader(frames)
            loss = _word_loss(reading, words[at], settings.smoothing)
            loss = loss - settings.window_weight * (windows * (reading.attention + 1e-6).log()).sum(-1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        step(f"train {name}", epoch + 1, epochs)
    reader.eval()


def _fit_gate(
    network: SlotNetwork, material: Material, crops: torch.Tensor, rows: np.ndarray, words: torch.Tensor, settings: SlotTraining,
    rng: np.random.Generator, step: Step,
) -> None:  # fmt: skip
    """Gate, then temperatures and set scores, on clips new to the readers: every version of the sound, with and without lips."""
    versions = material.drawn.shape[1]
    clips = np.repeat(rows, versions)
    with torch.no_grad():
        blanked = standard_crops(torch.from_numpy(covered(material.crops[rows])))
        lips = {False: network.visual.hidden(crops[rows]), True: network.visual.hidden(blanked)}
        seen = {False: mouth_statistics(crops[rows]), True: mouth_statistics(blanked)}
        heard, noise = [], []
        for at in rows:
            frames = material.drawn[at].astype(np.float32)
            heard.append(network.audio.hidden(torch.from_numpy(frames)))
            noise.append(torch.from_numpy(noise_statistics(frames)))
        sound, statistics = torch.cat(heard), torch.cat(noise)
        both = torch.cat([statistics, seen[False].repeat_interleave(versions, 0)], dim=1)
        network.mean.copy_(both.mean(0))
        network.deviation.copy_(both.std(0).clamp(min=1e-3))
    number = np.repeat(np.arange(len(rows)), versions)

    def run(at: np.ndarray, hidden_mouth: np.ndarray, presence: torch.Tensor) -> SlotReadings:
        dark = torch.from_numpy(hidden_mouth)
        pick = torch.from_numpy(number[at])
        frames = {"audio": sound[at], "visual": torch.where(dark[:, None, None], lips[True][pick], lips[False][pick])}
        quality = {"audio": statistics[at], "visual": torch.where(dark[:, None], seen[True][pick], seen[False][pick])}
        return network(frames, quality, presence, hidden=True)

    optimiser = torch.optim.AdamW(network.gate.parameters(), 5e-3, weight_decay=1e-2)
    for epoch in range(settings.gate_epochs):
        for at in _batches(np.arange(len(clips)), max(1, len(clips) // 64), rng):
            dark = rng.random(len(at)) < settings.cover_share
            presence = torch.ones(len(at), 2, dtype=torch.bool)
            loss = _word_loss(run(at, dark, presence).fused, words[clips[at]], 0.0)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        step("train gate", epoch + 1, settings.gate_epochs)
    with torch.no_grad():
        everything = np.arange(len(clips))
        readings = run(everything, rng.random(len(clips)) < settings.cover_share / 2, torch.ones(len(clips), 2, dtype=torch.bool))
        for i, reading in enumerate((readings.alone["audio"], readings.alone["visual"], readings.fused)):
            _calibrate(network, i, reading, words[clips])


def _calibrate(network: SlotNetwork, subset: int, reading: Reading, words: torch.Tensor) -> None:
    """Temperature by the lowest log loss (Guo et al. 2017) and the quantiles of a split-conformal set (Vovk et al. 2005), slot by slot."""
    grid = torch.logspace(-0.7, 0.7, 57)
    for j, slot in enumerate(network.slots):
        losses = [F.cross_entropy(reading.logits[slot] / t, words[:, j]) for t in grid]
        network.temperature[subset, j] = grid[int(torch.stack(losses).argmin())]
        p = (reading.logits[slot] / network.temperature[subset, j]).softmax(-1)
        missed = 1 - p[torch.arange(len(p)), words[:, j]]
        network.scores[subset, j] = torch.quantile(missed, torch.linspace(0, 1, QUANTILES))


def _word_loss(reading: Reading, words: torch.Tensor, smoothing: float) -> torch.Tensor:
    losses = [F.cross_entropy(logits, words[:, j], label_smoothing=smoothing) for j, logits in enumerate(reading.logits.values())]
    return torch.stack(losses).sum()


def _batches(rows: np.ndarray, count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    return iter(np.array_split(rng.permutation(rows), count))


def _moved(crops: torch.Tensor, windows: torch.Tensor, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch mirrored in half, shifted in place and time, made stronger or weaker, with short gaps in a quarter."""
    half = len(crops) // 2
    crops = torch.cat([crops[:half].flip(-1), crops[half:]])
    crops = torch.roll(crops, (int(rng.integers(-2, 3)), int(rng.integers(-3, 4))), (2, 3))
    shift = int(rng.integers(-4, 5))
    crops, windows = torch.roll(crops, shift, 1), torch.roll(windows, shift, -1)
    crops = crops * (0.8 + 0.4 * torch.rand(len(crops), 1, 1, 1))
    start = int(rng.integers(0, crops.shape[1] - 6))
    crops[half // 2 : half + half // 2, start : start + int(rng.integers(1, 6))] = 0
    return crops, windows
