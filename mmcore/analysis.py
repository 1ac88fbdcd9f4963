"""One case, analysed once: all numbers for every class and level. Making a Result of them costs no forward pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.case import Case, Picture, Record, Text
from mmcore.confidence.abstain import AbstainSettings, contradict, reasons, unlike
from mmcore.confidence.model import ConfidenceModel
from mmcore.explain.edits import shown_value
from mmcore.explain.places import half_of_evidence, place
from mmcore.explain.reasoning import Facts, reasoning
from mmcore.explain.shapley import interaction, shapley_shares
from mmcore.model_spec import ModelSpec
from mmcore.result import Confidence, Evidence, Explanation, InputReport, LabelProbability, Result
from mmcore.tokens import all_subsets, subset_name
from mmcore.wording import in_sentence, spoken

DEFAULT_LEVEL = 0.9


@dataclass(frozen=True)
class PatchScores:
    """Evidence in a picture.

    Attributes:
        boxes: (P, 4) int [x, y, w, h] in the picture's own pixels.
        scores: (P, C) what each class loses when the patch is blurred.
    """

    boxes: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class WordScores:
    """Evidence in a text.

    Attributes:
        spans: P pieces (from, to) in characters of the text, each one word or a few neighbours.
        scores: (P, C) what each class loses when the piece is taken out and the rest read anew.
    """

    spans: Sequence[tuple[int, int]]
    scores: np.ndarray


@dataclass(frozen=True)
class Prediction:
    """What is predicted from one subset of modalities at the default level."""

    probabilities: np.ndarray
    set: tuple[str, ...]
    abstain: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """Everything measured on one case; C classes.

    Attributes:
        probabilities: subset -> (C,) calibrated; "" is the class prior.
        patches, words: evidence in the picture and in the text, None where there is none.
        fields: field -> (C,) what each class loses when the field is taken away.
        edits: field -> value -> (C,) probabilities had the field that value.
        distances: modality -> how unlike training its input is.
        measured: modality -> whether its evidence beat a random order on held-out cases; where not, it is not shown.
    """

    spec: ModelSpec
    version: str
    case: Case
    confidence: ConfidenceModel
    probabilities: Mapping[str, np.ndarray]
    patches: PatchScores | None
    fields: Mapping[str, np.ndarray]
    edits: Mapping[str, Mapping[str, np.ndarray]]
    distances: Mapping[str, float]
    measured: Mapping[str, bool]
    explained: bool
    timings_ms: Mapping[str, float]
    abstain_settings: AbstainSettings
    words: WordScores | None = None

    @property
    def subset(self) -> str:
        """Name of what the case has, such as "image+record"."""
        return subset_name(self.case.present)

    @property
    def calibration_n(self) -> int:
        """How many cases calibrated what the case has."""
        return self.confidence.calibration_n(self.subset)

    @property
    def unlike(self) -> tuple[str, ...]:
        """The modalities whose input is unlike anything seen in training."""
        return unlike(self.distances, self.confidence.distance_limits)

    def result(self, target: str | None = None, level: float = DEFAULT_LEVEL) -> Result:
        """The contract's Result for a class (the most probable one by default) at a level."""
        spec, whole = self.spec, self.probabilities[self.subset]
        order = np.argsort(-whole, kind="stable")
        chosen = spec.label_ids.index(spec.label(target).id) if target else int(order[0])
        members = self.confidence.prediction_set(self.subset, whole, level)
        why = self.abstain_reasons(self.subset, level)
        return Result(
            model=spec.name,
            version=self.version,
            case=self.case.digest,
            grade=spec.grade,
            notice=spec.notice,
            licence=spec.licence,
            inputs={name: InputReport(item.present, item.warnings) for name, item in self.case.inputs.items()},
            predictions=tuple(LabelProbability(spec.labels[i].id, spec.labels[i].name, float(whole[i])) for i in order),
            groups={name: float(sum(whole[spec.label_ids.index(m)] for m in members_)) for name, members_ in spec.groups.items()},
            confidence=Confidence(level, self._ids(members), bool(why), why, self.subset, self.calibration_n, self.unlike),
            explanation=self._explanation(chosen, level, members) if self.explained else None,
            timings_ms=dict(self.timings_ms),
            generated=self.case.generated,
        )

    def prediction(self, subset: str, level: float = DEFAULT_LEVEL) -> Prediction:
        """The answer from one subset of the modalities present."""
        whole = self.probabilities[subset]
        why = self.abstain_reasons(subset, level)
        return Prediction(whole, self._ids(self.confidence.prediction_set(subset, whole, level)), bool(why), why)

    def _ids(self, members: np.ndarray) -> tuple[str, ...]:
        return tuple(self.spec.label_ids[i] for i in members)

    def abstain_reasons(self, subset: str, level: float) -> tuple[str, ...]:
        """Why the answer from a subset is "not sure"; empty where it stands."""
        names = subset.split("+")
        alone = [self.probabilities[name] for name in names]
        told = self.abstain_settings.conflict_level
        sets = [self.confidence.sets(name, p[None], told)[0] for name, p in zip(names, alone, strict=True)]
        size = len(self.confidence.prediction_set(subset, self.probabilities[subset], level))
        limits = self.confidence.distance_limits
        return reasons(
            self.abstain_settings, size, level, bool(contradict(np.stack(sets))),
            {self._title(n): d for n, d in self.distances.items() if n in names}, {self._title(n): limit for n, limit in limits.items()},
            {self._title(n): self.spec.labels[int(p.argmax())].name for n, p in zip(names, alone, strict=True)},
        )  # fmt: skip

    def _title(self, modality: str) -> str:
        return in_sentence(self.spec.inputs[modality].title)

    def _explanation(self, chosen: int, level: float, members: np.ndarray) -> Explanation:
        present = self.case.present
        values = {subset_name(s): float(self.probabilities[subset_name(s)][chosen]) for s in all_subsets(present)}
        shares = shapley_shares(values, present)
        extra = interaction(values, present)
        edits = {name: {value: float(p[chosen]) for value, p in options.items()} for name, options in self.edits.items()}
        facts = self._facts(chosen, level, members, values, shares, extra)
        sentences = reasoning(facts) + self._unmeasured()
        return Explanation(self.spec.label_ids[chosen], values, values[""], shares, extra, tuple(self._evidence(chosen)), sentences, edits)

    def _evidence(self, chosen: int) -> list[Evidence]:
        out = []
        for modality in self.case.present:
            value = self.case.inputs[modality].value
            if not self.measured.get(modality, True):
                continue
            if isinstance(value, Picture) and self.patches is not None:
                pairs = zip(self.patches.boxes, self.patches.scores, strict=True)
                out += [Evidence(modality, {"box": [int(v) for v in box]}, float(score[chosen])) for box, score in pairs]
            if isinstance(value, Text) and self.words is not None:
                spoken = zip(self.words.spans, self.words.scores, strict=True)
                out += [Evidence(modality, {"span": [a, b]}, float(s[chosen]), value.text[a:b]) for (a, b), s in spoken]
            if isinstance(value, Record):
                out += [Evidence(modality, {"field": f}, float(s[chosen]), shown_value(value.values[f])) for f, s in self.fields.items()]
        return sorted(out, key=lambda piece: -abs(piece.score))

    def _unmeasured(self) -> tuple[str, ...]:
        hidden = [self._title(m) for m in self.case.present if not self.measured.get(m, True)]
        return tuple(f"Evidence inside the {name} is not shown: on held-out cases it was no better than a random order." for name in hidden)

    def _facts(
        self, chosen: int, level: float, members: np.ndarray, values: Mapping[str, float], shares: Mapping[str, float], extra: float
    ) -> Facts:
        spec, whole, evidence = self.spec, self.probabilities[self.subset], self._evidence(chosen)
        leading = {s: (spec.labels[int(p.argmax())].name, float(p.max())) for s, p in self.probabilities.items()}
        return Facts(
            target=spec.labels[chosen].name,
            probability=float(whole[chosen]),
            rank=1 + int((whole > whole[chosen]).sum()),
            classes=len(whole),
            names={m: self._title(m) for m in self.case.present},
            values=values,
            shares=shares,
            interaction=extra,
            leading=leading,
            fields=[(self._field_text(piece.where["field"]), piece.score) for piece in evidence if "field" in piece.where],
            patches=self._strongest_patches(chosen),
            edit=self._best_edit(),
            set_names=[spec.labels[i].name for i in members],
            level=level,
            calibration_n=self.calibration_n,
            words=[(piece.value or "", piece.score) for piece in evidence if "span" in piece.where],
            unlike=[self._title(name) for name in self.unlike],
        )

    def _record(self) -> tuple[str, Record] | None:
        for modality in self.case.present:
            value = self.case.inputs[modality].value
            if isinstance(value, Record):
                return modality, value
        return None

    def _field_text(self, name: str) -> str:
        found = self._record()
        assert found is not None
        field, value = next(f for f in self.spec.inputs[found[0]].fields if f.name == name), found[1].values[name]
        assert value is not None  # only what is given is evidence
        return f"{in_sentence(field.title)}: {spoken(value)}{' ' + field.unit if field.unit else ''}"

    def _strongest_patches(self, chosen: int) -> tuple[tuple[str, float], tuple[str, float], int] | None:
        pictures = [m for m in self.case.present if isinstance(self.case.inputs[m].value, Picture)]
        if self.patches is None or not self.measured.get(pictures[0], True):
            return None
        scores, picture = self.patches.scores[:, chosen], self.case.inputs[pictures[0]].value
        most, least = (
            (place(self.patches.boxes[at], picture.size), float(scores[at])) for at in (int(scores.argmax()), int(scores.argmin()))
        )
        return most, least, half_of_evidence(scores)

    def _best_edit(self) -> tuple[str, str, str, float] | None:
        """The single change of a field that most surely gives another answer."""
        found = self._record()
        if found is None:
            return None
        now, best = int(self.probabilities[self.subset].argmax()), None
        for field in self.spec.inputs[found[0]].fields:
            flips = [(value, p) for value, p in self.edits.get(field.name, {}).items() if int(p.argmax()) != now]
            given = found[1].values[field.name]
            if field.type == "number" and isinstance(given, float):
                flips = sorted(flips, key=lambda pair: abs(float(pair[0]) - given))[:1]  # the nearest number that gives another answer
            for value, p in flips:
                top = int(p.argmax())
                if best is None or p[top] - p[now] > best[0]:
                    best = (float(p[top] - p[now]), field, value, self.spec.labels[top].name, float(p[top]))
        return (in_sentence(best[1].title), spoken(best[2]), best[3], best[4]) if best else None
