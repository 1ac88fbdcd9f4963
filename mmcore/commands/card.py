"""Write card.md of a model folder from what train and compare measured (training.json, figures.json) and its notes.md."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from mmcore.commands import tasks
from mmcore.commands.arguments import add_model
from mmcore.commands.output import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model."""
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Writes card.md into the model's folder; 0. ModelError where the folder is damaged."""
    from mmcore import library

    say(f"{tasks.of_model(args.model).write_card(library.find(args.model))} written")
    return 0


def write_classification(folder: Path) -> Path:
    """card.md of a classification model's folder, written anew; its path."""
    from mmcore import model_folder, pipeline
    from mmcore.report.card import card

    model = pipeline.load(str(folder))
    notes = folder / model_folder.NOTES
    text = card(
        model.spec,
        model_folder.read_json(folder, model_folder.TRAINING),
        model.figures,
        [asdict(encoder.card) for encoder in model.encoders.values()],
        model_folder.sealed(folder),
        notes.read_text(encoding="utf-8") if notes.is_file() else "",
    )
    return model_folder.write_card(folder, text)
