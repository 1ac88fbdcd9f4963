"""Events in films: what each command does with a model that finds them."""

from __future__ import annotations

import argparse
import shlex
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcore.commands import film_batch
from mmcore.commands.arguments import check_folder, check_without, check_writable, given
from mmcore.commands.output import StageBars, notes, percent, report, report_document, say, told_while_loading, warn, write_json, writing
from mmcore.commands.train import set_figures_aside
from mmcore.domains.video.event_model import load
from mmcore.errors import ConfigError, InputError

if TYPE_CHECKING:
    from mmcore.domains.video.event_model import EventModel
    from mmcore.domains.video.sound_folders import SoundFolders

__all__ = ["analyze", "batch", "compare", "evaluate", "load", "timer", "train", "write_card"]

EVENTS = {"events": "label", "starts_s": "start_s", "ends_s": "end_s", "probabilities": "probability"}
"""Column of batch -> what it holds of each event, in their order."""
COLUMNS = ("prediction", "probability", *EVENTS, "said", "written")


def analyze(args: argparse.Namespace) -> int:
    """One film or sound: its tracks and events."""
    from mmcore.domains.video.event_document import document
    from mmcore.domains.video.films import one_film
    from mmcore.domains.video.understanding import understand

    film = one_film(args.inputs)
    with told_while_loading(args.model):
        model = load(args.model)
    check_without(args.without, model.spec.modalities)
    with closing(StageBars()) as bars:
        found = understand(model, film.path, without=args.without, progress=lambda stage, share: bars(stage, round(100 * share), 100))
    result = document(model, found, target=args.target)
    result["generated"] = film.generated
    if args.html:
        from mmcore.domains.video.event_report import render

        with writing(args.html):
            args.html.write_text(render(model, found, film.title, film.generated), encoding="utf-8")
    if args.json:
        write_json(result, args.json)
    if args.json or args.html:
        return 0
    for note in [*found.warnings, *([found.unread] if found.unread else [])]:
        warn(f"Note: {note}")
    if not result["events"]:
        say("no event is sure enough to name")
    for event in result["events"]:
        say(f"{event['start_s']:7.1f} to {event['end_s']:6.1f} s  {percent(event['probability']):>8}  {event['label']}")
    for segment in result["tracks"]["said"]:
        say(f"{segment['start_s']:7.1f} to {segment['end_s']:6.1f} s  said: {segment['text']}")
    for line in result["tracks"]["written"]:
        say(f"{line['start_s']:7.1f} to {line['end_s']:6.1f} s  written: {line['text']}")
    say(model.spec.notice)
    return 0


def batch(args: argparse.Namespace) -> int:
    """Every film or sound of a folder or table: a row with its most probable label, its events, and what is said and written in it."""
    return film_batch.run(args, load, lambda model: COLUMNS, _row)


def _row(model: EventModel, film: Path) -> dict[str, Any]:
    from mmcore.domains.video.event_document import document
    from mmcore.domains.video.understanding import understand

    found = document(model, understand(model, film))
    best, tracks = found["predictions"][0], found["tracks"]
    events = {key: [_rounded(event[name]) for event in found["events"]] for key, name in EVENTS.items()}
    texts = {name: [part["text"] for part in tracks[name]] for name in ("said", "written")}
    return {"prediction": best["label"], "probability": round(best["probability"], 6), **events, **texts, **film_batch.common(found)}


def evaluate(args: argparse.Namespace) -> int:
    """Figures of labelled clips that the model has not seen."""
    check_folder(args.data)
    check_writable(args.json, args.predictions)
    from mmcore.domains.video.event_evaluate import evaluate as measure

    with closing(StageBars()) as step:
        document = measure(load(args.model), args.data, predictions=args.predictions, step=step)
    notes(document)
    head = f"{document['model']}: {document['n']} clips, {document['labels']} labels; {document['seen_in_training']} seen in training"
    figures = (f"  {name}: " + ", ".join(f"{way} {percent(share)}" for way, share in document[name].items()) for name in ("top1", "top3"))
    report(document, args.json, [head, *figures])
    return 0


def compare(args: argparse.Namespace) -> int:
    """The head on sounds, cross-validated, and on kinds of sound that it does not know."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import library
    from mmcore.domains.video.event_model import read_settings
    from mmcore.domains.video.event_train import compare as cross_validate
    from mmcore.model_spec import read_spec

    _, training = read_settings(read_spec(library.find(args.model)))
    with closing(StageBars()) as step:
        document = cross_validate(sound_folders(args), training, seed=0, command=_command("compare", args), step=step)
    report_document(document, args.json)
    return 0


def train(args: argparse.Namespace) -> int:
    """A model folder from a folder of sounds."""
    check_folder(args.data)
    check_writable(args.json)
    if args.fusion:
        raise ConfigError(f"--fusion {args.fusion!r}: films have one fusion", "Leave --fusion out")
    from mmcore import library
    from mmcore.domains.video.event_train import train as fit

    with closing(StageBars()) as step:
        summary = fit(library.find(args.model), sound_folders(args), args.out, seed=args.seed, command=_command("train", args), step=step)
    set_figures_aside(args.out)
    write_card(args.out)
    report(summary, args.json, [f"{summary['cases']} clips; model written to {args.out}"])
    return 0


def write_card(folder: Path) -> Path:
    """card.md of the folder, from model.toml and what train and compare measured."""
    from mmcore import model_folder
    from mmcore.domains.video.event_card import card
    from mmcore.model_spec import read_spec

    return model_folder.write_card(folder, card(folder, read_spec(folder)))


def timer(name: str, sample: Path) -> Callable[[int], Any]:
    """For bench: a function that understands the sample once."""
    from mmcore.commands.bench import Run
    from mmcore.domains.video.event_document import document
    from mmcore.domains.video.films import one_film
    from mmcore.domains.video.understanding import understand

    model, film = load(name), one_film([sample])

    def run(number: int) -> Run:
        started = time.perf_counter()
        found = understand(model, film.path)
        document(model, found)
        return Run(1000 * (time.perf_counter() - started), dict(found.timings_ms))

    return run


def sound_folders(args: argparse.Namespace) -> SoundFolders:
    """--data, --noise and --albums as folders of sounds to learn from; InputError where one is not there."""
    from mmcore.domains.video.sound_folders import SoundFolders

    if not (args.data / "labels.csv").is_file():
        raise InputError(f"{args.data} holds no labels.csv", "Give audio_esc10, or a folder laid out like it")
    for folder in (args.noise, args.albums):
        if folder is not None:
            check_folder(folder)
    return SoundFolders(args.data, args.noise, args.albums)


def _rounded(value: str | float) -> str | float:
    return round(value, 6) if isinstance(value, float) else value


def _command(name: str, args: argparse.Namespace) -> str:
    words = ["python", "-m", "mmcore", name, args.model, "--data", str(args.data), *given(args, "noise", "albums")]
    return shlex.join(words + (["--out", str(args.out), "--seed", str(args.seed)] if name == "train" else []))
