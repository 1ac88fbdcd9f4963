"""Findings as a draft: sentences from measured evidence, each with its number, for a person to edit."""

from __future__ import annotations

from mmcore.model_spec import ModelSpec
from mmcore.report import reading
from mmcore.result import Result
from mmcore.wording import listing, percent

DRAFT = "Draft"
DRAFTED = "Draft, written from the model's measured evidence; not read or signed by a physician."


def draft(result: Result, spec: ModelSpec) -> str:
    """One sentence a line. A sentence without a number is left out."""
    confidence = result.confidence
    lines = [f"Not sure. {reason}" for reason in confidence.reasons] if confidence.abstain else []
    lines += [f"Probabilities: {listing([f'{p.name} {percent(p.probability)}' for p in result.predictions])}."]
    lines += [f"{group.capitalize()} ({listing(reading.group_names(spec, group))}): {percent(p)}." for group, p in result.groups.items()]
    if result.explanation is not None:
        lines += result.explanation.reasoning
    return "\n".join(line for line in lines if any(character.isdigit() for character in line))


def sentences(text: str) -> list[str]:
    """The lines of findings that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
