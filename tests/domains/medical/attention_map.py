"""Does cross-attention point at the patches that matter to a phrase? No test: a command that measures it on cases held out.

    python -m tests.domains.medical.attention_map ../shared/data/chest_covid_cxr OUT.json --folds 0 1 2

For each of the three strongest phrases of a note, patches are blurred in the order of their attention to it, and the change of their
effect when the phrase is taken out is measured: |[p(all) - p(without patches)] - [p(no phrase) - p(neither)]|, mean over ten steps, p the
probability of the class predicted. It is set beside five random orders, the transposed attention (patches that look at the phrase), the
evidence of the patches, and the order of the same quantity measured patch by patch.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore.case import Case, Picture, Text
from mmcore.encoders.efficientnet import PictureEncoder
from mmcore.encoders.registry import Encoder
from mmcore.evaluation.bootstrap import interval
from mmcore.evaluation.faithfulness import removal_counts
from mmcore.explain.occlusion import blur, without_cells
from mmcore.explain.words import Span, without_spans, word_pieces
from mmcore.fusion.attention import AttentionFusion
from mmcore.model_spec import read_spec
from mmcore.readers.batch import read_dataset
from mmcore.tokens import TokenBatch, Tokens, stack
from mmcore.training.crossfit import fit_members
from mmcore.training.load import encode_set, load_raw
from mmcore.training.splits import folds
from mmcore.training.train import settings_of
from mmcore.training.tuned import build_encoders
from tests.conftest import REPO

PHRASES, ORDERS, CHUNK = 3, 5, 64
WAYS = ("attention", "transposed", "evidence", "measured")


class Phrases:
    """One case under one network: its strongest phrases, and probabilities with patches and phrases taken away."""

    def __init__(self, network: AttentionFusion, encoders: Mapping[str, Encoder], case: Case) -> None:
        self.network, self.encoder = network, encoders["image"]
        self.tokens = {m: encoders[m].tokens(item.value) if item.present else encoders[m].absent() for m, item in case.inputs.items()}
        picture, note = case.inputs["image"].value, case.inputs["note"].value
        assert isinstance(picture, Picture) and isinstance(note, Text) and isinstance(self.encoder, PictureEncoder)
        self.pixels = self.encoder.prepare(picture)
        read = zip(self.tokens["note"].where, self.tokens["note"].mask, strict=True)
        pieces = word_pieces([(where["span"][0], where["span"][1]) for where, there in read if there])
        given = [self.tokens["note"], *(encoders["note"].tokens(Text(without_spans(note.text, piece))) for piece in pieces)]
        all_classes = self._run(self.tokens["image"].features[None], given)[0]
        self.target = int(all_classes[0].argmax())
        lost = np.abs(all_classes[0] - all_classes[1:])[:, self.target]
        chosen = np.argsort(-lost, kind="stable")[:PHRASES]
        self.pieces = [pieces[at] for at in chosen]
        self.notes = [given[0], *(given[1 + at] for at in chosen)]

    def without(self, groups: Sequence[Sequence[int]]) -> np.ndarray:
        """(K, 1 + phrases) probability with each group of patches blurred: the whole note, then without each phrase."""
        assert isinstance(self.encoder, PictureEncoder)
        seen = self.encoder.features_of_input(without_cells(self.pixels, blur(self.pixels), self.encoder.cells, groups))
        return self._run(seen, self.notes)[:, :, self.target]

    @torch.no_grad()
    def _run(self, seen: torch.Tensor, notes: Sequence[Tokens]) -> np.ndarray:
        """(pictures, notes, classes)."""
        rows = [(picture, note) for picture in seen for note in notes]
        out = []
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            batch = stack([{**self.tokens, "note": note} for _, note in part])
            batch = TokenBatch({**batch.features, "image": torch.stack([picture for picture, _ in part])}, batch.mask)
            out.append(self.network(batch.packed()).logits.softmax(-1))
        return torch.cat(out).reshape(len(seen), len(notes), -1).numpy()

    @torch.no_grad()
    def maps(self) -> tuple[np.ndarray, np.ndarray]:
        """(phrases, patches) attention of each phrase to the patches, and of the patches to it."""
        looks = self.network.looks(stack([self.tokens]))[0].numpy()
        patches, before = len(self.tokens["image"].where), sum(len(self.tokens[m].where) for m in ("image", "record"))
        at: dict[Span, int] = {(w["span"][0], w["span"][1]): before + i for i, w in enumerate(self.tokens["note"].where) if w}
        words = [[at[span] for span in piece] for piece in self.pieces]
        return np.array([looks[own, :patches].mean(0) for own in words]), np.array([looks[:patches, own].mean(1) for own in words])


def measured(case: Phrases, seed: int) -> dict[str, float]:
    """Mean over the phrases of each way's area, that of random orders, and what the maps look like.

    ``maps differ``: total variation between those of two phrases, 0 alike to 1 apart; ``peak``: the most looked at patch over the mean.
    """
    attention, transposed = case.maps()
    count, phrases = attention.shape[1], len(case.pieces)
    whole, single = case.without([[]])[0], case.without([[patch] for patch in range(count)])
    effect = whole[:1] - single[:, :1]
    change = effect - (whole[None, 1:] - single[:, 1:])
    rng = np.random.default_rng(seed)
    scores = [*attention, *transposed, *[np.abs(effect[:, 0])] * phrases, *np.abs(change.T)]
    orders = [np.argsort(-values, kind="stable") for values in scores] + [rng.permutation(count) for _ in range(ORDERS)]
    steps = removal_counts(count)[1:]
    found = case.without([order[:step].tolist() for order in orders for step in steps]).reshape(len(orders), len(steps), 1 + phrases)
    areas = np.abs((whole[0] - found[:, :, :1]) - (whole[None, None, 1:] - found[:, :, 1:])).mean(axis=1)
    own = {way: float(np.mean([areas[number * phrases + p, p] for p in range(phrases)])) for number, way in enumerate(WAYS)}
    apart = [np.abs(attention[a] - attention[b]).sum() / 2 for a in range(phrases) for b in range(a)]
    rest = {"maps differ": float(np.mean(apart)), "peak": float(attention.max(1).mean() * count)}
    return own | {"random": float(areas[len(scores) :].mean())} | rest


def summary(rows: Sequence[Mapping[str, float]], subjects: np.ndarray) -> dict[str, Any]:
    """Means, and the gain of each way over random with its 95 % interval over subjects."""
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    gains = {way: columns[way] - columns["random"] for way in WAYS}
    told = {way: {"mean": float(g.mean()), "ci": list(interval(np.mean, subjects, g))} for way, g in gains.items()}
    return {"cases": len(rows), "means": {name: float(v.mean()) for name, v in columns.items()}, "gain over random": told}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="which of five")
    parser.add_argument("--cases", type=int, default=24, help="of each fold at most")
    args = parser.parse_args(arguments)
    spec, device = read_spec(REPO / "mmcore" / "models" / "chest_xray"), torch.device("cpu")
    fusion, settings = settings_of(spec, "attention")
    encoders, raw, listed = build_encoders(spec, device, {}), load_raw(args.data, spec), read_dataset(args.data, spec)
    cases = encode_set(raw, encoders, spec.modalities, settings.views)
    fold = folds(cases.labels, cases.subjects, 5, 0)
    rows, subjects = [], []
    for number in args.folds:
        train = cases.rows(np.flatnonzero(fold != number))
        network = fit_members(train, len(spec.labels), replace(fusion, members=1), settings, number * 10, device)[0].members[0]
        assert isinstance(network, AttentionFusion)
        outside = np.flatnonzero((fold == number) & cases.has("note") & cases.has("image"))
        for at in sorted(outside, key=lambda i: raw.digests[i])[: args.cases]:
            one = Phrases(network, encoders, listed[at].load())
            if len(one.pieces) == PHRASES:
                rows.append(measured(one, int(raw.digests[at][:8], 16)))
                subjects.append(str(cases.subjects[at]))
        args.out.write_text(json.dumps(summary(rows, np.array(subjects)), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
