"""Which code serves a model: its model.toml names a ``task``, and each task is one module.

Such a module has ``load(name_or_folder)``, which gives a model with at least ``spec``, ``version``, ``figures``, ``card`` and
``folder``; for each command that the task knows a function of its name, ``analyze(args) -> exit status`` and so on;
``write_card(folder) -> path``; and for bench ``timer(name, sample) -> (number) -> Run``, and ``find_sample(name)`` where a sample is no
case folder. A new task is one entry here and its package in ``mmcore/domains``.
"""

from __future__ import annotations

import argparse
import importlib
from types import ModuleType
from typing import Any

from mmcore.errors import ConfigError, did_you_mean

TASKS: dict[str, str] = {
    "classification": "mmcore.commands.classification",
    "events": "mmcore.commands.events",
    "ranking": "mmcore.commands.ranking",
    "slots": "mmcore.commands.slots",
}


def serving(task: str) -> ModuleType:
    """The module of a task; ConfigError names the nearest where there is none."""
    if task not in TASKS:
        raise ConfigError(f"model.toml: task {task!r} is not known", did_you_mean(task, TASKS, f"Use one of: {', '.join(TASKS)}"))
    return importlib.import_module(TASKS[task])


def of_model(name_or_folder: str) -> ModuleType:
    """The module that serves this model."""
    from mmcore import library
    from mmcore.model_spec import read_spec

    return serving(read_spec(library.find(name_or_folder)).task)


def load(name_or_folder: str) -> Any:
    """The model by name or folder, whatever its task; loaded once per process."""
    return of_model(name_or_folder).load(name_or_folder)


def run(command: str, args: argparse.Namespace) -> int:
    """A command on ``args.model``, by the code of the model's task."""
    module = of_model(args.model)
    if not hasattr(module, command):
        known = ", ".join(name for name in ("analyze", "batch", "evaluate", "compare", "train") if hasattr(module, name))
        raise ConfigError(f"{command} does not know models like {args.model!r}", f"Such a model answers to: {known}, card")
    return getattr(module, command)(args)
