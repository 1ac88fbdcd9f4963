"""Fine-tune the picture encoder on another labelled set of pictures first; its weights are then named by a model's encoder."""

from __future__ import annotations

import argparse
from contextlib import closing

from mmcore.commands.arguments import add_data, add_json, add_seed, check_folder, check_writable, weights_path
from mmcore.commands.output import StageBars, report_document


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The data and the file for the weights."""
    add_data(parser)
    parser.add_argument("--out", metavar="FILE", type=weights_path, required=True, help="file to write the weights to, .safetensors")
    add_seed(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Trains the picture encoder further and writes its weights; 0. InputError where the data cannot be read."""
    check_folder(args.data)
    check_writable(args.json, args.out)
    from mmcore import device as devices
    from mmcore.training.pretrain import pretrain

    with closing(StageBars()) as step:
        document = pretrain(args.data, args.out, seed=args.seed, device=devices.pick(), step=step)
    report_document(document, args.json)
    return 0
