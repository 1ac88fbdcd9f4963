"""``python -m mmcore COMMAND``: parses, dispatches and turns errors into one line and an exit status."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from mmcore.commands import analyze, batch, bench, card, compare, deidentify, evaluate, films, models, pretrain, reviews, train
from mmcore.commands.arguments import Parser
from mmcore.commands.output import flush, note_folders_not_there, warn
from mmcore.errors import TriptychError

COMMANDS: tuple[tuple[str, ModuleType, str], ...] = (
    ("models", models, "list every model"),
    ("analyze", analyze, "analyse one case"),
    ("batch", batch, "predict many cases into a table; continues where it was stopped"),
    ("evaluate", evaluate, "a model's figures on a data set it was not trained on"),
    ("compare", compare, "cross-validated table of every fusion, every modality alone and plain baselines"),
    ("train", train, "train a model into a folder"),
    ("card", card, "write a model folder's card from what train and compare measured"),
    ("bench", bench, "how long an analysis takes on this machine"),
    ("deidentify", deidentify, "copies of DICOM objects, pictures and notes without what says whose they are"),
    ("films", films, "what is measured of whole films: moments by words, evidence, cost against length"),
    ("reviews", reviews, "sentiment and aspects of a clothing review; how good that is"),
    ("pretrain", pretrain, "fine-tune a picture encoder on another data set first"),
)
BAD_INPUT = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0, 2 for bad input (one line on standard error), 130 when interrupted."""
    _write_anything()
    try:
        args = _parser().parse_args(argv)
        status = args.run(args)
        flush()
        note_folders_not_there()
        return status
    except TriptychError as error:
        return _fail(str(error))
    except BrokenPipeError:
        return 0  # whoever read our output has gone, as `| head` does
    except OSError as error:
        return _fail(f"{error.filename or 'a file'} cannot be used: {error.strerror or error}")
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        _forget_what_is_left()


def _write_anything() -> None:
    """A character that the terminal or file cannot hold becomes "?" there; a stream that is closed swallows what is written."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _forget_what_is_left() -> None:
    """Where a stream takes no more, what is left goes nowhere: Python would complain of it again at exit, with a status of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser() -> Parser:
    parser = Parser(prog="python -m mmcore", description="Photos, records and more in, an explained answer out.", allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, module, summary in COMMANDS:
        command = commands.add_parser(name, help=summary, description=module.__doc__, allow_abbrev=False)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def _fail(message: str) -> int:
    warn(" ".join(message.split()))
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
