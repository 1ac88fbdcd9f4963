"""What a model folder's model.toml says: labels, inputs, how its data set is laid out, fusion, training."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmcore.errors import ConfigError, ModelError
from mmcore.settings import parse, read_toml

FILE = "model.toml"
CLASSIFICATION = "classification"
KINDS = ("picture", "record", "text")
FIELD_TYPES = ("number", "category", "flag")
NAME = re.compile(r"[^\W_][\w .-]*")


@dataclass(frozen=True)
class Label:
    """One class: ``id`` as in the data, a name for people and one sentence of help."""

    id: str
    name: str
    help: str = ""


@dataclass(frozen=True)
class Field:
    """One field of a record.

    Attributes:
        type: "number", "category" or "flag" (yes or no).
        unit: unit of a number, for people; a value with another unit is not converted but refused.
        range: lowest and highest number that is believed; outside it a value counts as missing.
        typical: lowest and highest number among which what-ifs are tried; the range where it is not given.
        values: the allowed values of a category.
        synonyms: allowed value -> other spellings that mean it (compared without case or accents).
        aliases: other names of the field itself, as found in files.
        missing: spellings that mean "not known".
    """

    name: str
    title: str
    type: str
    help: str = ""
    unit: str = ""
    range: tuple[float, ...] = ()
    typical: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, list] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class InputSpec:
    """One modality: which reader (``kind``) and encoder it goes through, and a record's fields.

    Attributes:
        mask: regular expressions of whole words in a text that the encoder must not see, because they name the answer.
        modalities, body_parts: of a DICOM picture the codes of apparatus (Modality) that fit, and what a part of the body
            (BodyPartExamined) that fits holds; empty where anything fits.
        views: how a view (ViewPosition) that fits begins; empty where any fits.
        grey: a picture in colour does not fit.
    """

    kind: str
    title: str
    encoder: str
    fields: tuple[Field, ...] = ()
    help: str = ""
    mask: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    grey: bool = False


@dataclass(frozen=True)
class LabelRule:
    """Cells of the label column that mean ``label``: those that begin so; without ``begins`` every other."""

    label: str
    begins: tuple[str, ...] = ()

    def fits(self, cell: str) -> bool:
        """Whether a cell of the label column means this label; capitals do not matter."""
        return not self.begins or cell.casefold().startswith(tuple(text.casefold() for text in self.begins))


@dataclass(frozen=True)
class DataSpec:
    """Where a data set of this model keeps things: a table whose columns name labels, subjects and files.

    Attributes:
        table: the CSV in the data folder.
        label: column of the label; may be missing in data that is only predicted.
        subject: column by which splits are made.
        columns: picture modality -> column with its path, text modality -> column with the text itself. Record fields are columns of
            their own name.
        subgroups: columns by which figures are broken down on the card.
        rules: turn what the label column holds into label ids, the first that fits; without any the column holds the ids.
        left_out: cells of the label column whose rows are no part of the data.
        source: column that says where a case comes from (of an address its host), to measure what holds on other sources.
    """

    table: str = ""
    label: str = ""
    subject: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    subgroups: tuple[str, ...] = ()
    rules: tuple[LabelRule, ...] = ()
    left_out: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class ModelSpec:
    """model.toml as a whole. ``fusion``, ``training``, ``confidence`` and ``settings`` are parsed by those who use them.

    Attributes:
        task: what kind of answer the model gives, see ``mmcore.commands.tasks``; only a classification has labels and a table.
        settings: what only the model's task understands.
    """

    name: str
    title: str
    domain: str
    task: str
    grade: str
    notice: str
    licence: str
    inputs: Mapping[str, InputSpec]
    labels: tuple[Label, ...] = ()
    data: DataSpec = field(default_factory=DataSpec)
    grade_help: str = ""
    groups: Mapping[str, list] = field(default_factory=dict)
    fusion: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    confidence: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names of the inputs in the model's fixed order."""
        return tuple(self.inputs)

    @property
    def label_ids(self) -> tuple[str, ...]:
        """Ids of the labels, in the order of every array of classes."""
        return tuple(label.id for label in self.labels)

    def label(self, label_id: str) -> Label:
        """The label with this id; ConfigError names the valid ones."""
        for label in self.labels:
            if label.id == label_id:
                return label
        raise ConfigError(f"label {label_id!r} is not one of this model's", f"Use one of: {', '.join(self.label_ids)}")


def read_spec(folder: Path) -> ModelSpec:
    """model.toml in ``folder``, checked for sense."""
    path = folder / FILE
    if not path.is_file():
        raise ModelError(f"{folder} is no model: it has no {FILE}", "Give a model's name or a folder that train wrote")
    spec = parse(ModelSpec, read_toml(path), FILE)
    if not NAME.fullmatch(spec.name):
        raise ConfigError(f"{FILE}: name {spec.name!r} cannot be used", "Use letters, digits, spaces, - and _, a letter or digit first")
    if spec.task == CLASSIFICATION:
        _check_classification(spec)
    return spec


def _check_classification(spec: ModelSpec) -> None:
    ids = spec.label_ids
    for key in ("table", "label", "subject"):
        if not getattr(spec.data, key):
            raise ConfigError(f"{FILE}.data: {key!r} is missing")
    if len(ids) < 2 or len(set(ids)) != len(ids):
        raise ConfigError(f"{FILE} labels: at least two different ids are needed")
    for rule in spec.data.rules:
        if rule.label not in ids:
            raise ConfigError(f"{FILE}.data.rules: {rule.label!r} is no label", f"Labels: {', '.join(ids)}")
    for name, members in spec.groups.items():
        for member in members:
            if member not in ids:
                raise ConfigError(f"{FILE} groups.{name}: {member!r} is no label", f"Labels: {', '.join(ids)}")
    for name, item in spec.inputs.items():
        if item.kind not in KINDS:
            raise ConfigError(f"{FILE} inputs.{name}.kind {item.kind!r} is not known", f"Use one of: {', '.join(KINDS)}")
        for f in item.fields:
            if f.type not in FIELD_TYPES:
                raise ConfigError(f"{FILE} field {f.name}: type {f.type!r} is not known", f"Use one of: {', '.join(FIELD_TYPES)}")
            if f.type == "category" and len(f.values) < 2:
                raise ConfigError(f"{FILE} field {f.name}: a category needs at least two values")
            if f.type == "number" and (len(f.range) != 2 or f.range[0] >= f.range[1]):
                raise ConfigError(f"{FILE} field {f.name}: a number needs a range [low, high]")
            if f.typical and (len(f.typical) != 2 or not f.range[0] <= f.typical[0] < f.typical[1] <= f.range[1]):
                raise ConfigError(f"{FILE} field {f.name}: typical must be [low, high] within the range")
