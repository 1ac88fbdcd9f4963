"""Train a model into a folder, which is then a MODEL like any other. Stopped and started again, it goes on where it was."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from mmcore.commands import tasks
from mmcore.commands.arguments import (
    add_albums,
    add_cache,
    add_data,
    add_json,
    add_model,
    add_noise,
    add_seed,
    check_folder,
    check_writable,
    given_path,
)
from mmcore.commands.card import write_classification
from mmcore.commands.output import StageBars, percent, report, warn

EARLIER = "Note: figures of the earlier weights are now in files ending in _of_earlier_weights; run compare for those of the new ones"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, its data and the folder to write."""
    add_model(parser)
    add_data(parser)
    parser.add_argument("--out", metavar="DIR", type=given_path, required=True, help="folder to write the model to")
    parser.add_argument("--fusion", metavar="NAME", help="fusion to train (default: the model's own)")
    add_seed(parser)
    add_noise(parser)
    add_albums(parser)
    add_cache(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Trains the model by its task and writes folder and card; 0. InputError for unreadable data or an --out that holds something else."""
    return tasks.run("train", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import device as devices
    from mmcore import model_folder
    from mmcore.library import find
    from mmcore.training.train import check_empty, train

    model = find(args.model)
    check_empty(args.out, model)
    compared = (args.out / model_folder.FIGURES).is_file()
    with closing(StageBars()) as step:
        summary = train(
            model, args.data, args.out, fusion=args.fusion, seed=args.seed, device=devices.pick(), command=command_line(args), step=step
        )
    write_classification(args.out)
    if compared:
        warn(EARLIER)
    report(summary, args.json, lines(summary, args.out))
    return 0


def set_figures_aside(folder: Path) -> None:
    """What was measured on earlier weights, where the folder holds any, is set aside, and that is said."""
    from mmcore import model_folder

    if model_folder.set_figures_aside(folder):
        warn(EARLIER)


def command_line(args: argparse.Namespace) -> str:
    """What to type to train this model again."""
    words = ["python", "-m", "mmcore", "train", args.model, "--data", str(args.data), "--out", str(args.out), "--seed", str(args.seed)]
    return shlex.join(words + (["--fusion", args.fusion] if args.fusion else []))


def lines(summary: Mapping[str, Any], out: Path) -> list[str]:
    """The classification report on cases that each network had not seen, for people."""
    report = summary["report"]
    rows = {name: row for name, row in report.items() if isinstance(row, Mapping)}
    table = [f"{'':<14}{'precision':>12}{'recall':>12}{'F1':>12}{'cases':>8}"]
    table += [
        f"{name:<14}{percent(row['precision']):>12}{percent(row['recall']):>12}{percent(row['f1-score']):>12}{row['support']:>8.0f}"
        for name, row in rows.items()
    ]
    return [f"{summary['cases']} cases of {summary['subjects']} subjects, out of fold:", *table, f"Model written to {out}"]
