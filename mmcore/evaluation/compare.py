"""``compare``: every fusion, every modality alone and plain baselines, cross-validated on subjects never trained on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore.confidence.abstain import AbstainSettings
from mmcore.errors import ConfigError
from mmcore.evaluation import metrics
from mmcore.evaluation.answers import Answers, held_out_answers
from mmcore.evaluation.baselines import BASELINE_INPUTS, BASELINES, Plain, fit_predict
from mmcore.evaluation.bootstrap import draw_rows
from mmcore.evaluation.cross_explained import CASES_PER_FOLD, explained_on_held_out
from mmcore.evaluation.jsonable import jsonable
from mmcore.evaluation.nested import nested_answers
from mmcore.evaluation.sources import held_out_sources, source_alone, sources
from mmcore.evaluation.subgroups import subgroup_figures
from mmcore.fusion import FUSIONS, FusionSettings
from mmcore.model_spec import FILE, ModelSpec, read_spec
from mmcore.settings import parse
from mmcore.tokens import subset_name
from mmcore.training.crossfit import CrossFit, crossfit, pooled
from mmcore.training.dataset import TrainingSet
from mmcore.training.load import RawSet, Step, encode_set, load_raw
from mmcore.training.settings import TrainingSettings
from mmcore.training.train import settings_of
from mmcore.training.tuned import FoldCases, build_encoders, fold_encoder

DRAWS = 1000
GAIN_DRAWS = 500
CONFLICT_LEVELS = (0.8, 0.85, 0.9, 0.95)
CONFIDENCE_KEYS = ("coverage", "set_size", "abstained", "accuracy_answered", "accuracy_abstained")
PROTOCOL = (
    "{folds} folds by subject, {seeds} seeds; figures are means over the seeds, intervals 95 % bootstrap over subjects. "
    "Every case is scored by networks that never saw its subject; temperature, sets and thresholds for a fold are fitted on the scores "
    "of the other folds' subjects. Settings are the same for all folds; few were tried, on this data, and the baselines' were chosen on "
    "this same cross-validation. All fusions have the settings of the shipped one. Row nested, one seed: exponents, temperature, sets and "
    "thresholds for a fold are fitted inside its training part alone. Encoder: {encoder}, frozen unless a row says tuned: then it is "
    "trained further in every fold, one seed."
)

Figure = Callable[[np.ndarray, Answers], float]


@dataclass(frozen=True)
class Measured:
    """The shipped configuration, cross-validated: answers and fits, one per seed, and what each fold's encoder gave (first seed)."""

    name: str
    answers: list[dict[str, Answers]]
    fits: list[CrossFit]
    folds: dict[int, FoldCases]


def compare(
    model: Path, data: Path, *, folds: int, seeds: int, device: torch.device, command: str, step: Step,
    fusions: Sequence[str] | None = None, explained: int = CASES_PER_FOLD,
) -> dict[str, Any]:  # fmt: skip
    """The comparison table of a model's folder on a data set, with everything that its card shows.

    All fusions are compared on the frozen encoder. Where model.toml trains the encoder further, the shipped fusion is measured once
    more with an encoder trained in every fold, one seed, and that is what the card describes.
    """
    started = time.perf_counter()
    for name in fusions or ():
        if name not in FUSIONS:
            raise ConfigError(f"fusion {name!r} is not known", f"Use some of: {', '.join(FUSIONS)}")
    spec = read_spec(model)
    shipped, settings = settings_of(spec, None)
    settings = replace(settings, folds=folds)
    frozen = replace(settings, freeze="frozen")
    abstain = parse(AbstainSettings, spec.confidence, f"{FILE}.confidence")
    raw = load_raw(data, spec, step)
    cases = encode_set(raw, build_encoders(spec, device, {}), spec.modalities, settings.views, step)
    fits: dict[str, list[CrossFit]] = {name: [] for name in FUSIONS if not fusions or name in (*fusions, shipped.name)}
    for number, name in enumerate(fits):
        for seed in range(seeds):
            fits[name].append(crossfit(cases, len(spec.labels), replace(shipped, name=name), frozen, seed, device))
            step("compare", number * seeds + seed + 1, len(fits) * seeds)
    answers = {name: [held_out_answers(fit, cases.labels, cases.present(), abstain) for fit in found] for name, found in fits.items()}
    draws, figures = list(draw_rows(cases.subjects, DRAWS, 0)), figures_of(spec)
    whole = subset_name(spec.modalities)
    rows = [_row(name, "fusion", whole, [run[whole] for run in runs], cases, draws, figures) for name, runs in answers.items()]
    nested = nested_answers(cases, len(spec.labels), shipped, frozen, 0, device, abstain)
    rows.append(_row(f"{shipped.name}, nested", "fusion", whole, [nested[whole]], cases, draws, figures))
    rows += _baselines(spec, raw, cases, fits[shipped.name], draws, figures)
    own = Measured(shipped.name, answers[shipped.name], fits[shipped.name], {})
    described: dict[str, Any] = {}
    if settings.freeze != "frozen":
        singles, described["gain_frozen"] = alone_and_gain(spec, cases, own, draws, figures)
        rows += [{**row, "name": f"{row['name']}, encoder frozen"} for row in singles]
        own = measure_tuned(spec, raw, cases, shipped, settings, abstain, device, step)
        rows.insert(0, _row(own.name, "fusion", whole, [run[whole] for run in own.answers], cases, draws, figures))
    rows += by_source(spec, cases, own, shipped, frozen, abstain, draws, figures, device)
    names = [row["name"] for row in rows]
    described |= describe(model, spec, raw, cases, shipped, settings, own, abstain, data, device, step, explained)
    return jsonable({
        "command": command, "model": spec.name, "n": len(cases), "subjects": len(set(cases.subjects)), "shipped": own.name,
        "protocol": PROTOCOL.format(folds=folds, seeds=seeds, encoder=", ".join(item.encoder for item in spec.inputs.values())),
        "headline": {key: value for key, value in rows[names.index(own.name)].items() if isinstance(value, int | float)},
        "rows": rows + described.pop("rows"), **described, "seconds": time.perf_counter() - started,
    })  # fmt: skip


def measure_tuned(
    spec: ModelSpec, raw: RawSet, cases: TrainingSet, shipped: FusionSettings, settings: TrainingSettings, abstain: AbstainSettings,
    device: torch.device, step: Step,
) -> Measured:  # fmt: skip
    """The shipped fusion with the picture encoder trained further in every fold on that fold's training part; one seed."""
    kept: dict[int, FoldCases] = {}
    encoder = fold_encoder(raw, spec, settings, 0, device, None, step, kept)
    fit = crossfit(
        cases, len(spec.labels), shipped, settings, 0, device, fold_encoder=encoder, on_fold=lambda done, total: step("tuned", done, total)
    )
    return Measured(f"{shipped.name}, encoder tuned", [held_out_answers(fit, cases.labels, cases.present(), abstain)], [fit], kept)


def by_source(
    spec: ModelSpec, cases: TrainingSet, own: Measured, fusion: FusionSettings, settings: TrainingSettings, abstain: AbstainSettings,
    draws: Sequence[np.ndarray], figures: Mapping[str, Figure], device: torch.device,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows on where cases come from, where the model says how to tell: the source alone, and the shipped fusion on sources not seen."""
    source, present, whole = sources(spec, cases), cases.present(), subset_name(spec.modalities)
    if source is None:
        return []
    nothing = np.zeros((len(cases), len(spec.labels)), bool)
    alone = [Answers(source_alone(source, cases.labels, fit.fold, len(spec.labels)), nothing, nothing[:, 0]) for fit in own.fits]
    row = _row("source alone, no input", "baseline", "", alone, cases, draws, figures)
    rows = [{key: value for key, value in row.items() if key not in CONFIDENCE_KEYS}]
    fits = held_out_sources(cases, source, len(spec.labels), fusion, settings, range(len(own.fits)), device)
    apart = [held_out_answers(fit, cases.labels, present, abstain) for fit in fits]
    for subset in (whole, *spec.modalities):
        name, runs = f"{subset.replace('+', ' + ')}, sources held out", [run[subset] for run in apart]
        rows.append(_row(name, "sources", subset, runs, cases, draws, figures))
    return rows


def describe(
    model: Path, spec: ModelSpec, raw: RawSet, cases: TrainingSet, shipped: FusionSettings, settings: TrainingSettings, own: Measured,
    abstain: AbstainSettings, data: Path, device: torch.device, step: Step, explained: int,
) -> dict[str, Any]:  # fmt: skip
    """What a card says of the shipped configuration: each modality alone, confidence, gain, explanation, subgroups."""
    draws, figures = list(draw_rows(cases.subjects, DRAWS, 0)), figures_of(spec)
    whole = subset_name(spec.modalities)
    rows, gain = alone_and_gain(spec, cases, own, draws, figures)
    present = cases.present()
    parts = {s: (present[s], [_at(run[s], present[s]) for run in own.answers]) for s in own.answers[0]}
    return {
        "rows": rows,
        "subsets": {s: {"n": int(at.sum())} | _details(runs, cases.labels[at]) for s, (at, runs) in parts.items()},
        "reliability": {s: {"bins": _bins(runs, cases.labels[at])} for s, (at, runs) in parts.items()},
        "gain": gain,
        "conflict_levels": conflict_levels(own.fits, cases, abstain, whole),
        "explanation": explained_on_held_out(
            model, spec, cases, raw, shipped, settings, own.fits[0], own.folds, abstain, data, device, step, explained
        ),
        "subgroups": subgroup_figures(spec, cases, [run[whole] for run in own.answers]),
    }


def alone_and_gain(
    spec: ModelSpec, cases: TrainingSet, own: Measured, draws: Sequence[np.ndarray], figures: Mapping[str, Figure]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each modality alone as rows, and what all of them together gain over the best of these."""
    rows = [_row(f"{m} alone", "single", m, [run[m] for run in own.answers], cases, draws, figures) for m in spec.modalities]
    best, whole = max(rows, key=lambda row: row["auroc"])["subset"], subset_name(spec.modalities)
    there = cases.present()[whole]
    fused, single = [run[whole] for run in own.answers], [run[best] for run in own.answers]
    inside = [draw[there[draw]] for draw in draws]
    return rows, _gain(fused, single, best, spec, cases.labels, inside, figures, np.flatnonzero(there))


def conflict_levels(fits: Sequence[CrossFit], cases: TrainingSet, abstain: AbstainSettings, whole: str) -> list[dict[str, float]]:
    """What the level at which inputs count as contradicting each other does: one row a level."""
    there, rows = np.flatnonzero(cases.present()[whole]), []
    for level in CONFLICT_LEVELS:
        settings = replace(abstain, conflict_level=level)
        runs = [_at(held_out_answers(fit, cases.labels, cases.present(), settings)[whole], there) for fit in fits]
        found = _details(runs, cases.labels[there])
        rows.append({"level": level, **{key: found[key] for key in ("abstained", "accuracy_answered", "accuracy_abstained")}})
    return rows


def figures_of(spec: ModelSpec) -> dict[str, Figure]:
    """Name -> figure of (labels, answers): what a row of the table holds with an interval."""
    found: dict[str, Figure] = {
        "auroc": lambda y, a: metrics.macro_auroc(y, a.probabilities),
        "balanced_accuracy": lambda y, a: metrics.balanced_accuracy(y, a.probabilities),
    }
    for name, members in spec.groups.items():
        columns = [spec.label_ids.index(m) for m in members]
        found[f"{name}_auroc"] = partial(_group_auroc, columns)
    return found


def _group_auroc(columns: list[int], labels: np.ndarray, answers: Answers) -> float:
    return metrics.auroc(np.isin(labels, columns), answers.probabilities[:, columns].sum(axis=1))


def _class_auroc(column: int, labels: np.ndarray, answers: Answers) -> float:
    return metrics.auroc(labels == column, answers.probabilities[:, column])


def _row(
    name: str,
    kind: str,
    subset: str,
    runs: Sequence[Answers],
    cases: TrainingSet,
    draws: Sequence[np.ndarray],
    figures: Mapping[str, Figure],
) -> dict[str, Any]:
    """A row of the table: over the cases that have all of ``subset``, over all cases where it is ""."""
    there = cases.present().get(subset, np.ones(len(cases), bool))
    draws = [draw[there[draw]] for draw in draws] if subset else draws
    labels = cases.labels
    row: dict[str, Any] = {"name": name, "kind": kind, "subset": subset, "n": int(there.sum()), "seeds": len(runs)}
    whole = np.flatnonzero(there)
    for key, figure in figures.items():
        row[key] = float(np.mean([figure(labels[whole], _at(run, whole)) for run in runs]))
        row[f"{key}_ci"] = _percentiles([float(np.mean([figure(labels[at], _at(run, at)) for run in runs])) for at in draws])
    return row | _details([_at(run, whole) for run in runs], labels[whole])


def _details(runs: Sequence[Answers], labels: np.ndarray) -> dict[str, float]:
    """Calibration, sets and abstention, means over the seeds."""

    def mean(figure: Callable[[Answers], float]) -> float:
        return float(np.nanmean([figure(run) for run in runs]))

    right = [run.probabilities.argmax(axis=1) == labels for run in runs]
    answered = [
        (hit[~run.abstain].mean(), hit[run.abstain].mean() if run.abstain.any() else np.nan) for hit, run in zip(right, runs, strict=True)
    ]
    return {
        "ece": mean(lambda run: metrics.expected_calibration_error(labels, run.probabilities)),
        "coverage": mean(lambda run: metrics.coverage(labels, run.sets)),
        "set_size": mean(lambda run: metrics.set_size(run.sets)),
        "abstained": mean(lambda run: run.abstain.mean()),
        "accuracy_answered": float(np.mean([a for a, _ in answered])),
        "accuracy_abstained": float(np.nanmean([b for _, b in answered])) if any(run.abstain.any() for run in runs) else float("nan"),
    }


def _baselines(
    spec: ModelSpec,
    raw: RawSet,
    cases: TrainingSet,
    fits: Sequence[CrossFit],
    draws: Sequence[np.ndarray],
    figures: Mapping[str, Figure],
) -> list[dict[str, Any]]:
    record, picture = next(iter(cases.additive)), next(iter(raw.pixels))
    text = next(iter(raw.texts), None)
    words = np.where(cases.has(text)[:, None], pooled(cases, text), np.nan) if text else None
    plain = Plain(_table(raw, record), pooled(cases, picture), cases.labels, words)
    kinds = {"record": record, "image": picture, "text": text}
    subset_of = lambda name: "+".join(m for m in spec.modalities if m in {kinds[k] for k in BASELINE_INPUTS[name]})  # noqa: E731
    rows = []
    for name in (name for name in BASELINES if text or name != "linear_text"):
        runs = []
        for seed, fit in enumerate(fits):
            probabilities = np.zeros((len(cases), len(spec.labels)))
            for fold in np.unique(fit.fold):
                inside = fit.fold != fold
                probabilities[~inside] = fit_predict(name, plain.rows(inside), plain.rows(~inside), seed, len(spec.labels))
            runs.append(Answers(probabilities, np.zeros_like(probabilities, bool), np.zeros(len(cases), bool)))
        row = _row(name, "baseline", subset_of(name), runs, cases, draws, figures)
        rows.append(
            {
                key: value
                for key, value in row.items()
                if key not in CONFIDENCE_KEYS
            }
        )
    return rows


def _table(raw: RawSet, record: str) -> np.ndarray:
    """(N, F) the record's tokens side by side, without the constants; NaN where a field is missing."""
    features, mask = raw.records[record]
    owner = (features != 0).any(dim=0)
    columns = [(token, column) for token in range(features.shape[1]) for column in owner[token].nonzero().flatten().tolist()]
    values = np.array([[float(row[t, c]) if known[t] else np.nan for t, c in columns] for row, known in zip(features, mask, strict=True)])
    return values[:, np.nanstd(values, axis=0) > 0]


def _bins(runs: Sequence[Answers], labels: np.ndarray) -> list[dict[str, float]]:
    """Reliability of the top label over all seeds together, ten bins."""
    found = metrics.reliability(np.concatenate([labels] * len(runs)), np.concatenate([run.probabilities for run in runs]))
    return [{"confidence": b.confidence, "accuracy": b.accuracy, "n": b.n / len(runs)} for b in found if b.n]


def _gain(
    fused: Sequence[Answers],
    single: Sequence[Answers],
    name: str,
    spec: ModelSpec,
    labels: np.ndarray,
    draws: Sequence[np.ndarray],
    figures: Mapping[str, Figure],
    everyone: np.ndarray,
) -> dict[str, Any]:
    """Fused minus the best single modality, paired; for the whole and for each class."""
    each: dict[str, Figure] = {label.id: partial(_class_auroc, i) for i, label in enumerate(spec.labels)}
    out: dict[str, Any] = {"best_single": name}
    for key, figure in {**figures, **{f"auroc {label}": f for label, f in each.items()}}.items():
        gains = [_difference(figure, fused, single, labels, at) for at in draws[:GAIN_DRAWS]]
        out[key] = {"gain": _difference(figure, fused, single, labels, everyone), "ci": _percentiles(gains)}
    return out


def _difference(figure: Figure, fused: Sequence[Answers], single: Sequence[Answers], labels: np.ndarray, at: np.ndarray) -> float:
    """Mean over the seeds of a figure's difference on these rows."""
    return float(np.mean([figure(labels[at], _at(a, at)) - figure(labels[at], _at(b, at)) for a, b in zip(fused, single, strict=True)]))


def _at(answers: Answers, rows: np.ndarray) -> Answers:
    return Answers(answers.probabilities[rows], answers.sets[rows], answers.abstain[rows])


def _percentiles(values: Sequence[float]) -> list[float]:
    return [float(v) for v in np.nanpercentile(values, [2.5, 97.5])]
