"""A spoken command from sound and lips: a reader for each, and a fusion whose weights follow how reliable each is.

Every reader turns its frames (25 a second) into hidden frames, and for every slot of the command into a score over time: the softmax of the
scores is where the reader listens for that slot, so no word boundaries are needed. The fusion adds the readers' scores and their evidence
(log-probabilities), each times a gate that sees noise statistics of the sound, the motion of the mouth and how unsure each reader is
(gated multimodal units, Arevalo et al. 2017, on evidence rather than features).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from mmcore.encoders.mouth import CROP_SIZE
from mmcore.encoders.speech_frames import WIDTH

MODALITIES = ("audio", "visual")
HIDDEN = 96
STATISTICS = {"audio": 6, "visual": 3}
GATE = 16
SUBSETS = ("audio", "visual", "audio+visual")
QUANTILES = 101
NO_SCORE = -1e4


@dataclass(frozen=True)
class Reading:
    """What one reader, or the fusion, makes of a batch.

    Attributes:
        logits: slot -> (B, C) log-probabilities.
        attention: (B, S, T) where it looks for each slot; sums to one over time.
    """

    logits: Mapping[str, torch.Tensor]
    attention: torch.Tensor


@dataclass(frozen=True)
class SlotReadings:
    """The readers alone and together, with (B, S, M) gates."""

    alone: Mapping[str, Reading]
    fused: Reading
    gates: torch.Tensor


class Temporal(nn.Module):
    """(B, T, H) -> (B, T, H): three residual convolutions over time, each seeing two frames more on both sides than the one before."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(HIDDEN) for _ in range(3))
        self.layers = nn.ModuleList(nn.Conv1d(HIDDEN, HIDDEN, 5, padding=2 * d, dilation=d) for d in (1, 2, 3))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for norm, layer in zip(self.norms, self.layers, strict=True):
            x = x + self.dropout(F.gelu(layer(norm(x).transpose(1, 2)).transpose(1, 2)))
        return x


class SoundFront(nn.Module):
    """(B, T, 928) frames of sound -> (B, T, H)."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(WIDTH, HIDDEN)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return F.gelu(self.linear(self.dropout(self.norm(frames.transpose(1, 2)).transpose(1, 2))))


class LipFront(nn.Module):
    """(B, T, 24, 40) crops scaled to unit deviation -> (B, T, H): a small picture network on each crop and its two neighbours."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 24, 6, stride=4, padding=1), nn.BatchNorm2d(24), nn.GELU(),
            nn.Conv2d(24, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.GELU(), nn.Flatten(), nn.Dropout(dropout),
        )  # fmt: skip
        height, width = CROP_SIZE
        self.linear = nn.Linear(32 * (height // 8) * (width // 8), HIDDEN)

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        batch, steps = crops.shape[:2]
        padded = torch.cat([crops[:, :1], crops, crops[:, -1:]], dim=1)
        three = torch.stack([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=2).flatten(0, 1)
        return F.gelu(self.linear(self.net(three))).unflatten(0, (batch, steps))


class SlotReader(nn.Module):
    """One modality: a front, context over time, and for each slot a score over time and a classifier."""

    def __init__(self, front: nn.Module, slots: Mapping[str, Sequence[str]], dropout: float) -> None:
        super().__init__()
        self.front, self.temporal = front, Temporal(dropout)
        self.where = nn.Linear(HIDDEN, len(slots))
        self.what = nn.ModuleDict({slot: nn.Linear(HIDDEN, len(words)) for slot, words in slots.items()})
        self.dropout = nn.Dropout(dropout)

    def hidden(self, frames: torch.Tensor) -> torch.Tensor:
        """(B, T, H)."""
        return self.temporal(self.front(frames))

    def read(self, hidden: torch.Tensor, attention: torch.Tensor) -> dict[str, torch.Tensor]:
        """Slot -> (B, C) log-probabilities at the places that (B, S, T) ``attention`` gives."""
        pooled = self.dropout(attention @ hidden)
        return {slot: layer(pooled[:, i]).log_softmax(-1) for i, (slot, layer) in enumerate(self.what.items())}

    def scores(self, hidden: torch.Tensor) -> torch.Tensor:
        """(B, S, T) before the softmax over time."""
        return self.where(hidden).transpose(1, 2)

    def forward(self, frames: torch.Tensor) -> Reading:
        hidden = self.hidden(frames)
        attention = self.scores(hidden).softmax(-1)
        return Reading(self.read(hidden, attention), attention)


class SlotNetwork(nn.Module):
    """Both readers and their fusion.

    ``temperature`` (3, S) and ``scores`` (3, S, 101), the quantiles of one minus the true word's probability, were fitted on letters that
    no reader was trained on, for each subset of modalities.

    Args:
        slots: slot -> its words.
    """

    mean: torch.Tensor
    deviation: torch.Tensor
    temperature: torch.Tensor
    scores: torch.Tensor

    def __init__(self, slots: Mapping[str, Sequence[str]], dropout: float = 0.3) -> None:
        super().__init__()
        self.slots = {slot: tuple(words) for slot, words in slots.items()}
        self.audio = SlotReader(SoundFront(dropout), slots, dropout)
        self.visual = SlotReader(LipFront(dropout), slots, dropout)
        seen = sum(STATISTICS.values()) + 2 + 2 * len(slots)
        last = nn.Linear(GATE, 2 * len(slots))
        self.gate = nn.Sequential(nn.Linear(seen, GATE), nn.Tanh(), last)
        self.register_buffer("mean", torch.zeros(sum(STATISTICS.values())))
        self.register_buffer("deviation", torch.ones(sum(STATISTICS.values())))
        self.register_buffer("temperature", torch.ones(len(SUBSETS), len(slots)))
        self.register_buffer("scores", torch.ones(len(SUBSETS), len(slots), QUANTILES))
        nn.init.zeros_(last.weight)
        nn.init.constant_(last.bias, 0.54)  # softplus(0.54) = 1: the plain sum

    def forward(
        self, frames: Mapping[str, torch.Tensor], statistics: Mapping[str, torch.Tensor], presence: torch.Tensor, hidden: bool = False
    ) -> SlotReadings:
        """Both modalities, each of which may be missing.

        Args:
            frames: "audio" (B, T, 928) and "visual" (B, T, 24, 40); anything where ``presence`` is False. With ``hidden`` the
                readers' hidden frames (B, T, H) instead.
            statistics: modality -> (B, D) what the gate sees of its quality.
            presence: (B, 2) bool.
        """
        readers = {"audio": self.audio, "visual": self.visual}
        states = {name: frames[name] if hidden else reader.hidden(frames[name]) for name, reader in readers.items()}
        scores = {name: reader.scores(states[name]) for name, reader in readers.items()}
        alone = {}
        for name, reader in readers.items():
            attention = scores[name].softmax(-1)
            alone[name] = Reading(reader.read(states[name], attention), attention)
        gates = self._gates(alone, statistics, presence)
        weights = {name: gates[:, :, i, None] for i, name in enumerate(MODALITIES)}
        attention = (weights["audio"] * scores["audio"] + weights["visual"] * scores["visual"]).softmax(-1)
        together = {name: reader.read(states[name], attention) for name, reader in readers.items()}
        logits = {
            slot: (gates[:, i, 0, None] * together["audio"][slot] + gates[:, i, 1, None] * together["visual"][slot]).log_softmax(-1)
            for i, slot in enumerate(self.slots)
        }
        return SlotReadings(alone, Reading(logits, attention), gates)

    def _gates(self, alone: Mapping[str, Reading], statistics: Mapping[str, torch.Tensor], presence: torch.Tensor) -> torch.Tensor:
        """(B, S, 2) weights, zero for what is missing."""
        quality = (torch.cat([statistics[name] for name in MODALITIES], dim=1) - self.mean) / self.deviation
        there = presence.to(quality.dtype)
        widths = torch.tensor([STATISTICS[name] for name in MODALITIES], device=quality.device)
        quality = quality.clamp(-5, 5) * there.repeat_interleave(widths, dim=1)
        unsure = [entropy(alone[name].logits[slot]) * there[:, i] for i, name in enumerate(MODALITIES) for slot in self.slots]
        raw = self.gate(torch.cat([quality, there, torch.stack(unsure, dim=1)], dim=1))
        return F.softplus(raw).unflatten(1, (len(self.slots), 2)) * there.unsqueeze(1)


def entropy(log_probabilities: torch.Tensor) -> torch.Tensor:
    """(B, C) -> (B,) entropy as a share of the highest there can be; no gradient passes."""
    p = log_probabilities.detach()
    return -(p.exp() * p).sum(-1) / torch.log(torch.tensor(float(p.shape[-1])))


def standard_crops(crops: torch.Tensor) -> torch.Tensor:
    """(B, T, 24, 40) grey 0 to 255 -> float32 with zero mean and unit deviation over each clip; flat clips become zeros."""
    x = crops.float()
    mean, deviation = x.mean(dim=(1, 2, 3), keepdim=True), x.std(dim=(1, 2, 3), keepdim=True)
    return (x - mean) / deviation.clamp(min=4.0)


def mouth_statistics(crops: torch.Tensor) -> torch.Tensor:
    """(B, T, 24, 40) standardised crops -> (B, 3): motion from step to step, detail within a crop, share of steps that move."""
    motion = (crops[:, 1:] - crops[:, :-1]).abs().mean(dim=(2, 3))
    detail = crops.std(dim=(2, 3)).mean(dim=1)
    return torch.stack([motion.mean(dim=1), detail, (motion > 0.05).float().mean(dim=1)], dim=1)
