"""How options are read: a parser whose mistakes are one line, and the types of its values."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from mmcore.errors import ConfigError, InputError

STANDARD_OUTPUT = "-"


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises ConfigError where argparse would print its usage and exit."""

    def error(self, message: str) -> NoReturn:
        """ConfigError with argparse's message and where the help is."""
        raise ConfigError(message[:1].upper() + message[1:], f"See {self.prog} --help")


def add_model(parser: argparse.ArgumentParser) -> None:
    """MODEL, required, as ``args.model``."""
    parser.add_argument("model", metavar="MODEL", help="name of a model, or a folder that train wrote")


def add_data(parser: argparse.ArgumentParser) -> None:
    """--data, required, as a Path; whether it is there is checked by `check_folder`."""
    parser.add_argument("--data", metavar="DIR", type=given_path, required=True, help="folder with a data set in the model's format")


def add_json(parser: argparse.ArgumentParser) -> None:
    """--json, as a text because "-" is no path."""
    parser.add_argument("--json", metavar="FILE", type=json_target, help="write one JSON document to FILE; - is standard output")


def add_noise(parser: argparse.ArgumentParser) -> None:
    """--noise, None where it is not given."""
    parser.add_argument(
        "--noise", metavar="DIR", type=given_path, help="for models that hear: folder of sounds to use as environmental noise"
    )


def add_albums(parser: argparse.ArgumentParser) -> None:
    """--albums, None where it is not given."""
    parser.add_argument("--albums", metavar="DIR", type=given_path, help="for films: further sounds to learn from, KIND/ALBUM/FILE")


def given(args: argparse.Namespace, *options: str) -> list[str]:
    """Those of the options that were given, as words of a command."""
    return [word for name in options if getattr(args, name) for word in (f"--{name}", str(getattr(args, name)))]


def add_cache(parser: argparse.ArgumentParser) -> None:
    """--cache, None where it is not given."""
    hint = "for models that hear: keep encoded clips and tried folds here, to go on after a stop"
    parser.add_argument("--cache", metavar="DIR", type=given_path, help=hint)


def add_seed(parser: argparse.ArgumentParser) -> None:
    """--seed, a whole number, 0 where it is not given."""
    parser.add_argument("--seed", type=whole(0), default=0, help="seed of everything drawn at random (default 0)")


def json_target(text: str) -> str:
    """A type for argparse: a file to write to, or "-"."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a file, or - for standard output")
    return text


def given_path(text: str) -> Path:
    """A type for argparse: a file or folder. An empty text would be the current folder, and "-" a file of that name."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a file or a folder")
    if text == STANDARD_OUTPUT:
        raise argparse.ArgumentTypeError("- is no file here: only --json writes to standard output")
    return Path(text)


def weights_path(text: str) -> Path:
    """A type for argparse: a file for weights, by its ending."""
    file = given_path(text)
    if file.suffix != ".safetensors":
        raise argparse.ArgumentTypeError(f"{text} does not end in .safetensors, the format that is written")
    return file


def whole(lowest: int) -> Callable[[str], int]:
    """A type for argparse: a whole number of at least ``lowest``."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if number < lowest:
            raise argparse.ArgumentTypeError(f"{text} is below {lowest}")
        return number

    return parse


def level(text: str) -> float:
    """A type for argparse: a share strictly between 0 and 1."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1, such as 0.9")
    return number


def check_writable(*targets: str | Path | None, inputs: Sequence[Path] = ()) -> None:
    """InputError if a file to write to cannot be written, is one of the inputs, or is named twice, before any work is done for it.

    A pipe or a device is not tried, and may be named for two outputs.
    """
    places: set[Path] = set()
    for file in (Path(name) for name in targets if name is not None and str(name) != STANDARD_OUTPUT):
        if not file.parent.is_dir():
            raise InputError(f"{file} cannot be written: there is no folder {file.parent}", "Make the folder first or name another file")
        if file.is_dir():
            raise InputError(f"{file} is a folder", "Name a file to write to")
        if file.exists() and not file.is_file():
            continue
        place = Path(os.path.realpath(file))  # Path.resolve raises where links lead in a circle
        if place in places:
            raise InputError(f"{file} is named for two outputs", "Name a file of its own for each")
        places.add(place)
        if any(_same_file(place, path) for path in inputs):
            raise InputError(f"{file} is an input too, and would be overwritten", "Name another file to write to")
        try:
            _try_to_write(place)
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror or error}", "Name another file") from error


def _try_to_write(file: Path) -> None:
    """OSError where ``file`` cannot be opened to be written; it is left as it was."""
    there = file.exists()
    with file.open("ab"):
        pass
    if not there:
        file.unlink()


def _same_file(one: Path, other: Path) -> bool:
    """True where both names lead to one file; False where either is not there."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def check_new_folder(path: Path) -> None:
    """InputError unless ``path`` is a folder with nothing in it, or is not there yet."""
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file", "Name a folder")
    if path.is_dir() and any(path.iterdir()):
        raise InputError(f"{path} is not empty", "Name a new or an empty folder: nothing is overwritten or mixed with copies")


def check_without(without: Sequence[str], modalities: Sequence[str]) -> None:
    """ConfigError if a modality to leave out is no input of the model."""
    for name in without:
        if name not in modalities:
            raise ConfigError(f"--without {name!r} is no input of this model", f"Inputs: {', '.join(modalities)}")


def check_folder(path: Path) -> None:
    """InputError if ``path`` is no folder."""
    if not path.is_dir():
        problem = "no folder" if path.exists() else "not there"
        raise InputError(f"{path} is {problem}", "Give a folder with a data set in the model's format")
