from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.case import Text
from mmcore.encoders import minilm
from mmcore.encoders.minilm import SUBWORDS, WORDS, TextEncoder, build_network, load_text_encoder, words
from mmcore.encoders.registry import build_encoder
from mmcore.errors import ModelError
from mmcore.model_spec import InputSpec

CPU = torch.device("cpu")
SHIRT, AGAIN, BILL = "a striped blue cotton shirt", "blue shirt with stripes, of cotton", "the invoice is overdue since march"


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return load_text_encoder(CPU)


def test_openvino_agrees_with_torch(encoder: TextEncoder) -> None:
    rng = np.random.default_rng(0)
    for size, length in ((3, 19), (1, 64)):
        ids = rng.integers(1000, 20_000, (size, length))
        mask = np.ones_like(ids)
        mask[0, length // 2 :] = 0
        with torch.inference_mode():
            expected = encoder.network(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
        assert encoder._run is not None
        assert np.abs(encoder._run(ids, mask) - expected)[mask.astype(bool)].max() < 1e-3


def test_the_network_is_the_one_that_the_weights_were_trained_in() -> None:
    from transformers import BertConfig, BertModel

    network = build_network()
    reference = BertModel(BertConfig.from_json_file(minilm._folder() / "config.json"), add_pooling_layer=False).eval()
    reference.load_state_dict(network.state_dict())
    ids = torch.tensor([[101, 2023, 2003, 1037, 3231, 102, 0, 0]])
    mask = (ids > 0).long()
    with torch.inference_mode():
        expected = reference(input_ids=ids, attention_mask=mask).last_hidden_state
        assert torch.allclose(network(ids, mask)[:, :6], expected[:, :6], atol=1e-4)


def test_sentences_that_mean_the_same_are_near(encoder: TextEncoder) -> None:
    vectors = encoder.sentences([SHIRT, AGAIN, BILL])
    assert vectors.shape == (3, 384) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.6 and likeness[0, 2] < 0.3


def test_a_text_has_the_same_vector_alone_and_in_any_batch(encoder: TextEncoder) -> None:
    texts = [f"{SHIRT} number {n} " * (1 + n % 7) for n in range(40)]
    assert np.allclose(encoder.sentences(texts)[[0, 13, 39]], encoder.sentences([texts[0], texts[13], texts[39]]), atol=1e-4)


def test_a_sentence_is_read_up_to_its_254th_subword(encoder: TextEncoder) -> None:
    long = "shirt " * SUBWORDS
    vectors = encoder.sentences([long, long + BILL, BILL + long])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5) and not np.allclose(vectors[0], vectors[2], atol=1e-2)


def test_progress_is_told_and_may_end_the_work(encoder: TextEncoder) -> None:
    told: list[tuple[int, int]] = []
    encoder.sentences(["a"] * 40, lambda done, total: told.append((done, total)))
    assert told == [(32, 40), (40, 40)]


def test_tokens_are_words_with_their_characters(encoder: TextEncoder) -> None:
    text = "  Crème-brûlée colour — I'd say 3.5/5: too TIGHT!"
    tokens = encoder.tokens(Text(text))
    spans = [where["span"] for where in tokens.where if where]
    assert [text[a:b] for a, b in spans] == ["Crème-brûlée", "colour", "I'd", "say", "3.5", "5", "too", "TIGHT"]
    assert tokens.features.shape == (WORDS, 384) and tokens.mask.tolist() == [True] * 8 + [False] * (WORDS - 8)
    assert tokens.features[:8].abs().sum(dim=1).min() > 1 and tokens.features[8:].abs().sum() == 0
    assert not encoder.absent().present and not encoder.tokens(Text("— … !")).present


def test_a_words_token_changes_with_the_word_most(encoder: TextEncoder) -> None:
    one, other = encoder.tokens(Text("this shirt is too small for me")), encoder.tokens(Text("this shirt is too green for me"))
    change = (one.features - other.features).norm(dim=1)[:7]
    assert int(change.argmax()) == 4


def test_a_long_text_gives_160_words_each_read_whole(encoder: TextEncoder) -> None:
    text = " ".join(f"pneumonoultramicroscopic{n}" for n in range(400))
    tokens = encoder.tokens(Text(text))
    assert tokens.mask.all() and tokens.where[-1]["span"] == list(words(text)[WORDS - 1])
    assert torch.isfinite(tokens.features).all() and tokens.features.abs().sum(dim=1).min() > 1


@pytest.mark.parametrize("text", ["", " \n", "\ud800 lone", "a\0b", "🙂" * 3000, "日本語のテキスト", "x" * 50_000])
def test_odd_texts_give_finite_numbers(encoder: TextEncoder, text: str) -> None:
    assert np.isfinite(encoder.sentences([text])).all()
    assert torch.isfinite(encoder.tokens(Text(text)).features).all()


def test_an_input_of_the_kind_text_gets_this_encoder() -> None:
    assert build_encoder(InputSpec("text", "Note", "minilm"), CPU) is load_text_encoder(CPU)


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not the ones expected"):
        build_network()
