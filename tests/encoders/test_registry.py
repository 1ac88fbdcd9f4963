from __future__ import annotations

import pytest
import torch

from mmcore.encoders import words_in_pictures
from mmcore.encoders.efficientnet import PictureEncoder
from mmcore.encoders.fields import FieldEncoder
from mmcore.encoders.registry import BLOCKS, PICTURE_ENCODERS, TEXT_ENCODERS, build_encoder, encoder_cards
from mmcore.errors import ConfigError
from mmcore.model_spec import Field, InputSpec

CPU = torch.device("cpu")


def test_every_card_says_source_licence_and_hash() -> None:
    cards = encoder_cards()
    assert [card.name for card in cards] == [*PICTURE_ENCODERS, *TEXT_ENCODERS, words_in_pictures.NAME]
    assert all(card.source and card.licence and len(card.sha256) == 64 for card in cards)
    assert all(card.width > 0 for card in cards[:-1])  # the last gives words, no vectors


@pytest.mark.parametrize("name", PICTURE_ENCODERS)
def test_every_picture_encoder_has_the_weights_that_its_card_states(name: str) -> None:
    card, state = PICTURE_ENCODERS[name]
    weights = state()
    last = weights["_conv_head.weight"] if name not in BLOCKS else weights[f"_blocks.{BLOCKS[name] - 1}._project_conv.weight"]
    assert last.shape[0] == card().width
    assert all(torch.isfinite(value.float()).all() for value in weights.values())


def test_an_input_gets_the_encoder_it_names() -> None:
    assert isinstance(build_encoder(InputSpec("picture", "Photo", "efficientnet_lite0"), CPU), PictureEncoder)
    assert isinstance(build_encoder(InputSpec("record", "Record", "fields", (Field("a", "A", "flag"),)), CPU), FieldEncoder)


@pytest.mark.parametrize(
    ("kind", "name", "hint"),
    [
        ("picture", "efficientnet_lite", "efficientnet_lite0"),
        ("picture", "fields", "Use one of: efficientnet"),
        ("record", "field", "fields"),
        ("text", "minilmm", "minilm"),
    ],
)
def test_an_unknown_encoder_is_an_error_that_names_the_nearest(kind: str, name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=hint):
        build_encoder(InputSpec(kind, "X", name), CPU)
