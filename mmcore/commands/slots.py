"""Spoken commands: what each command does with a model that names the words of several slots."""

from __future__ import annotations

import argparse
import shlex
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcore.commands import film_batch
from mmcore.commands.arguments import check_folder, check_without, check_writable
from mmcore.commands.output import StageBars, notes, report, report_document, say, told_while_loading, warn, write_json
from mmcore.commands.train import set_figures_aside
from mmcore.domains.video.slot_model import load
from mmcore.errors import ConfigError, InputError
from mmcore.wording import percent

if TYPE_CHECKING:
    from mmcore.domains.video.slot_model import SlotModel

__all__ = ["analyze", "batch", "compare", "evaluate", "load", "timer", "train", "write_card"]


def analyze(args: argparse.Namespace) -> int:
    """One clip: a film, a sound, or a case folder with one."""
    if args.html:
        raise ConfigError("--html is not made for spoken commands yet", "Use --json")
    from mmcore.domains.video.films import one_film
    from mmcore.domains.video.slot_data import read_utterance
    from mmcore.domains.video.slot_explain import analyze as explain
    from mmcore.domains.video.slot_explain import slot_name

    film = one_film(args.inputs)
    with told_while_loading(args.model):
        model = load(args.model)
    check_without(args.without, model.spec.modalities)
    started = time.perf_counter()
    heard = read_utterance(film.path, model.settings.longest_s)
    read_ms = round(1000 * (time.perf_counter() - started), 1)
    document = explain(model, heard, level=args.level, target=args.target, without=tuple(args.without))
    document = {**document, "generated": film.generated, "timings_ms": {"read": read_ms, **document["timings_ms"]}}
    if args.json:
        write_json(document, args.json)
        return 0
    for warning in heard.warnings:
        warn(f"Note: {warning}")
    confidence = document["confidence"]
    for reason in confidence["reasons"] if confidence["abstain"] else ():
        say(f"Not sure: {reason}")
    words = " ".join(row["word"] for row in document["slots"].values())
    say(f"Most probable: {words}" if confidence["abstain"] else words)
    for slot, row in document["slots"].items():
        say(f"  {slot_name(slot):<12} {row['word']:<7} {percent(row['probability']):>6}   could be: {', '.join(row['set'])}")
    for line in document["explanation"]["reasoning"]:
        say(line)
    say(model.spec.notice)
    return 0


def batch(args: argparse.Namespace) -> int:
    """Every clip of a folder or table: a row with the word of each slot, its probability, and the set of words that it could be."""
    return film_batch.run(args, load, lambda model: [*model.slots, *(f"p_{slot}" for slot in model.slots), "set"], _row)


def _row(model: SlotModel, clip: Path) -> dict[str, Any]:
    from mmcore.domains.video.slot_data import read_utterance
    from mmcore.domains.video.slot_explain import analyze as explain

    found = explain(model, read_utterance(clip, model.settings.longest_s), explain=False)
    words = {slot: row["word"] for slot, row in found["slots"].items()}
    sure = {f"p_{slot}": round(row["probability"], 6) for slot, row in found["slots"].items()}
    return {**words, **sure, "set": found["confidence"]["set"], **film_batch.common(found)}


def evaluate(args: argparse.Namespace) -> int:
    """Figures of labelled clips under each condition of noise and sight."""
    check_folder(args.data)
    check_writable(args.json, args.predictions)
    from mmcore.domains.video.slot_evaluate import evaluate as measure
    from mmcore.domains.video.slot_figures import table

    if args.noise is not None:
        check_folder(args.noise)
    model = load(args.model)
    with closing(StageBars()) as step:
        document = measure(model, args.data, noise=args.noise, seed=args.seed, predictions=args.predictions, step=step)
    notes(document)
    head = f"{document['model']}: {document['n']} clips; {document['seen_in_training']} seen in training"
    figures = table(document["conditions"]) if document["conditions"] else ["no true words are given: no figures"]
    report(document, args.json, [head, *figures])
    return 0


def compare(args: argparse.Namespace) -> int:
    """Sound, lips, their plain sum and the fusion under each condition, on letters held out."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import library
    from mmcore.domains.video.slot_compare import compare as cross_validate
    from mmcore.domains.video.slot_model import read_settings
    from mmcore.model_spec import read_spec

    settings, training = read_settings(read_spec(library.find(args.model)))
    with closing(StageBars()) as step, kept(args.cache) as cache:
        document = cross_validate(
            args.data, needed_noise(args), settings, training, seeds=args.seeds, cache=cache, command=_command("compare", args), step=step
        )
    report_document(document, args.json)
    return 0


def train(args: argparse.Namespace) -> int:
    """A model folder from a folder of clips."""
    check_folder(args.data)
    check_writable(args.json)
    if args.fusion:
        raise ConfigError(f"--fusion {args.fusion!r}: spoken commands have one fusion", "Leave --fusion out")
    from mmcore import library
    from mmcore.domains.video.slot_train import train as fit

    with closing(StageBars()) as step, kept(args.cache) as cache:
        summary = fit(
            library.find(args.model), args.data, needed_noise(args), args.out,
            seed=args.seed, cache=cache, command=_command("train", args), step=step,
        )  # fmt: skip
    set_figures_aside(args.out)
    write_card(args.out)
    report(summary, args.json, [f"{summary['cases']} clips; model written to {args.out}"])
    return 0


def write_card(folder: Path) -> Path:
    """card.md of the folder, from model.toml and what train and compare measured."""
    from mmcore import model_folder
    from mmcore.domains.video.slot_card import card
    from mmcore.model_spec import read_spec

    return model_folder.write_card(folder, card(folder, read_spec(folder)))


def timer(name: str, sample: Path) -> Callable[[int], Any]:
    """For bench: a function that reads and analyses the sample once."""
    from mmcore.commands.bench import Run
    from mmcore.domains.video.films import one_film
    from mmcore.domains.video.slot_data import read_utterance
    from mmcore.domains.video.slot_explain import analyze as explain

    model = load(name)
    film = one_film([sample])

    def run(number: int) -> Run:
        started = time.perf_counter()
        heard = read_utterance(film.path, model.settings.longest_s)
        read_ms = 1000 * (time.perf_counter() - started)
        stages = {"read": read_ms, **explain(model, heard)["timings_ms"]}
        return Run(sum(stages.values()), stages)

    return run


def needed_noise(args: argparse.Namespace) -> Path:
    """``--noise``; InputError where it is not given."""
    if args.noise is None:
        raise InputError("--noise is missing", "Give the folder of ESC-10, or one laid out like it")
    check_folder(args.noise)
    return args.noise


class kept:  # noqa: N801 - used like contextlib.closing
    """The cache folder that was asked for, or one that is gone afterwards."""

    def __init__(self, folder: Path | None) -> None:
        self._folder, self._own = folder, None if folder else tempfile.TemporaryDirectory(prefix="triptych-")

    def __enter__(self) -> Path:
        path = self._folder or Path(self._own.name if self._own else ".")
        path.mkdir(parents=True, exist_ok=True)
        return path

    def __exit__(self, *_: object) -> None:
        if self._own:
            self._own.cleanup()


def _command(name: str, args: argparse.Namespace) -> str:
    words = ["python", "-m", "mmcore", name, args.model, "--data", str(args.data), "--noise", str(args.noise)]
    words += ["--seeds", str(args.seeds)] if name == "compare" else ["--out", str(args.out), "--seed", str(args.seed)]
    return shlex.join(words)
