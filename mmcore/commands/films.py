"""Films of `video_events`, measured: photos named, sight and sound, moments by words, evidence, the matrix, words on the screen, cost."""

from __future__ import annotations

import argparse
import shlex
from contextlib import closing

from mmcore.commands.arguments import (
    add_albums,
    add_json,
    add_model,
    add_noise,
    add_seed,
    check_folder,
    check_writable,
    given,
    given_path,
    whole,
)
from mmcore.commands.output import StageBars, report_document
from mmcore.errors import ConfigError, InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, of which model, on which data."""
    parser.add_argument("action", choices=("named", "fused", "moments", "evidence", "matrix", "written", "cost"), help="what to measure")
    add_model(parser)
    hint = (
        "moments, written, cost: folder laid out like video_grid_s1; evidence, matrix: one laid out like audio_esc10, or any with clips; "
        "named: photos with a labels.csv of file, label and set; fused: as matrix"
    )
    parser.add_argument("--data", metavar="DIR", type=given_path, required=True, help=hint)
    add_noise(parser)
    add_albums(parser)
    parser.add_argument("--photos", metavar="DIR", type=given_path, help="fused: photos as for named")
    parser.add_argument("--lengths", metavar="S", type=whole(3), nargs="+", help="cost: lengths of the films in seconds")
    add_seed(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Writes one measurement as a JSON document; 0. ConfigError where the model finds no events, InputError for unreadable data."""
    check_folder(args.data)
    check_writable(args.json)
    from mmcore import library
    from mmcore.commands import tasks
    from mmcore.commands.bench import peak_rss_mb
    from mmcore.commands.events import sound_folders
    from mmcore.commands.yardstick import timed_pass
    from mmcore.domains.video import film_cost, film_faithful, film_fused, film_matrix, film_moments, film_named, film_written

    if tasks.of_model(args.model).__name__ != "mmcore.commands.events":
        raise ConfigError(f"{args.model} does not find events in films", "Name video_events")
    command = _command(args)
    with closing(StageBars()) as step:
        if args.action == "named":
            document = film_named.measure_named(tasks.load(args.model), args.data, seed=args.seed, command=command, step=step)
        elif args.action == "fused":
            folders = sound_folders(args)
            if args.photos is None:
                raise InputError("no photos are given", "Name their folder with --photos")
            check_folder(args.photos)
            document = film_fused.measure_fused(tasks.load(args.model), folders, args.photos, seed=args.seed, command=command, step=step)
        elif args.action == "moments":
            document = film_moments.measure_moments(tasks.load(args.model), args.data, seed=args.seed, command=command, step=step)
        elif args.action == "evidence":
            document = film_faithful.measure_faithfulness(
                tasks.load(args.model), args.data, args.noise, seed=args.seed, command=command, step=step
            )
        elif args.action == "matrix":
            folders = sound_folders(args)
            document = film_matrix.measure_matrix(tasks.load(args.model), folders, seed=args.seed, command=command, step=step)
        elif args.action == "written":
            document = film_written.measure_written(args.data, seed=args.seed, command=command, step=step)
        else:
            document = film_cost.measure_cost(
                library.find(args.model), args.data, args.lengths or film_cost.LENGTHS_S, command=command, step=step,
                memory_mb=peak_rss_mb, pass_ms=timed_pass,
            )  # fmt: skip
    report_document(document, args.json)
    return 0


def _command(args: argparse.Namespace) -> str:
    words = ["python", "-m", "mmcore", "films", args.action, args.model, "--data", str(args.data)]
    words += given(args, "noise", "albums", "photos")
    words += ["--lengths", *map(str, args.lengths)] if args.lengths else []
    return shlex.join([*words, "--seed", str(args.seed)])
