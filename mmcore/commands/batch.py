"""Predict many cases into a table. Started again, it goes on where it was stopped; what failed or has changed is tried anew."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcore.commands import tasks
from mmcore.commands.arguments import add_model, given_path
from mmcore.commands.output import progress_bar, told_while_loading, warn
from mmcore.commands.row_file import Row, appending, check_table, read_rows, rewrite
from mmcore.errors import InputError

if TYPE_CHECKING:
    from mmcore.analysis import Prediction
    from mmcore.case import Case
    from mmcore.model_spec import ModelSpec
    from mmcore.pipeline import Pipeline
    from mmcore.readers.batch import BatchRow

GPU_BATCH = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model, the cases and the table to write."""
    add_model(parser)
    parser.add_argument("source", metavar="FOLDER|CSV", type=given_path, help="folder of cases or pictures, or a table with one case a row")
    parser.add_argument("--out", metavar="FILE", type=given_path, required=True, help="FILE.jsonl or FILE.csv")


def run(args: argparse.Namespace) -> int:
    """Answers every case that the table does not hold yet; 0, with bad cases as rows. InputError where no case at all can be read."""
    check_table(args.out, args.source)
    return tasks.run("batch", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    from mmcore import library
    from mmcore.model_spec import read_spec
    from mmcore.readers.batch import read_batch

    spec = read_spec(library.find(args.model))
    rows = {row.id: row for row in read_batch(args.source, spec, besides=args.out)}
    from mmcore.pipeline import load

    with told_while_loading(args.model):
        pipeline = load(args.model)
    size = GPU_BATCH if pipeline.device.type == "cuda" else 1
    digests = {name: partial(_digest_of, row) for name, row in rows.items()}
    return fill(
        args.out, table_columns(spec), pipeline.version, digests, lambda left: predict(pipeline, [rows[name] for name in left], size)
    )


def fill(
    out: Path,
    columns: Sequence[str],
    version: str,
    digests: Mapping[str, Callable[[], str]],
    answer: Callable[[Sequence[str]], Iterator[Row]],
) -> int:
    """Writes the rows that the table ``out`` lacks; 0. InputError where there is nothing but cases that cannot be read.

    Args:
        digests: name of each case -> its fingerprint as it is now, "" where it cannot be read.
        answer: the rows of the cases of these names, each with ``case``, ``sha256`` and ``version``, and ``error`` where it failed.
    """
    done = _continue(out, columns, version, digests)
    left = [name for name in digests if name not in done]
    bar = progress_bar("batch", len(left))
    failed: list[str] = []
    with appending(out, columns) as write:
        for row in answer(left):
            write(row)
            failed += [row["error"]] if row.get("error") else []
            bar.update()
    bar.close()
    return _finish(out, len(done), len(left), failed)


def predict(pipeline: Pipeline, rows: Sequence[BatchRow], size: int) -> Iterator[Row]:
    """The table's row of each case, ``size`` cases at a time; a case that cannot be read is a row with ``error``."""
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        read = [_load(row) for row in chunk]
        answers = iter(pipeline.predict([case for case in read if not isinstance(case, str)]))
        for row, case in zip(chunk, read, strict=True):
            told = {"case": row.id, "sha256": _digest(case), "model": pipeline.spec.name, "version": pipeline.version}
            yield {**told, "error": case} if isinstance(case, str) else told | _answer(pipeline.spec, case, next(answers))


def table_columns(spec: ModelSpec) -> list[str]:
    """Columns of the CSV; JSON Lines have the same keys."""
    told = ["case", "sha256", "model", "version", "error", "prediction"]
    shares = [f"p_{name}" for name in (*spec.label_ids, *spec.groups)]
    return [*told, *shares, "subset", "set", "abstain", "reasons", "warnings", "grade", "notice", "licence"]


def _load(row: BatchRow) -> Case | str:
    """The row's case, or why it has none."""
    try:
        return row.load()
    except InputError as error:
        return str(error)


def _answer(spec: ModelSpec, case: Case, subsets: dict[str, Prediction]) -> dict[str, Any]:
    """What the model says from everything the case has."""
    subset = "+".join(case.present)
    prediction = subsets[subset]
    probabilities = {label: float(p) for label, p in zip(spec.label_ids, prediction.probabilities, strict=True)}
    groups = {name: sum(probabilities[label] for label in labels) for name, labels in spec.groups.items()}
    return {
        "prediction": max(probabilities, key=probabilities.__getitem__),
        **{f"p_{name}": round(p, 6) for name, p in (probabilities | groups).items()},
        "subset": subset,
        "set": list(prediction.set),
        "abstain": bool(prediction.abstain),
        "reasons": list(prediction.reasons),
        "warnings": [f"{modality}: {warning}" for modality, item in case.inputs.items() for warning in item.warnings],
        "grade": spec.grade,
        "notice": spec.notice,
        "licence": spec.licence,
    }


def _continue(out: Path, columns: Sequence[str], version: str, digests: Mapping[str, Callable[[], str]]) -> set[str]:
    """Ids of the cases that this version of the model has answered already.

    Rows that failed, that a kill tore, or whose case has other contents by now are taken out of the file.
    """
    before = read_rows(out, columns)
    answered = {row["case"]: row.get("sha256") for row in before if row.get("version") == version and not row.get("error")}
    same = {name for name, digest in digests.items() if name in answered and digest() == answered[name]}
    gone = set(answered) - set(digests)
    rewrite(out, [row for row in before if row.get("version") != version or row["case"] in same | gone], columns)
    return same


def _digest_of(row: BatchRow) -> str:
    return _digest(_load(row))


def _digest(case: Case | str) -> str:
    """The fingerprint of a case, "" where it could not be read."""
    return "" if isinstance(case, str) else case.digest


def _finish(out: Path, before: int, tried: int, failed: Sequence[str]) -> int:
    if tried and len(failed) == tried and not before:
        said = f"none of {tried} cases can be read; the first" if tried > 1 else "the case cannot be read"
        raise InputError(f"{said}: {failed[0]}")
    kept = f", {before} were there already" if before else ""
    errors = f", {len(failed)} cannot be read (see the column error)" if failed else ""
    count = tried - len(failed)
    warn(f"{count} {'case' if count == 1 else 'cases'} predicted{kept}{errors}: {out}")
    return 0
