"""List every model: those that come with the program and those that train wrote."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mmcore.commands.arguments import add_json, check_writable
from mmcore.commands.output import say, write_json
from mmcore.errors import TriptychError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write the list."""
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Lists every model; 0, a damaged one among them with what is wrong with it."""
    from mmcore.library import model_folders

    check_writable(args.json)
    entries = [entry(name, folder) for name, folder in model_folders().items()]
    if args.json:
        write_json({"models": entries}, args.json)
        return 0
    if not entries:
        say("There is no model. Train one, or name a folder of models in TRIPTYCH_MODELS.")
    for item in entries:
        for line in lines(item):
            say(line)
        say()
    return 0


def entry(name: str, folder: Path) -> dict[str, Any]:
    """One model as JSON. A damaged folder is an entry with ``error``, so that it hides no other model."""
    from mmcore.model_folder import FIGURES, read_json
    from mmcore.model_spec import read_spec
    from mmcore.report.main_figures import main_figures, told

    try:
        spec = read_spec(folder)
        figures = read_json(folder, FIGURES)
    except TriptychError as error:
        return {"name": name, "error": str(error)}
    return {
        "name": name,
        "title": spec.title,
        "domain": spec.domain,
        "inputs": list(spec.modalities),
        "task": spec.task,
        "labels": {label.id: label.name for label in spec.labels},
        "licence": spec.licence,
        "grade": spec.grade,
        "notice": spec.notice,
        "figures": main_figures(figures),
        "headline": told(figures),
    }


def lines(item: dict[str, Any]) -> list[str]:
    """The same for people."""
    if "error" in item:
        return [item["name"], f"  damaged: {item['error']}"]
    labels = f"; labels: {', '.join(item['labels'])}" if item["labels"] else ""
    return [
        f"{item['name']}: {item['title']}",
        f"  {item['domain']}, {item['task']}; inputs: {', '.join(item['inputs'])}{labels}",
        f"  evidence: {item['grade']}; {item['notice']}",
        f"  licence: {item['licence']}",
        *([f"  {item['headline']}"] if item["headline"] else []),
        *(f"  {name}: {_figure(value)}" for name, value in item["figures"].items() if isinstance(value, int | float | str)),
    ]


def _figure(value: float | str) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
