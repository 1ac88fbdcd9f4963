"""TOML into frozen dataclasses. An unknown key is an error that names the nearest valid one."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from mmcore.errors import ConfigError, did_you_mean

T = TypeVar("T")
WORDS = {str: "a text in quotes", int: "a whole number", float: "a number", bool: "true or false", tuple: "a list in square brackets"}


def read_toml(path: Path) -> dict[str, Any]:
    """The table in ``path``; ConfigError names the file and the line where it does not parse."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be read", str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name} is not text in UTF-8", "Save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}", "Check its quotes and brackets") from error


def parse(kind: type[T], table: Mapping[str, Any], where: str) -> T:
    """``table`` as the dataclass ``kind``, nested dataclasses and tuples of them included.

    Args:
        where: the place in the file, for messages, such as "model.toml [fusion]".
    """
    if not isinstance(table, Mapping):
        raise ConfigError(f"{where} must be a table, not {table!r}")
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in fields:
            hint = did_you_mean(key, fields, f"Valid keys: {', '.join(fields)}", cutoff=0.5)
            raise ConfigError(f"{where}: unknown key {key!r}", hint)
    hints = get_type_hints(kind)
    values = {key: _value(hints[key], value, f"{where}.{key}") for key, value in table.items()}
    required = [n for n, f in fields.items() if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    missing = [name for name in required if name not in values]
    if missing:
        raise ConfigError(f"{where}: {missing[0]!r} is missing")
    return kind(**values)


def _value(hint: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return parse(hint, value, where)  # type: ignore[arg-type]
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple and isinstance(value, list):
        inner = args[0] if len(args) == 2 and args[1] is Ellipsis else Any
        return tuple(_value(inner, item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin in (dict, Mapping) or (origin is not None and issubclass(origin if isinstance(origin, type) else object, Mapping)):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where} must be a table, not {value!r}")
        return {key: _value(args[1], item, f"{where}.{key}") for key, item in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is not Any and isinstance(hint, type) and (not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool)):
        raise ConfigError(f"{where} must be {WORDS.get(hint, hint.__name__)}, not {value!r}")
    if origin is tuple:
        raise ConfigError(f"{where} must be {WORDS[tuple]}, not {value!r}")
    return value
