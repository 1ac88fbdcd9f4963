"""The errors a user can meet. Each has a message (what and where) and a hint (how to mend it)."""

import difflib
from collections.abc import Iterable


class TriptychError(Exception):
    """Root of the tree.

    Args:
        message: what is wrong and where, in one line, without patient data.
        hint: how to mend it, naming the valid choices; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = " ".join(message.split())
        self.hint = " ".join(hint.split())
        super().__init__(str(self))

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class InputError(TriptychError):
    """A file, table or form that the user gave cannot be used."""


class ModelError(TriptychError):
    """A model folder is unknown, damaged or does not fit what is asked of it."""


class ConfigError(TriptychError):
    """A setting (model.toml, case.toml, a command's option) is not understood."""


def did_you_mean(name: str, known: Iterable[str], otherwise: str, cutoff: float = 0.6) -> str:
    """A hint that names the nearest of the names there are.

    Args:
        otherwise: the hint where none is near.
        cutoff: how alike the two must be, from 0 to 1.
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f"Did you mean {near[0]!r}?" if near else otherwise
