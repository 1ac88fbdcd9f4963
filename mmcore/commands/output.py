"""What a command writes: one JSON document, progress on standard error, and figures for people."""

from __future__ import annotations

import codecs
import contextlib
import json
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mmcore.commands.arguments import STANDARD_OUTPUT
from mmcore.errors import InputError

SLOW_REDRAW_S = 10.0
SLOW_LOADING_S = 1.0


def write_json(document: Any, target: str) -> None:
    """``document`` to the file ``target``, or to standard output where it is "-". NaN becomes null.

    Letters of every language stand as they are in UTF-8; a stream of another encoding, which may lack them, gets them escaped.
    """
    from mmcore.evaluation.jsonable import jsonable

    encoding = (sys.stdout.encoding if target == STANDARD_OUTPUT else None) or "utf-8"
    escape = codecs.lookup(encoding).name != "utf-8"
    text = json.dumps(jsonable(document), indent=2, ensure_ascii=escape, allow_nan=False) + "\n"
    if target == STANDARD_OUTPUT:
        _print(text)
        flush()
    else:
        with writing(target):
            Path(target).write_text(text, encoding="utf-8")


def report_document(document: Any, target: str | None) -> None:
    """The document to ``target``; where none is named, to standard output, for it is also what a person reads."""
    write_json(document, target or STANDARD_OUTPUT)


def report(document: Any, target: str | None, lines: Iterable[str]) -> None:
    """The document to ``target``; where none is named, its figures as ``lines`` for people on standard output."""
    if target:
        write_json(document, target)
    else:
        for line in lines:
            say(line)


def notes(document: Mapping[str, Any]) -> None:
    """What the reader of the document's figures must know, on standard error."""
    for note in document["notes"]:
        warn(f"Note: {note}")


def note_folders_not_there() -> None:
    """Where a folder that should hold models is not there, one line on standard error."""
    from mmcore.library import folders_not_there

    if lacking := folders_not_there():
        warn(f"Note: {lacking}")


def say(text: str = "") -> None:
    """One line for people on standard output."""
    _print(text + "\n")


def flush() -> None:
    """What was said is out; InputError where standard output cannot take it."""
    with writing("standard output"):
        sys.stdout.flush()


def _print(text: str) -> None:
    with writing("standard output"):
        sys.stdout.write(text)


@contextlib.contextmanager
def writing(target: str | Path) -> Iterator[None]:
    """Turns what the system says where ``target`` cannot be written, such as a full disk, into an InputError.

    A closed pipe stays one, and so does an error that names another file.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is not None and Path(str(error.filename)) != Path(target):
            raise
        raise InputError(f"{target} cannot be written: {error.strerror or error}", "Make room, or write to another place") from error


def warn(text: str) -> None:
    """One line for people on standard error. Where that takes nothing, the line is lost and the work goes on."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text + "\n")


@contextlib.contextmanager
def told_while_loading(model: str) -> Iterator[None]:
    """On a terminal, one line that the model is being loaded, where that takes more than a second."""
    timer = threading.Timer(SLOW_LOADING_S, warn, [f"Loading the model {model} …"])
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


class StageBars:
    """One bar at a time on standard error: called with (stage, done, total), a new stage ends the bar of the one before."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage or done < self._bar.n:
            self.close()
            self._stage, self._bar = stage, progress_bar(stage, total)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leave the last bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def progress_bar(stage: str, total: int) -> Any:
    """A tqdm bar on standard error; where that is a file, only long work draws one, and seldom, so that a log stays short."""
    from tqdm import tqdm

    if sys.stderr.isatty():
        return tqdm(total=total, desc=stage, file=sys.stderr)
    return tqdm(total=total, desc=stage, file=sys.stderr, mininterval=SLOW_REDRAW_S, delay=SLOW_REDRAW_S)


def percent(share: float | None) -> str:
    """0.613 as "61.3 %"; a dash where there is no figure."""
    return "–" if share is None else f"{100 * share:.1f} %"
