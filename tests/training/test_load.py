from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.encoders.registry import build_encoder
from mmcore.errors import InputError
from mmcore.model_spec import DataSpec, InputSpec, Label, ModelSpec
from mmcore.training.load import encode_set, load_raw

SPEC = ModelSpec(
    name="notes",
    title="Notes",
    domain="medical",
    task="classification",
    grade="none",
    notice="",
    licence="",
    labels=(Label("A", "Class A"), Label("B", "Class B")),
    inputs={"note": InputSpec("text", "Note", "minilm")},
    data=DataSpec(table="t.csv", label="diagnosis", subject="patient"),
)


def test_texts_become_tokens_of_their_words(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('note,diagnosis,patient\n"dry cough, fever",A,p1\nno fever,B,p2\nno fever,A,p3\n')
    raw = load_raw(tmp_path, SPEC)
    data = encode_set(raw, {"note": build_encoder(SPEC.inputs["note"], torch.device("cpu"))}, ("note",), 1)
    assert data.mask["note"].sum(dim=1).tolist() == [3, 2, 2] and data.additive == ()
    assert data.features["note"].shape == (3, 1, 160, 384)
    assert torch.equal(data.features["note"][1], data.features["note"][2])
    some = raw.rows(np.array([0, 2]))
    assert [text.text for text in some.texts["note"] if text] == ["dry cough, fever", "no fever"]


def test_a_row_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("note,diagnosis,patient\nfever,A,p1\n,B,p2\n")
    with pytest.raises(InputError, match="nothing that can be used"):
        load_raw(tmp_path, SPEC)


def test_a_column_of_subjects_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("note,diagnosis,patient_id\nfever,A,p1\ncough,B,p1\n")
    with pytest.raises(InputError, match=r"t\.csv has no column 'patient', .* Name one of these .*: note, diagnosis, patient_id"):
        load_raw(tmp_path, SPEC)
