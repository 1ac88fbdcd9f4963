"""Encoders by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import torch

from mmcore.encoders import efficientnet, masked, minilm, words_in_pictures
from mmcore.encoders.card import EncoderCard
from mmcore.encoders.fields import FieldEncoder
from mmcore.encoders.look import RADIOGRAPH, WHOLE, Look
from mmcore.errors import ConfigError, did_you_mean
from mmcore.model_spec import InputSpec
from mmcore.tokens import Tokens


class Encoder(Protocol):
    """One verb: a value of the encoder's kind to tokens. ``absent`` gives the tokens of a missing one; ``warm`` does now what would else
    be done with the first value."""

    card: EncoderCard

    def tokens(self, value: Any, /) -> Tokens: ...
    def absent(self) -> Tokens: ...
    def warm(self) -> None: ...


PICTURE_ENCODERS: dict[str, tuple[Callable[[], EncoderCard], Callable[[], dict[str, torch.Tensor]]]] = {
    "efficientnet_lite0": (efficientnet.imagenet_card, efficientnet.imagenet_state),
    "efficientnet_lite0_skin": (efficientnet.skin_card, efficientnet.skin_state),
    "efficientnet_lite0_xray": (efficientnet.xray_card, efficientnet.imagenet_state),
}
LOOKS: dict[str, Look] = {"efficientnet_lite0_xray": RADIOGRAPH}
BLOCKS: dict[str, int] = {"efficientnet_lite0_xray": efficientnet.XRAY_BLOCKS}
RECORD_ENCODERS = ("fields",)
TEXT_ENCODERS = (minilm.NAME, masked.NAME)


def encoder_cards() -> list[EncoderCard]:
    """Cards of every encoder with weights."""
    return [*(card() for card, _ in PICTURE_ENCODERS.values()), minilm.minilm_card(), masked.masked_card(), words_in_pictures.words_card()]


def build_encoder(spec: InputSpec, device: torch.device, tuned: Mapping[str, torch.Tensor] | None = None) -> Encoder:
    """The encoder that an input of model.toml names; ConfigError names the nearest where there is none.

    Args:
        tuned: weights of a picture encoder trained further with the model, in place of the registry's.
    """
    known = {"picture": tuple(PICTURE_ENCODERS), "record": RECORD_ENCODERS, "text": TEXT_ENCODERS}[spec.kind]
    if spec.encoder not in known:
        hint = did_you_mean(spec.encoder, known, f"Use one of: {', '.join(known)}")
        raise ConfigError(f"encoder {spec.encoder!r} is not known for a {spec.kind}", hint)
    if spec.kind == "record":
        return FieldEncoder(spec.fields)
    if spec.kind == "text":
        inner = minilm.load_text_encoder(device)
        return masked.MaskedTextEncoder(inner, spec.mask) if spec.encoder == masked.NAME else inner
    card, state = PICTURE_ENCODERS[spec.encoder]
    weights = tuned if tuned is not None else state()
    return efficientnet.PictureEncoder(card(), weights, device, look_of(spec.encoder), BLOCKS.get(spec.encoder))


def look_of(encoder: str) -> Look:
    """What of a picture the encoder of this name looks at."""
    return LOOKS.get(encoder, WHOLE)
