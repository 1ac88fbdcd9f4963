"""Predict many cases into a table. Started again, it goes on where it was stopped; what failed or has changed is tried anew."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcore.commands import tasks
from mmcore.commands.arguments import add_model, check_writable
from mmcore.commands.output import progress_bar, warn
from mmcore.commands.row_file import Row, appending, check_ending, read_rows, rewrite
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
    parser.add_argument("source", metavar="FOLDER|CSV", type=Path, help="folder of cases or pictures, or a table with one case a row")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="FILE.jsonl or FILE.csv")


def run(args: argparse.Namespace) -> int:
    """Answers every case that the table does not hold yet; 0, with bad cases as rows. InputError where no case at all can be read."""
    return tasks.run("batch", args)


def classify(args: argparse.Namespace) -> int:
    """The command for a model whose task is classification."""
    check_ending(args.out)
    check_writable(args.out)
    from mmcore.pipeline import load
    from mmcore.readers.batch import read_batch

    pipeline = load(args.model)
    rows = read_batch(args.source, pipeline.spec)
    columns = table_columns(pipeline.spec)
    done = _continue(args.out, columns, pipeline.version, rows)
    left = [row for row in rows if row.id not in done]
    bar = progress_bar("batch", len(left))
    failed: list[str] = []
    with appending(args.out, columns) as write:
        for row in predict(pipeline, left, GPU_BATCH if pipeline.device.type == "cuda" else 1):
            write(row)
            failed += [row["error"]] if row.get("error") else []
            bar.update()
    bar.close()
    return _finish(args.out, len(rows) - len(left), len(left), failed)


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


def _continue(out: Path, columns: Sequence[str], version: str, rows: Sequence[BatchRow]) -> set[str]:
    """Ids of the cases that this version of the model has answered already.

    Rows that failed, that a kill tore, or whose case has other contents by now are taken out of the file.
    """
    before = read_rows(out, columns)
    answered = {row["case"]: row.get("sha256") for row in before if row.get("version") == version and not row.get("error")}
    same = {row.id for row in rows if row.id in answered and _digest(_load(row)) == answered[row.id]}
    gone = set(answered) - {row.id for row in rows}
    rewrite(out, [row for row in before if row.get("version") != version or row["case"] in same | gone], columns)
    return same


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
