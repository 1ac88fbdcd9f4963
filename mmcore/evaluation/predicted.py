"""Predictions of a whole data set: every case, every non-empty subset of its modalities."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from mmcore.case import Case
from mmcore.errors import InputError

if TYPE_CHECKING:
    from mmcore.analysis import Prediction
    from mmcore.pipeline import Pipeline
    from mmcore.readers.dataset import DatasetRow

BATCH = 16

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, steps done and steps in all."""


@dataclass(frozen=True)
class Predicted:
    """What became of one row.

    Attributes:
        digest: of the inputs; empty where the row could not be read.
        subsets: subset name -> prediction, for every non-empty subset of the modalities present.
        seen: True where the case was in training, None where that cannot be told.
        error: why the row could not be read, else empty.
    """

    row: DatasetRow
    digest: str
    subsets: Mapping[str, Prediction]
    seen: bool | None = None
    error: str = ""


def predict_rows(
    pipeline: Pipeline, rows: Sequence[DatasetRow], seen: Callable[[Case], bool] | None, progress: Progress
) -> Iterator[Predicted]:
    """Each row with its predictions, in the order of the rows. A few cases are in memory at a time, whatever the size of the set."""
    for start in range(0, len(rows), BATCH):
        chunk = rows[start : start + BATCH]
        read = [_load(row) for row in chunk]
        answers = iter(pipeline.predict([case for case in read if isinstance(case, Case)]))
        for row, case in zip(chunk, read, strict=True):
            if isinstance(case, Case):
                yield Predicted(row, case.digest, next(answers), seen(case) if seen else None)
            else:
                yield Predicted(row, "", {}, error=case)
        progress("predict", start + len(chunk), len(rows))


def write_predictions(predicted: Predicted, label_ids: Sequence[str], file: IO[str]) -> None:
    """The contract's JSON lines of one case, one for each subset."""
    for subset, prediction in predicted.subsets.items():
        line = {
            "case": predicted.row.id,
            "subset": subset,
            "probabilities": dict(zip(label_ids, (float(p) for p in prediction.probabilities), strict=True)),
            "set": list(prediction.set),
            "abstain": bool(prediction.abstain),
        }
        file.write(json.dumps(line, allow_nan=False, ensure_ascii=False) + "\n")


def _load(row: DatasetRow) -> Case | str:
    """The row's case, or why it has none."""
    try:
        return row.load()
    except InputError as error:
        return str(error)
