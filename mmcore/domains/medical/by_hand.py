"""What a person changed of a case before it was analysed, in a few words each: every report tells it."""

from __future__ import annotations

from mmcore.case import Case, Picture, Record, Text
from mmcore.domains.medical.extract import extract
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.wording import in_sentence, spoken

Values = dict[str, float | str | None]


def changes(came: Case, case: Case, spec: ModelSpec, oldest: float = float("inf")) -> tuple[str, ...]:
    """Such as "age 24 → 61", "photo left out" and "temperature not given → 38.2 (from the note)"; empty where nothing was changed.

    Args:
        came: the case as it was given.
        oldest: an age above it is told as one year more than this.
    """
    out = []
    for modality, item in spec.inputs.items():
        before, now = came.inputs[modality].value, case.inputs[modality].value
        if now is None:
            out += [f"{in_sentence(item.title)} left out"] if before is not None else []
        elif item.kind == "record":
            out += _fields(_values(before), _values(now), item, _said_by_notes(came), oldest)
        elif isinstance(now, Picture) and isinstance(before, Picture) and now.sha256 != before.sha256 and now.source is not None:
            series, position = now.source.at
            out.append(f"{in_sentence(item.title)}: frame {position + 1} of {now.source.series[series].count} chosen from the study")
    return tuple(out)


def _fields(before: Values, now: Values, item: InputSpec, said: Values, oldest: float) -> list[str]:
    def told(name: str, value: float | str | None) -> str:
        old = name == "age" and isinstance(value, float) and value > oldest
        return "not given" if value is None else spoken(oldest + 1 if old else value)

    out = []
    for field in item.fields:
        old, new = before.get(field.name), now.get(field.name)
        if old != new:
            source = " (from the note)" if new is not None and new == said.get(field.name) else ""
            out.append(f"{in_sentence(field.title)} {told(field.name, old)} → {told(field.name, new)}{source}")
    return out


def _values(record: object) -> Values:
    return dict(record.values) if isinstance(record, Record) else {}


def _said_by_notes(case: Case) -> Values:
    """field -> what a note of the case says of it."""
    texts = [item.value.text for item in case.inputs.values() if isinstance(item.value, Text)]
    return {found.name: found.value for text in texts for found in extract(text) if found.kind == "value"}
