"""Classification: what each command does with a model that names one of several labels."""

from __future__ import annotations

from mmcore.commands.analyze import classify as analyze
from mmcore.commands.batch import classify as batch
from mmcore.commands.bench import timer
from mmcore.commands.card import write_classification as write_card
from mmcore.commands.compare import classify as compare
from mmcore.commands.evaluate import classify as evaluate
from mmcore.commands.train import classify as train
from mmcore.pipeline import load

__all__ = ["analyze", "batch", "compare", "evaluate", "load", "timer", "train", "write_card"]
