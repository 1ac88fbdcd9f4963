"""Analyse one case: a case folder, its case.toml, or the files themselves."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from mmcore.commands import tasks
from mmcore.commands.arguments import add_json, add_model, check_without, check_writable, given_path, level
from mmcore.commands.output import report, told_while_loading, warn, writing
from mmcore.errors import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, the case and what to do with its answer."""
    add_model(parser)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", type=given_path, help="case folder, its case.toml, or the files themselves")
    add_json(parser)
    parser.add_argument("--without", metavar="MODALITY", action="append", default=[], help="leave this input out; may be repeated")
    parser.add_argument("--level", type=level, default=0.9, help="level of the prediction set (default 0.9)")
    parser.add_argument("--target", metavar="LABEL", help="explain this class instead of the most probable one")
    parser.add_argument("--html", metavar="FILE", type=given_path, help="also write a page with the result to FILE")


def run(args: argparse.Namespace) -> int:
    """Answers and explains one case; 0. InputError where it cannot be read, ModelError where there is no such model."""
    check_writable(args.json, args.html, inputs=args.inputs)
    return tasks.run("analyze", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    from mmcore import library
    from mmcore.commands.summary import lines
    from mmcore.model_spec import read_spec
    from mmcore.readers.case_folder import read_case

    spec = read_spec(library.find(args.model))
    check_without(args.without, spec.modalities)
    if args.target:
        spec.label(args.target)
    started = time.perf_counter()
    case = read_case(args.inputs, spec)
    read_ms = round(1000 * (time.perf_counter() - started), 2)
    left = [name for name in case.present if name not in args.without]
    if not left:
        raise InputError("no input is left to analyse", f"This case has: {', '.join(case.present) or 'none'}")
    from mmcore.pipeline import load

    with told_while_loading(args.model):
        pipeline = load(args.model)
        pipeline.warm(left)
    for modality, item in case.inputs.items():
        for warning in item.warnings:
            warn(f"Note: {modality}: {warning}")
    for name, why in case.unused.items():
        warn(f"Not used: {name}: {why}")
    result = pipeline.analyze(case, level=args.level, target=args.target, without=tuple(args.without))
    result = replace(result, timings_ms={"read": read_ms, **result.timings_ms})
    if args.html:
        from mmcore.report.html import render

        with writing(args.html):
            args.html.write_text(render(result, spec, case.without(*args.without)), encoding="utf-8")
    report(result.to_json(), args.json, lines(result, spec, case.title, case.real))
    return 0
