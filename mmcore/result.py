"""What an analysis says: the contract's Result, as dataclasses and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

from mmcore.wording import capital, no_guarantee, percent, points


@dataclass(frozen=True)
class LabelProbability:
    """One class with its calibrated probability."""

    label: str
    name: str
    probability: float


@dataclass(frozen=True)
class Confidence:
    """The prediction set at a level, and whether the model abstains.

    Attributes:
        level: share of cases whose true class is in the set, in the long run.
        set: labels, most probable first.
        reasons: why it abstains, in plain words; empty where it answers.
        subset: the modalities this was fitted for, such as "image+record".
        calibration_n: number of cases behind calibration and set.
        unlike: the modalities whose input is unlike anything seen in training. Where there is one, the set promises nothing.
    """

    level: float
    set: tuple[str, ...]
    abstain: bool
    reasons: tuple[str, ...]
    subset: str
    calibration_n: int
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: what ``target`` loses, in probability, when it alone is taken away."""

    modality: str
    where: Mapping[str, Any]
    score: float
    value: str | None = None


@dataclass(frozen=True)
class Explanation:
    """Values, Shapley shares and interaction for one target class, with evidence and reasons.

    Attributes:
        values: subset name -> calibrated probability of the target; "" is the class prior.
        shares: modality -> Shapley share; base + their sum is the target's probability.
        edits: what-if: field -> value -> the target's probability had the field that value.
    """

    target: str
    values: Mapping[str, float]
    base: float
    shares: Mapping[str, float]
    interaction: float
    evidence: tuple[Evidence, ...]
    reasoning: tuple[str, ...]
    edits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class InputReport:
    """What became of one modality's input."""

    present: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """One analysis. ``to_json`` gives the contract's document; a notebook shows a short table.

    Attributes:
        changed: what a person changed of the case before it was analysed, in a few words each.
    """

    model: str
    version: str
    case: str
    grade: str
    notice: str
    licence: str
    inputs: Mapping[str, InputReport]
    predictions: tuple[LabelProbability, ...]
    groups: Mapping[str, float]
    confidence: Confidence
    explanation: Explanation | None
    timings_ms: Mapping[str, float]
    generated: bool | None = None
    changed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain dicts and lists, ready for json.dumps."""
        document = asdict(self)
        if self.explanation is None:
            document.pop("explanation")
            return document
        for piece in document["explanation"]["evidence"]:
            if piece["value"] is None:
                piece.pop("value")
        return document

    def _repr_html_(self) -> str:
        rows = "".join(f'<tr><th style="text-align:left">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in self._told())
        return f"<table>{rows}</table>"

    def _told(self) -> list[tuple[str, str]]:
        """What a notebook shows: the answer or why there is none, the prediction set, and what each input adds."""
        names, confidence = {p.label: p.name for p in self.predictions}, self.confidence
        likely = f"{self.predictions[0].name} {percent(self.predictions[0].probability)}"
        told = (
            [("Not sure", capital("; ".join(confidence.reasons))), ("Most probable", likely)]
            if confidence.abstain
            else [("Answer", likely)]
        )
        among = ", ".join(names[label] for label in confidence.set) or "none of them"
        told.append((f"In {percent(confidence.level)} of cases it is among", among))
        if confidence.unlike:
            told.append(("", no_guarantee(confidence.unlike, "", "anything seen in training")))
        if self.explanation:
            told.append((f"{names[self.explanation.target]} before any input", percent(self.explanation.base)))
            told += [(f"{modality} adds", points(share)) for modality, share in self.explanation.shares.items()]
        return [*told, ("Notice", self.notice)]
