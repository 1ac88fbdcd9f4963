"""Cross-validated table on subjects never trained on: every fusion, every modality alone and plain baselines."""

from __future__ import annotations

import argparse
import shlex
from contextlib import closing

from mmcore.commands import tasks
from mmcore.commands.arguments import add_albums, add_cache, add_data, add_json, add_model, add_noise, check_folder, check_writable, whole
from mmcore.commands.output import StageBars, report_document
from mmcore.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, its data and how it is split and repeated."""
    add_model(parser)
    add_data(parser)
    parser.add_argument("--folds", type=whole(2), default=5, help="parts of the cross-validation, split by subject (default 5)")
    parser.add_argument("--seeds", type=whole(1), default=3, help="how many times it is repeated with another seed (default 3)")
    parser.add_argument(
        "--protocol", metavar="NAME", help="for a ranking: what is measured, one of time (default), random, cold, photos, words, scale"
    )
    add_noise(parser)
    add_albums(parser)
    add_cache(parser)
    parser.add_argument(
        "--fusions", metavar="NAME", nargs="+", help="only these fusions (default: all); the shipped one is always among them"
    )
    parser.add_argument("--limit", metavar="N", type=whole(1), help="measure the explanation on at most N cases a fold (default 24)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Writes the comparison table as a JSON document; 0. InputError for data that cannot be read, ConfigError for an unknown fusion."""
    return tasks.run("compare", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    check_folder(args.data)
    check_writable(args.json)
    if args.protocol:
        raise ConfigError(f"--protocol {args.protocol!r}: a classification model is always compared by subject", "Leave --protocol out")
    from mmcore import device as devices
    from mmcore.evaluation.compare import CASES_PER_FOLD, compare
    from mmcore.library import find

    folder = find(args.model)
    with closing(StageBars()) as step:
        document = compare(
            folder,
            args.data,
            folds=args.folds,
            seeds=args.seeds,
            device=devices.pick(),
            command=command_line(args),
            step=step,
            fusions=args.fusions,
            explained=args.limit or CASES_PER_FOLD,
        )
    report_document(document, args.json)
    return 0


def command_line(args: argparse.Namespace) -> str:
    """What to type to make this table again."""
    words = [
        "python",
        "-m",
        "mmcore",
        "compare",
        args.model,
        "--data",
        str(args.data),
        "--folds",
        str(args.folds),
        "--seeds",
        str(args.seeds),
    ]
    words += ["--limit", str(args.limit)] if getattr(args, "limit", None) else []
    words += ["--fusions", *args.fusions] if getattr(args, "fusions", None) else []
    return shlex.join(words + (["--json", args.json] if args.json else []))
