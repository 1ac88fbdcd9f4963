from __future__ import annotations

import pytest
import torch

from mmcore.case import Text
from mmcore.encoders.masked import MaskedTextEncoder, mask_pattern, masked
from mmcore.encoders.minilm import load_text_encoder
from mmcore.library import find
from mmcore.model_spec import read_spec

MASK = read_spec(find("chest_xray")).inputs["note"].mask
PATTERN = mask_pattern(MASK)


@pytest.mark.parametrize(
    "word",
    [
        *("COVID-19", "covid19", "Coronavirus", "SARS-CoV-2", "pneumonia", "bronchopneumonia", "ARDS"),
        *("Klebsiella", "E. coli", "HIV", "CD4+"),
        *("remdesivir", "hydroxychloroquine", "azithromycin", "ceftriaxone", "antibiotics", "RT-PCR", "swab", "tested", "Wuhan", "travel"),
        *("Legionella", "pneumocystis", "jirovecii", "tocilizumab", "unremarkable", "normal"),
    ],
)
def test_words_that_name_the_answer_are_hidden(word: str) -> None:
    assert masked(f"seen with {word} here", PATTERN) == f"seen with {' ' * len(word)} here"


def test_names_of_people_are_hidden_wherever_they_stand() -> None:
    text = "Mrs Featherstone coughs. Seen by Dr Quartermaine; Featherstone is tired and Horatia, her daughter, worries."
    shown = masked(text, PATTERN)
    assert len(shown) == len(text) and not any(name in shown for name in ("Featherstone", "Quartermaine", "Horatia"))
    assert all(word in shown for word in ("coughs", "Seen by", "is tired", "her daughter, worries"))


def test_a_name_has_no_token() -> None:
    encoder = MaskedTextEncoder(load_text_encoder(torch.device("cpu")), MASK)
    found, other = (encoder.tokens(Text(f"Mrs {name} has patchy opacities.")) for name in ("Featherstone", "Quartermaine"))
    assert torch.allclose(found.features, other.features)
    assert [4, 16] not in [where["span"] for where in found.where if where]


def test_words_about_the_patient_and_the_picture_stay() -> None:
    text = "A 61-year-old man with fever, cough and ground-glass opacities in both lower zones; mercy, normality of tone."
    assert masked(text, PATTERN) == text.replace("normality", " " * 9)


def test_a_hidden_word_has_no_token_and_changes_none() -> None:
    encoder = MaskedTextEncoder(load_text_encoder(torch.device("cpu")), MASK)
    found, other = (encoder.tokens(Text(f"Patchy opacities, {word} suspected.")) for word in ("influenza", "pneumonia"))
    assert [where["span"] for where in found.where if where] == [[0, 6], [7, 16], [28, 37]]
    assert torch.allclose(found.features, other.features)
    assert float(found.features[found.mask].mean(dim=0).norm()) == pytest.approx(1, abs=1e-4)


def test_a_text_of_hidden_words_alone_is_absent() -> None:
    assert not MaskedTextEncoder(load_text_encoder(torch.device("cpu")), MASK).tokens(Text("COVID-19 pneumonia")).present
