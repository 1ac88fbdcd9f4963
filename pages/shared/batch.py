"""Many cases at once: a table and its photos in, a row of answers each, to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.batch import BatchRow
from mmcore.readers.limits import LIMITS, megabytes
from mmcore.readers.table_cases import expected_columns
from mmcore.report import reading
from mmcore.wording import capital, percent
from pages.shared import batch_run, models, samples, terms
from pages.shared.jobs import Job

if TYPE_CHECKING:
    from mmcore.pipeline import Pipeline

POLL_S = 0.5


@dataclass(frozen=True)
class Batch:
    """Many cases on their way through one model.

    Attributes:
        numbers: of the cases in the user's table, from 1; of samples in their order.
        done: the answers so far, in the same order.
    """

    job: Job
    numbers: Sequence[int]
    done: list[dict[str, Any]]


def show(domain: str, pipeline: Pipeline) -> None:
    """The two drop zones, progress while it runs, and the table with its downloads."""
    spec = pipeline.spec
    key = f"{domain}.batch.{pipeline.version[:12]}"  # rows are read with the labels, grade and licence of the model that answered them
    st.title("Many cases at once", anchor=False)
    _limits(spec)
    number = st.session_state.setdefault(f"{key}.number", 0)
    left, right = st.columns(2, gap="medium")
    table = left.file_uploader("Table: CSV, JSON or JSON Lines, one case a row", key=f"{key}.table.{number}")
    folder = bool(st.session_state.get(f"{key}.folder", False))
    photos = right.file_uploader(
        "Photos, or a zip of them", accept_multiple_files="directory" if folder else True, key=f"{key}.photos.{number}.{folder}"
    )
    right.toggle("Give a whole folder of photos", key=f"{key}.folder", persist_state="session")
    with st.container(horizontal=True):
        start = st.button("Analyse all", icon=":material/play_arrow:", disabled=table is None)
        if st.button("Try it with the samples", icon=":material/gallery_thumbnail:"):
            rows = _samples(domain, spec)
            _start(key, pipeline, rows, range(1, len(rows) + 1))
    if start and table is not None:
        try:
            rows = batch_run.rows_of(table.getvalue(), [(file.name, file.getvalue()) for file in photos], spec)
            numbers = batch_run.row_numbers(table.getvalue())
        except InputError as error:
            models.problem(error)
            return
        st.session_state[f"{key}.number"] = number + 1  # the files' bytes go; the worker holds what it still needs
        _start(key, pipeline, rows, numbers)
        st.rerun()
    if key in st.session_state:
        _running(key, spec)


def _limits(spec: ModelSpec) -> None:
    limits = LIMITS
    st.caption(
        f"Columns: {', '.join(expected_columns(spec))}; any may be missing or empty. "
        "The picture's column names a photo by path or file name. "
        f"At most {limits.table_rows:,} rows, {megabytes(limits.picture_bytes)} a photo, {megabytes(limits.zip_bytes)} a zip file and "
        f"{megabytes(limits.zip_total_bytes)} together. Everything stays in memory on this machine."
    )


def _samples(domain: str, spec: ModelSpec) -> list[BatchRow]:
    return [BatchRow(sample.title, partial(lambda case: case, sample.case)) for sample in samples.of(domain, spec).values()]


def _start(key: str, pipeline: Pipeline, rows: list[BatchRow], numbers: Sequence[int]) -> None:
    old: Batch | None = st.session_state.get(key)
    if old is not None:
        old.job.cancel()
    done: list[dict[str, Any]] = []
    st.session_state[key] = Batch(Job(batch_run.work(pipeline, rows, done)), numbers, done)


def _running(key: str, spec: ModelSpec) -> None:
    """Drawn anew by itself while the worker runs, and once after it ends."""
    batch: Batch = st.session_state[key]
    st.fragment(_progress, run_every=None if batch.job.done else POLL_S)(key, spec)


def _progress(key: str, spec: ModelSpec) -> None:
    batch: Batch = st.session_state[key]
    job, done = batch.job, list(batch.done)
    if not job.done:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(job.fraction, text=job.stage)
            st.button("Cancel", key=f"{key}.cancel", on_click=job.cancel, icon=":material/close:")
    elif st.session_state.get(f"{key}.seen") != id(job):
        st.session_state[f"{key}.seen"] = id(job)
        st.rerun()  # once more as a whole, which ends the polling
    if job.done:
        _outcome(job, done, len(batch.numbers))
    if done:
        _table(done, spec)
        _downloads(key, done, batch.numbers, spec)


def _outcome(job: Job, done: list[dict[str, Any]], total: int) -> None:
    refused = sum(bool(row.get("error")) for row in done)
    if job.problem is not None:
        models.problem(job.problem)
    elif job.cancelled:
        st.info(f"Cancelled: {len(done)} of {total} cases are below.", icon=":material/cancel:")
    else:
        text = f"{len(done) - refused} of {total} cases answered"
        if refused:
            st.warning(f"{text}, {refused} refused: the remarks in the table say why.", icon=":material/warning:")
        else:
            st.success(f"{text}.", icon=":material/check_circle:")


def _table(done: list[dict[str, Any]], spec: ModelSpec) -> None:
    rows = []
    for row in done:
        label = str(row.get("prediction") or "")
        rows.append(
            {
                "Case": row["case"],
                "Verdict": batch_run.verdict(row),
                "Remarks": row.get("error") or " ".join([*(row.get("reasons") or ()), *(row.get("warnings") or ())]),
                "Most probable": reading.name(spec, label) if label else "",
                "Probability": row.get(f"p_{label}"),
                "Not ruled out": ", ".join(reading.name(spec, member) for member in row.get("set") or ()),
                "Not sure": bool(row.get("abstain")),
                **{group.capitalize(): row.get(f"p_{group}") for group in spec.groups},
                "Inputs": capital(reading.inputs(spec, row.get("subset") or "")),
            }
        )
    shares = ["Probability", *(group.capitalize() for group in spec.groups)]
    table = pd.DataFrame(rows).astype(dict.fromkeys(shares, float))
    st.dataframe(
        table.style.format(percent, subset=shares, na_rep=""),  # written as for a single case, sorted by number
        hide_index=True,
        column_config={
            "Not ruled out": st.column_config.TextColumn(help=terms.PREDICTION_SET),
            "Not sure": st.column_config.CheckboxColumn(help=terms.ABSTAIN),
        },
        alt=f"{len(rows)} cases with verdict, most probable class and prediction set",
    )


def _downloads(key: str, done: list[dict[str, Any]], numbers: Sequence[int], spec: ModelSpec) -> None:
    clean = st.toggle("Without names", value=True, key=f"{key}.clean", help=terms.NAMELESS)
    given = batch_run.nameless(done, numbers) if clean else done
    with st.container(horizontal=True):
        st.download_button(
            "Table (CSV)",
            lambda: batch_run.table(given, spec),
            f"{spec.name}.csv",
            "text/csv",
            key=f"{key}.csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            "JSON Lines",
            lambda: batch_run.json_lines(given, spec),
            f"{spec.name}.jsonl",
            "application/jsonl",
            key=f"{key}.jsonl",
            icon=":material/data_object:",
            on_click="ignore",
        )
    st.caption(
        f":material/gavel: **{spec.notice}** Evidence grade: {spec.grade}. {spec.licence}", help=terms.GRADE.format(help=spec.grade_help)
    )
