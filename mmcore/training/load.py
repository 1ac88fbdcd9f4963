"""A data set read through the same readers as a user's files, pictures at the size that networks take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from mmcore.case import Picture, Text
from mmcore.encoders.efficientnet import SIDE, PictureEncoder
from mmcore.encoders.fields import FieldEncoder
from mmcore.encoders.masked import MaskedTextEncoder
from mmcore.encoders.minilm import TextEncoder
from mmcore.encoders.registry import Encoder, look_of
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.batch import DatasetRow, read_dataset
from mmcore.readers.names import shown
from mmcore.training.dataset import TrainingSet
from mmcore.training.views import view

Step = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RawSet:
    """N labelled cases before any picture encoder.

    Attributes:
        pixels: picture modality -> (N, 3, S, S) uint8; zeros where missing.
        has_picture: picture modality -> (N,) bool.
        records: record modality -> ((N, T, D) features, (N, T) mask).
        texts: text modality -> N texts, None where missing.
        ids, digests, inputs: names in the table, digests of the cases, hashes of their pictures ("" where missing).
    """

    pixels: Mapping[str, torch.Tensor]
    has_picture: Mapping[str, torch.Tensor]
    records: Mapping[str, tuple[torch.Tensor, torch.Tensor]]
    labels: np.ndarray
    subjects: np.ndarray
    columns: Mapping[str, np.ndarray]
    ids: tuple[str, ...]
    digests: tuple[str, ...]
    inputs: tuple[str, ...]
    texts: Mapping[str, tuple[Text | None, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, rows: np.ndarray) -> RawSet:
        """These rows only."""
        at, take = torch.as_tensor(rows), lambda values: tuple(values[i] for i in rows)
        return RawSet(
            {m: p[at] for m, p in self.pixels.items()},
            {m: h[at] for m, h in self.has_picture.items()},
            {m: (f[at], k[at]) for m, (f, k) in self.records.items()},
            self.labels[rows],
            self.subjects[rows],
            {n: v[rows] for n, v in self.columns.items()},
            take(self.ids),
            take(self.digests),
            take(self.inputs),
            {m: take(t) for m, t in self.texts.items()},
        )


def load_raw(data: Path, spec: ModelSpec, step: Step = lambda stage, done, total: None) -> RawSet:
    """Every row of the data set; InputError where one has no label or cannot be read, or where no column says whose it is."""
    rows = read_dataset(data, spec)
    _check_subjects(rows, spec)
    pictures = [name for name, item in spec.inputs.items() if item.kind == "picture"]
    fields = {name: FieldEncoder(item.fields) for name, item in spec.inputs.items() if item.kind == "record"}
    pixels: dict[str, list] = {name: [] for name in pictures}
    there: dict[str, list] = {name: [] for name in pictures}
    tokens: dict[str, list] = {name: [] for name in fields}
    texts: dict[str, list] = {name: [] for name, item in spec.inputs.items() if item.kind == "text"}
    digests, inputs = [], []
    for number, row in enumerate(rows):
        if row.label is None:
            message = f"row {number + 1} of {spec.data.table} has no label"
            raise InputError(message, f"Fill the column {spec.data.label} or leave the row out")
        case = row.load()
        digests.append(case.digest)
        inputs.append(next((item.value.sha256 for item in case.inputs.values() if isinstance(item.value, Picture)), ""))
        for name in pictures:
            picture = case.inputs[name].value
            there[name].append(picture is not None)
            look = look_of(spec.inputs[name].encoder)
            seen = look.pixels(picture.pixels, SIDE) if picture is not None else np.zeros((SIDE, SIDE, 3), np.uint8)
            pixels[name].append(seen.transpose(2, 0, 1))
        for name, encoder in fields.items():
            record = case.inputs[name].value
            tokens[name].append(encoder.tokens(record) if record is not None else encoder.absent())
        for name in texts:
            texts[name].append(case.inputs[name].value)
        step("read", number + 1, len(rows))
    names = sorted({column for row in rows for column in row.columns})
    return RawSet(
        {name: torch.from_numpy(np.stack(values)) for name, values in pixels.items()},
        {name: torch.tensor(values) for name, values in there.items()},
        {name: (torch.stack([t.features for t in values]), torch.stack([t.mask for t in values])) for name, values in tokens.items()},
        np.array([spec.label_ids.index(row.label) for row in rows]),
        np.array([row.subject for row in rows]),
        {name: np.array([row.columns.get(name, "") for row in rows]) for name in names},
        tuple(row.id for row in rows), tuple(digests), tuple(inputs),
        {name: tuple(values) for name, values in texts.items()},
    )  # fmt: skip


def _check_subjects(rows: Sequence[DatasetRow], spec: ModelSpec) -> None:
    """Without the column of subjects each row would count as a subject of its own, and one person be on both sides of a split."""
    columns = rows[0].columns if rows else {}
    if rows and spec.data.subject not in columns:
        named = f"Name one of these as subject in model.toml [data]: {', '.join(shown(name, 30) for name in columns)}"
        raise InputError(f"{spec.data.table} has no column {spec.data.subject!r}, by which rows of one subject are kept together", named)


def encode_set(
    raw: RawSet, encoders: Mapping[str, Encoder], modalities: tuple[str, ...], views: int, step: Step = lambda stage, done, total: None
) -> TrainingSet:
    """The data set as tokens, pictures in ``views`` views each."""
    features, mask = {}, {}
    for name in modalities:
        encoder = encoders[name]
        if isinstance(encoder, PictureEncoder):
            scaled = (raw.pixels[name].float().numpy() - 127.0) / 128.0
            seen = []
            for number in range(views):
                seen.append(encoder.features_of_input(view(scaled, number)).half())
                step("encode", number + 1, views)
            features[name] = torch.stack(seen, dim=1)
            mask[name] = raw.has_picture[name][:, None].expand(-1, features[name].shape[2]).clone()
        elif isinstance(encoder, TextEncoder | MaskedTextEncoder):
            written = [encoder.tokens(text) if text is not None else encoder.absent() for text in raw.texts[name]]
            features[name], mask[name] = torch.stack([t.features for t in written]).half()[:, None], torch.stack([t.mask for t in written])
        else:
            features[name], mask[name] = raw.records[name][0][:, None], raw.records[name][1]
    additive = tuple(name for name in modalities if name in raw.records)
    return TrainingSet(features, mask, raw.labels, raw.subjects, additive, raw.columns)
