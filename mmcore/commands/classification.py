"""Classification: what each command does with a model that names one of several labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmcore.commands.analyze import classify as analyze
from mmcore.commands.batch import classify as batch
from mmcore.commands.bench import timer
from mmcore.commands.card import write_classification as write_card
from mmcore.commands.compare import classify as compare
from mmcore.commands.evaluate import classify as evaluate
from mmcore.commands.train import classify as train

if TYPE_CHECKING:
    from mmcore.pipeline import Pipeline

__all__ = ["analyze", "batch", "compare", "evaluate", "load", "timer", "train", "write_card"]


def load(name_or_folder: str) -> Pipeline:
    """The model, with everything built that its first answer needs: for who keeps it and answers many cases."""
    from mmcore import pipeline  # torch takes a second to import, and a case that cannot be read is told before

    model = pipeline.load(name_or_folder)
    model.warm()
    return model
