"""Whisper's encoder, read out of CTranslate2's file, gives what CTranslate2 gives."""

from __future__ import annotations

import ctranslate2
import numpy as np
import pytest
import torch

from mmcore.encoders.whisper import SoundEncoder, log_mel, model_folder, pieces, read_ctranslate2
from mmcore.errors import ModelError
from tests.readers.films import tone


@pytest.fixture(scope="module")
def encoder() -> SoundEncoder:
    return SoundEncoder(torch.device("cpu"))


def test_the_last_layer_is_what_ctranslate2_computes(encoder: SoundEncoder) -> None:
    mel = log_mel(tone(2.3) + 0.01 * np.random.default_rng(0).standard_normal(round(2.3 * 16_000)).astype(np.float32))
    whisper = ctranslate2.models.Whisper(str(model_folder()), compute_type="float32")
    theirs = whisper.encode(ctranslate2.StorageView.from_array(mel[None].copy()))
    ours = encoder.layers_of_mel(mel[None])
    assert ours.shape == (1, 4, mel.shape[1] // 2, 384)
    assert np.abs(ours[0, -1] - np.array(theirs)[0]).max() < 1e-3


def test_openvino_agrees_with_torch(encoder: SoundEncoder) -> None:
    mel = log_mel(tone(1.0))[None]
    with torch.inference_mode():
        assert np.abs(encoder.layers_of_mel(mel) - encoder.network(torch.from_numpy(mel)).numpy()).max() < 1e-3


def test_the_spectrogram_is_whispers_own() -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    samples = tone(1.0, 700)
    assert np.abs(log_mel(samples) - FeatureExtractor()(samples, padding=0)).max() < 1e-4


@pytest.mark.parametrize("count", [0, 1, 161, 16_000])
def test_any_length_gives_an_even_number_of_finite_frames(count: int) -> None:
    mel = log_mel(np.zeros(count, np.float32))
    assert mel.shape[1] % 2 == 0 and np.isfinite(mel).all()


def test_long_sound_is_cut_into_parts_that_join_again() -> None:
    samples = np.arange(70 * 16_000, dtype=np.float32)
    parts = pieces(samples)
    assert [len(p) for p in parts] == [480_000, 480_000, 160_000]
    assert (np.concatenate(parts) == samples).all()


def test_a_damaged_weights_file_is_named() -> None:
    with pytest.raises(ModelError, match=r"model\.bin"):
        read_ctranslate2(b"\x06\0\0\0\x05\0", "encoder/")
