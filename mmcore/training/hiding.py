"""What training hides at random, so that the model works without it: modalities, fields, patches.

What is missing in the data may tell the label (a clinician asks more where cancer is suspected). So a field that is missing in
training is first filled with another case's answer, drawn at random, and then fields are hidden with a probability that knows
nothing of the label: absence carries no information.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

from mmcore.tokens import TokenBatch


def fill_missing(batch: TokenBatch, donors: Mapping[str, tuple[torch.Tensor, torch.Tensor]], generator: torch.Generator) -> TokenBatch:
    """Missing tokens of a modality that is there take the features of a random case that has them (hot-deck imputation).

    Args:
        donors: modality -> ((N, T, D) features, (N, T) mask) of the training cases.
    """
    features, masks = dict(batch.features), dict(batch.mask)
    for name, (pool, known) in donors.items():
        mask = masks[name]
        gaps = ~mask & mask.any(dim=1, keepdim=True)
        if not gaps.any():
            continue
        filled, covered = features[name].clone(), mask.clone()
        for token in gaps.any(dim=0).nonzero().flatten().tolist():
            rows, choices = gaps[:, token].nonzero().flatten(), known[:, token].nonzero().flatten()
            if len(choices):
                drawn = choices[torch.randint(len(choices), (len(rows),), generator=generator)]
                filled[rows, token] = pool[drawn, token].to(filled.dtype)
                covered[rows, token] = True
        features[name], masks[name] = filled, covered
    return TokenBatch(features, masks)


def hide_tokens(batch: TokenBatch, probability: float, generator: torch.Generator) -> TokenBatch:
    """Each token hidden with this probability; a modality keeps at least one of the tokens that it has."""
    masks = {}
    for name, mask in batch.mask.items():
        noise = torch.rand(mask.shape, generator=generator)
        keep = noise >= probability
        best = noise.masked_fill(~mask, -1.0).argmax(dim=1, keepdim=True)
        masks[name] = mask & keep.scatter(1, best, True)
    return TokenBatch(batch.features, masks)


def hide_modalities(batch: TokenBatch, probability: float, generator: torch.Generator) -> TokenBatch:
    """With this probability a case keeps only a random non-empty part of its modalities; never none."""
    presence = batch.presence
    noise = torch.rand(presence.shape, generator=generator).masked_fill(~presence, -1.0)
    keep = noise >= 0.5
    keep = keep.scatter(1, noise.argmax(dim=1, keepdim=True), True)
    chosen = torch.rand(len(presence), 1, generator=generator) < probability
    return batch.keep(torch.where(chosen, keep, torch.ones_like(keep)))
