"""A model's figures on a data set in its format. Nothing is trained, tuned or calibrated here."""

from __future__ import annotations

import argparse
from contextlib import closing, nullcontext
from typing import Any

from mmcore.commands import tasks
from mmcore.commands.arguments import add_data, add_json, add_model, add_noise, add_seed, check_folder, check_writable, given_path, whole
from mmcore.commands.output import StageBars, notes, percent, report, writing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, its data and where figures and predictions go."""
    add_model(parser)
    add_data(parser)
    add_json(parser)
    parser.add_argument("--predictions", metavar="FILE", type=given_path, help="write every prediction to FILE, one JSON object a line")
    parser.add_argument("--limit", metavar="N", type=whole(0), help="measure the explanation on at most N cases (default 100)")
    add_noise(parser)
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Measures the model on every subset of its inputs; 0. InputError where the data cannot be read; without labels predictions alone."""
    with writing(args.predictions) if args.predictions else nullcontext():
        return tasks.run("evaluate", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    check_folder(args.data)
    check_writable(args.json, args.predictions)
    from mmcore.evaluation.evaluate import evaluate
    from mmcore.pipeline import load

    pipeline = load(args.model)
    with closing(StageBars()) as progress:
        document = evaluate(pipeline, args.data, limit=args.limit, seed=args.seed, predictions=args.predictions, progress=progress)
    notes(document)
    report(document, args.json, lines(document))
    return 0


def lines(document: dict[str, Any]) -> list[str]:
    """The figures as a table for people."""
    seen = document["seen_in_training"]
    known = "whether any was in training is not known" if seen is None else f"{seen} seen in training"
    out = [f"{document['model']}: {document['n']} cases of {document['subjects']} subjects; {known}"]
    for subset, figures in document["subsets"].items():
        out += [
            f"{subset} ({figures['n']} cases)",
            f"  AUROC {percent(figures['auroc'])} {_range(figures['auroc_ci'])}, "
            f"balanced accuracy {percent(figures['balanced_accuracy'])} {_range(figures['balanced_accuracy_ci'])}",
            f"  calibration error {percent(figures['ece'])}, coverage {percent(figures['coverage'])}, "
            f"mean set {figures['set_size']:.2f}, abstained {percent(figures['abstained'])}",
        ]
    for modality, figures in document["explanation"].items():
        out += [
            f"explanation of {modality} ({figures['cases']} cases)",
            f"  deletion {percent(figures['deletion'])} (random order {percent(figures['deletion_random'])}), "
            f"insertion {percent(figures['insertion'])} (random order {percent(figures['insertion_random'])})",
        ]
    return out


def _range(ends: list[float | None]) -> str:
    return f"({percent(ends[0])} to {percent(ends[1])})"
