"""Analyse one case: a case folder, its case.toml, or the files themselves."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from mmcore.commands import tasks
from mmcore.commands.arguments import add_json, add_model, check_without, check_writable, level
from mmcore.commands.output import report, warn
from mmcore.errors import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, the case and what to do with its answer."""
    add_model(parser)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", type=Path, help="case folder, its case.toml, or the files themselves")
    add_json(parser)
    parser.add_argument("--without", metavar="MODALITY", action="append", default=[], help="leave this input out; may be repeated")
    parser.add_argument("--level", type=level, default=0.9, help="level of the prediction set (default 0.9)")
    parser.add_argument("--target", metavar="LABEL", help="explain this class instead of the most probable one")
    parser.add_argument("--html", metavar="FILE", type=Path, help="also write a page with the result to FILE")


def run(args: argparse.Namespace) -> int:
    """Answers and explains one case; 0. InputError where it cannot be read, ModelError where there is no such model."""
    return tasks.run("analyze", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    check_writable(args.json, args.html)
    from mmcore.commands.summary import lines
    from mmcore.pipeline import load
    from mmcore.readers.case_folder import read_case

    pipeline = load(args.model)
    started = time.perf_counter()
    case = read_case(args.inputs, pipeline.spec)
    read_ms = round(1000 * (time.perf_counter() - started), 2)
    for modality, item in case.inputs.items():
        for warning in item.warnings:
            warn(f"Note: {modality}: {warning}")
    for name, why in case.unused.items():
        warn(f"Not used: {name}: {why}")
    check_without(args.without, pipeline.spec.modalities)
    if not set(case.present) - set(args.without):
        raise InputError("no input is left to analyse", f"This case has: {', '.join(case.present) or 'none'}")
    result = pipeline.analyze(case, level=args.level, target=args.target, without=tuple(args.without))
    result = replace(result, timings_ms={"read": read_ms, **result.timings_ms})
    if args.html:
        from mmcore.report.html import render

        args.html.write_text(render(result, pipeline.spec, case.without(*args.without)), encoding="utf-8")
    report(result.to_json(), args.json, lines(result, pipeline.spec, case.title, case.real))
    return 0
