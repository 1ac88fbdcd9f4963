"""The review encoder (sentiment and aspects of clothing reviews): read one, measure it on garments held out, or train it again."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from mmcore.commands.arguments import add_json, check_folder, check_writable, given_path, weights_path
from mmcore.commands.output import progress_bar, report_document, warn
from mmcore.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from mmcore.domains.retail.reviews.dataset import Reviews

TERMS, LEAST, STRENGTH = 15_000, 4, 4.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and the review or the data for it."""
    parser.add_argument("action", choices=("read", "evaluate", "train"), help="what to do")
    parser.add_argument("--text", help="read: the review")
    parser.add_argument("--data", metavar="DIR", type=given_path, help="evaluate, train: folder with reviews.parquet")
    parser.add_argument("--out", metavar="FILE", type=weights_path, help="train: file to write the weights to, .safetensors")
    parser.add_argument("--sentences", action="store_true", help="evaluate: sentence vectors as a baseline too; takes some minutes")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Reads one review, or measures or trains what reads them; 0. InputError where the review or the data is missing."""
    check_writable(args.json, args.out)
    report_document({"read": _read, "evaluate": _evaluate, "train": _train}[args.action](args), args.json)
    return 0


def _read(args: argparse.Namespace) -> dict[str, Any]:
    from mmcore.domains.retail.reviews.reading import read_review

    if not (args.text or "").strip():
        raise InputError("no review is given", 'Give it with --text "..."')
    found = read_review(args.text)
    return {
        "recommends": found.probability,
        "aspects": [
            {
                "aspect": a.name,
                "where": {"span": [a.start, a.end]},
                "text": args.text[a.start : a.end],
                "score": a.score,
                "polarity": a.polarity,
            }
            for a in found.aspects
        ],
    }


def _evaluate(args: argparse.Namespace) -> dict[str, Any]:
    from mmcore.domains.retail.reviews.evaluate import evaluate_aspects, evaluate_sentiment
    from mmcore.domains.retail.reviews.reading import shipped

    reviews = _reviews(args)
    trained, held = reviews.where(~reviews.held_out), reviews.where(reviews.held_out)
    vectors = _sentences(trained, held) if args.sentences else None
    return {"sentiment": evaluate_sentiment(shipped(), held, trained, vectors), "aspects": evaluate_aspects(shipped(), reviews)}


def _train(args: argparse.Namespace) -> dict[str, Any]:
    from mmcore.domains.retail.reviews.sentiment import fit_sentiment

    if args.out is None:
        raise InputError("train has nowhere to write to", "Give --out FILE.safetensors")
    reviews = _reviews(args)
    trained = reviews.where(~reviews.held_out)
    model = fit_sentiment(trained.texts, trained.liked, terms=TERMS, least=LEAST, strength=STRENGTH)
    args.out.write_bytes(model.to_bytes())
    warn(f"{len(trained)} reviews of {len(set(trained.garments.tolist()))} garments: {args.out}")
    return {"reviews": len(trained), "terms": len(model.terms), "least": LEAST, "strength": STRENGTH}


def _reviews(args: argparse.Namespace) -> Reviews:
    from mmcore.domains.retail.reviews.dataset import read_reviews

    if args.data is None:
        raise InputError(f"{args.action} has no data", "Give --data DIR, the folder that holds reviews.parquet")
    check_folder(args.data)
    return read_reviews(args.data)


def _sentences(trained: Reviews, held: Reviews) -> np.ndarray:
    from mmcore import device as devices
    from mmcore.encoders.minilm import load_text_encoder

    texts = [*trained.texts, *held.texts]
    bar = progress_bar("sentences", len(texts))
    vectors = load_text_encoder(devices.pick()).sentences(texts, lambda done, total: bar.update(done - bar.n))
    bar.close()
    return vectors
