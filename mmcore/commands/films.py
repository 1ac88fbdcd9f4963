"""Films of `video_events`, measured: moments found by words, evidence of events against chance, cost against length."""

from __future__ import annotations

import argparse
import shlex
from contextlib import closing
from pathlib import Path

from mmcore.commands.arguments import add_json, add_model, add_noise, add_seed, check_folder, check_writable, whole
from mmcore.commands.output import StageBars, report_document
from mmcore.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, of which model, on which data."""
    parser.add_argument("action", choices=("moments", "evidence", "cost"), help="what to measure")
    add_model(parser)
    hint = "moments, cost: folder laid out like video_grid_s1; evidence: one laid out like audio_esc10, or any with clips"
    parser.add_argument("--data", metavar="DIR", type=Path, required=True, help=hint)
    add_noise(parser)
    parser.add_argument("--lengths", metavar="S", type=whole(3), nargs="+", help="cost: lengths of the films in seconds")
    add_seed(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Writes one measurement as a JSON document; 0. ConfigError where the model finds no events, InputError for unreadable data."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import device as devices
    from mmcore.commands import tasks
    from mmcore.commands.bench import peak_rss_mb
    from mmcore.commands.yardstick import Yardstick
    from mmcore.domains.video import film_cost, film_faithful, film_moments

    if tasks.of_model(args.model).__name__ != "mmcore.commands.events":
        raise ConfigError(f"{args.model} does not find events in films", "Name video_events")
    model = tasks.load(args.model)
    command = _command(args)
    with closing(StageBars()) as step:
        if args.action == "moments":
            document = film_moments.measure_moments(model, args.data, seed=args.seed, command=command, step=step)
        elif args.action == "evidence":
            document = film_faithful.measure_faithfulness(model, args.data, args.noise, seed=args.seed, command=command, step=step)
        else:
            yardstick, lengths = Yardstick(devices.pick()), args.lengths or film_cost.LENGTHS_S
            document = film_cost.measure_cost(
                model, args.data, lengths, command=command, step=step, memory_mb=peak_rss_mb, pass_ms=yardstick.milliseconds
            )
    report_document(document, args.json)
    return 0


def _command(args: argparse.Namespace) -> str:
    words = ["python", "-m", "mmcore", "films", args.action, args.model, "--data", str(args.data)]
    words += ["--noise", str(args.noise)] if args.noise else []
    words += ["--lengths", *map(str, args.lengths)] if args.lengths else []
    return shlex.join([*words, "--seed", str(args.seed)])
