"""Ranking: what each command does with a model that puts products on a shelf."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from mmcore.commands.arguments import check_folder, check_without, check_writable
from mmcore.commands.bench import SAMPLES, Run
from mmcore.commands.output import StageBars, notes, percent, report, report_document, told_while_loading, warn
from mmcore.commands.train import set_figures_aside
from mmcore.domains.retail import load
from mmcore.domains.retail.card import write_card
from mmcore.domains.retail.cautions import ASKED
from mmcore.domains.retail.reasons import parts
from mmcore.errors import ConfigError
from mmcore.report.reading import made

__all__ = ["analyze", "batch", "compare", "evaluate", "find_sample", "load", "timer", "train", "write_card"]

STORY = "one_taste"
"""The shopper of the generated shop that bench asks for."""
FIGURES = ("recall@20", "ndcg@20")


def analyze(args: argparse.Namespace) -> int:
    """One shopper: a case folder, its case.toml, or its JSON."""
    from mmcore.domains.retail.case import read_shopper_case
    from mmcore.domains.retail.result import analyze as answer

    if args.html:
        raise ConfigError("--html is not there for a ranking", "Use --json, or open the retail page")
    started = time.perf_counter()
    case = read_shopper_case(args.inputs)
    read_ms = 1000 * (time.perf_counter() - started)
    with told_while_loading(args.model):
        model = load(args.model)
    check_without(args.without, model.spec.modalities)
    for modality, warnings in case.warnings.items():
        for warning in warnings:
            warn(f"Note: {modality}: {warning}")
    document = answer(model, case, tuple(args.without), read_ms=read_ms, target=args.target)
    report(document, args.json, lines(document))
    return 0


def batch(args: argparse.Namespace) -> int:
    """Every shopper of a data folder's history: their shelf, one row each."""
    from mmcore.commands.row_file import appending, read_rows, rewrite
    from mmcore.domains.retail.many import COLUMNS, shelves

    check_folder(args.source)
    model = load(args.model)
    kept = [row for row in read_rows(args.out, COLUMNS) if row.get("version") == model.version]
    rewrite(args.out, kept, COLUMNS)
    done = {row["case"] for row in kept}
    count, strange = 0, False
    with closing(StageBars()) as step, appending(args.out, COLUMNS) as write:
        for row in shelves(model, args.source, done, step):
            write(row)
            count += 1
            strange = not row["calibrated"]
    if strange:
        warn("Note: probabilities were calibrated on another shop's shoppers: trust the order first")
    warn(f"{count} shelves written{f', {len(done)} were there already' if done else ''}: {args.out}")
    return 0


def evaluate(args: argparse.Namespace) -> int:
    """Figures of a day that the model has not seen."""
    check_folder(args.data)
    check_writable(args.json, args.predictions)
    from mmcore.domains.retail.evaluate import evaluate as measure

    with closing(StageBars()) as step:
        document = measure(load(args.model), args.data, limit=args.limit, seed=args.seed, predictions=args.predictions, progress=step)
    notes(document)
    report(document, args.json, figures(document))
    return 0


def compare(args: argparse.Namespace) -> int:
    """The model beside plain baselines, all on the same day."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import device as devices
    from mmcore.domains.retail.compare import PROTOCOLS
    from mmcore.domains.retail.compare import compare as measure
    from mmcore.library import find

    protocol = args.protocol or "time"
    if protocol not in PROTOCOLS:
        raise ConfigError(f"--protocol {protocol!r} is not known", f"Use one of: {', '.join(PROTOCOLS)}")
    words = f"python -m mmcore compare {args.model} --data {args.data} --seeds {args.seeds} --protocol {protocol}"
    folder, device = find(args.model), devices.pick()
    with closing(StageBars()) as step:
        document = measure(folder, args.data, protocol=protocol, seeds=args.seeds, device=device, command=words, step=step)
    report_document(document, args.json)
    return 0


def train(args: argparse.Namespace) -> int:
    """A model folder from a data folder."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import device as devices
    from mmcore.domains.retail.trainer import train as fit
    from mmcore.library import find
    from mmcore.training.train import check_empty

    if args.fusion:
        raise ConfigError("--fusion is not there for a ranking: its towers are one network", "Leave --fusion out")
    model = find(args.model)
    check_empty(args.out, model)
    words = f"python -m mmcore train {args.model} --data {args.data} --out {args.out} --seed {args.seed}"
    with closing(StageBars()) as step:
        summary = fit(model, args.data, args.out, seed=args.seed, device=devices.pick(), command=words, step=step)
    set_figures_aside(args.out)
    write_card(args.out)
    head = f"{summary['products']} products, {summary['shoppers']} shoppers, {summary['purchases']} purchases"
    said = "recall@20 on the last day, before it was trained on"
    recalls = (f"{subset:<24} {said}: {percent(recall)}" for subset, recall in summary["day_before"].items())
    report(summary, args.json, [head, *recalls, f"Model written to {args.out}"])
    return 0


def find_sample(name: str) -> Path | None:
    """For bench: the generated shop; None where it is not there."""
    folder = SAMPLES / "retail"
    return folder if (folder / "items.parquet").is_file() else None


def timer(name: str, sample: Path) -> Callable[[int], Run]:
    """For bench: one analysis of the sample's shopper, its catalogue already open."""
    from mmcore.domains.retail.case import read_shopper_case
    from mmcore.domains.retail.result import analyze as answer

    model = load(name)

    def run(number: int) -> Run:
        started = time.perf_counter()
        case = read_shopper_case([sample, Path(STORY)])
        read = 1000 * (time.perf_counter() - started)
        document = answer(model, case, (), read_ms=read, target=None)
        return Run(1000 * (time.perf_counter() - started), document["timings_ms"])

    return run


def lines(document: Mapping[str, Any]) -> list[str]:
    """A shelf for people: probabilities with shares in points; where none is told, what speaks for each product in parts of it all."""
    confidence, label = document["confidence"], made(document["generated"])
    tells = ASKED not in confidence["reasons"]
    out = [f"{document['title'] or 'Shelf'}{f' ({label})' if label else ''}: {document['model']}", ""]
    for place, item in enumerate(document["predictions"], start=1):
        shares = item["explanation"]["shares"]
        if tells:
            chance, said = f"{percent(item['probability']):>7}  ", [f"{name} {100 * share:+.1f}" for name, share in shares.items()]
        else:
            chance, said = "", [f"{name} {100 * part:+.0f} %" for name, part in parts(shares).items()]
        out.append(f"{place:>3} {item['item']:<14} {item['name'][:38]:<38} {chance}({', '.join(said)})")
    out.append("")
    if tells:
        out.append(f"At least one of them is bought: {percent(confidence['any_probability'])}")
    else:
        out.append("In brackets: how much of all that speaks for (+) or against (-) a product is of each kind.")
    out += confidence["reasons"]
    out += ["", "Why the first:", *(f"  {sentence}" for sentence in document["explanation"]["reasoning"])]
    return [*out, "", f"Evidence: {document['grade']}. {document['notice']}"]


def figures(document: Mapping[str, Any]) -> list[str]:
    """An evaluation for people."""
    out = [f"{document['model']}: {document['n']} shoppers, {document['products']} products"]
    for subset, found in document["subsets"].items():
        spans = {name: " to ".join(f"{end:.3f}" for end in found[f"{name}_ci"]) for name in FIGURES}
        plain = ", ".join(f"{name} {found[name]:.3f} ({spans[name]})" for name in FIGURES)
        strict = found["strict"]["recall@20"]
        out.append(f"{subset:<22} {plain}; STRICT {'–' if strict is None else f'{strict:.3f}'}; diversity {found['diversity@20']:.2f}")
    return [*out, *(f"explanation of {name}: {found}" for name, found in document["explanation"].items())]
