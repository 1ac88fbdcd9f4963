"""``compare``: every fusion, every modality alone and plain baselines, cross-validated on subjects never trained on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from mmcore.confidence.abstain import AbstainSettings
from mmcore.errors import ConfigError
from mmcore.evaluation.answers import Answers, held_out_answers
from mmcore.evaluation.baseline_rows import baseline_rows
from mmcore.evaluation.bootstrap import draw_rows
from mmcore.evaluation.comparison_table import Table, confidence_figures, figures_of, reliability_bins, rows_of
from mmcore.evaluation.conflict_levels import conflict_levels
from mmcore.evaluation.cross_explained import CASES_PER_FOLD, explained_on_held_out
from mmcore.evaluation.gain import alone_and_gain
from mmcore.evaluation.jsonable import jsonable
from mmcore.evaluation.nested import nested_answers
from mmcore.evaluation.sources import source_rows
from mmcore.evaluation.subgroups import subgroup_figures
from mmcore.fusion import FUSIONS, FusionSettings
from mmcore.model_spec import FILE, ModelSpec, read_spec
from mmcore.settings import parse
from mmcore.tokens import subset_name
from mmcore.training.crossfit import CrossFit, crossfit
from mmcore.training.dataset import TrainingSet
from mmcore.training.load import RawSet, Step, encode_set, load_raw
from mmcore.training.settings import TrainingSettings
from mmcore.training.train import settings_of
from mmcore.training.tuned import FoldCases, build_encoders, fold_encoder

DRAWS = 1000
PROTOCOL = (
    "{folds} folds by subject, {seeds} seeds; figures are means over the seeds, intervals 95 % bootstrap over subjects. "
    "Every case is scored by networks that never saw its subject; temperature, sets and thresholds for a fold are fitted on the scores "
    "of the other folds' subjects. Settings are the same for all folds; the baselines' and those of models that come with the program "
    "were chosen on the data that these are measured on. All fusions have the settings of the shipped one. Row nested, one seed: "
    "exponents, temperature, sets and thresholds for a fold are fitted inside its training part alone. Encoder: {encoder}, frozen unless "
    "a row says tuned: then it is trained further in every fold, one seed."
)


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

    Args:
        fusions: names of the fusions to compare, besides the shipped one; all where None.
        explained: held-out cases of each fold on which explanations are measured.

    Raises:
        ConfigError: a fusion is not known.
        InputError: the data set cannot be read.
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
    table = Table(cases, list(draw_rows(cases.subjects, DRAWS, 0)), figures_of(spec))
    whole = subset_name(spec.modalities)
    rows = [table.row(name, "fusion", whole, [run[whole] for run in runs]) for name, runs in answers.items()]
    nested = nested_answers(cases, len(spec.labels), shipped, frozen, 0, device, abstain)
    rows.append(table.row(f"{shipped.name}, nested", "fusion", whole, [nested[whole]]))
    rows += baseline_rows(spec, raw, fits[shipped.name], table)
    own = Measured(shipped.name, answers[shipped.name], fits[shipped.name], {})
    described: dict[str, Any] = {}
    if settings.freeze != "frozen":
        singles, described["gain_frozen"] = alone_and_gain(spec, own.answers, table)
        rows += [{**row, "name": f"{row['name']}, encoder frozen"} for row in singles]
        own = measure_tuned(spec, raw, cases, shipped, settings, abstain, device, step)
        rows.insert(0, table.row(own.name, "fusion", whole, [run[whole] for run in own.answers]))
    rows += source_rows(spec, table, own.fits, shipped, frozen, abstain, device)
    names = [row["name"] for row in rows]
    singles, described["gain"] = alone_and_gain(spec, own.answers, table)
    described |= describe(spec, cases, own, abstain)
    described["explanation"] = explained_on_held_out(
        model, spec, cases, raw, shipped, settings, own.fits[0], own.folds, abstain, data, device, step, explained
    )
    return jsonable({
        "command": command, "model": spec.name, "n": len(cases), "subjects": len(set(cases.subjects)), "shipped": own.name,
        "protocol": PROTOCOL.format(folds=folds, seeds=seeds, encoder=", ".join(item.encoder for item in spec.inputs.values())),
        "headline": {key: value for key, value in rows[names.index(own.name)].items() if isinstance(value, int | float)},
        "rows": rows + singles, **described, "seconds": time.perf_counter() - started,
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


def describe(spec: ModelSpec, cases: TrainingSet, own: Measured, abstain: AbstainSettings) -> dict[str, Any]:
    """What a card says of the shipped configuration: confidence for each subset of the inputs, levels of contradiction, subgroups."""
    whole, present, labels = subset_name(spec.modalities), cases.present(), cases.labels
    parts = {s: (present[s], [rows_of(run[s], present[s]) for run in own.answers]) for s in own.answers[0]}
    return {
        "subsets": {s: {"n": int(at.sum())} | confidence_figures(runs, labels[at]) for s, (at, runs) in parts.items()},
        "reliability": {s: {"bins": reliability_bins(runs, labels[at])} for s, (at, runs) in parts.items()},
        "conflict_levels": conflict_levels(own.fits, cases, abstain, whole),
        "subgroups": subgroup_figures(spec, cases, [run[whole] for run in own.answers]),
    }
