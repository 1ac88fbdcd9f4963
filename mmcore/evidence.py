"""What each piece of a case adds: patches blurred, words taken out, fields taken away or changed, and the rest scored anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from mmcore.analysis import Analysis, PatchScores, WordScores
from mmcore.case import Case, Picture, Record, Text
from mmcore.encoders.efficientnet import PictureEncoder
from mmcore.encoders.fields import FieldEncoder
from mmcore.encoders.registry import Encoder
from mmcore.explain.edits import candidate_values, shown_value
from mmcore.explain.occlusion import blur, without_cells
from mmcore.explain.words import Span, without_spans, word_pieces
from mmcore.tokens import TokenBatch, Tokens, stack

Probabilities = Callable[[TokenBatch], np.ndarray]


@dataclass(frozen=True)
class Pieces:
    """A modality's pieces for measuring an explanation by deletion and insertion.

    Attributes:
        scores: (P,) evidence of each piece for the class predicted on the whole input.
        probability: groups of piece numbers -> (K,) probability of that class with each group taken away.
    """

    scores: np.ndarray
    probability: Callable[[Sequence[Sequence[int]]], np.ndarray]


class CaseEvidence:
    """The pieces of one case. Every score is a loss of calibrated probability, (C,), against the whole input.

    Args:
        probabilities: (B, C) calibrated probabilities of a batch of tokens.
        tokens: of every modality of the model, encoded already.
    """

    def __init__(self, encoders: Mapping[str, Encoder], probabilities: Probabilities, case: Case, tokens: Mapping[str, Tokens]) -> None:
        self._encoders, self._probabilities, self._case, self._tokens = encoders, probabilities, case, tokens

    def patches(self, whole: np.ndarray) -> PatchScores | None:
        """Evidence of each patch of the picture; None where there is none."""
        for name in self._case.present:
            if isinstance(self._encoders[name], PictureEncoder) and isinstance(self._value(name), Picture):
                where = self._tokens[name].where
                without = self.without_patches(name, [[cell] for cell in range(len(where))])
                return PatchScores(np.array([place["box"] for place in where]), whole - without)
        return None

    def words(self, whole: np.ndarray) -> WordScores | None:
        """Evidence of each word of the text, or of a few neighbours; None where there is none."""
        for name in self._case.present:
            if isinstance(self._value(name), Text):
                read = zip(self._tokens[name].where, self._tokens[name].mask, strict=True)
                if pieces := word_pieces([(where["span"][0], where["span"][1]) for where, there in read if there]):
                    return WordScores([(piece[0][0], piece[-1][1]) for piece in pieces], whole - self.without_words(name, pieces))
        return None

    def fields(self, whole: np.ndarray) -> dict[str, np.ndarray]:
        """Evidence of each field of the record that is given; {} where there is no record."""
        name = self._record()
        if name is None:
            return {}
        given = [field for field, value in self._value(name).values.items() if value is not None]
        return {field: whole - row for field, row in zip(given, self.without_fields(name, [[field] for field in given]), strict=True)}

    def edits(self) -> dict[str, dict[str, np.ndarray]]:
        """Field -> value -> (C,) probabilities had the record that value; {} where there is no record."""
        name = self._record()
        if name is None:
            return {}
        record, encoder = self._value(name), self._encoders[name]
        assert isinstance(encoder, FieldEncoder)
        tries = [(field.name, value) for field in encoder.fields for value in candidate_values(field, record.values[field.name])]
        edited = [encoder.tokens(Record({**record.values, field: value})) for field, value in tries]
        values = self._probabilities(stack([{**self._tokens, name: item} for item in edited]))
        out: dict[str, dict[str, np.ndarray]] = {}
        for (field, value), row in zip(tries, values, strict=True):
            out.setdefault(field, {})[shown_value(value)] = row
        return out

    def pieces(self, analysis: Analysis) -> dict[str, Pieces]:
        """Modality -> its pieces, scored for the most probable class of this case's ``analysis``."""
        chosen = int(analysis.probabilities[analysis.subset].argmax())
        out = {}
        for name in self._case.present:
            value = self._value(name)
            if isinstance(value, Picture) and analysis.patches is not None:
                cells = [[cell] for cell in range(len(analysis.patches.scores))]
                out[name] = Pieces(analysis.patches.scores[:, chosen], self._remover(self.without_patches, name, cells, chosen))
            elif isinstance(value, Text) and analysis.words is not None:
                spans = [[span] for span in analysis.words.spans]
                out[name] = Pieces(analysis.words.scores[:, chosen], self._remover(self.without_words, name, spans, chosen))
            elif isinstance(value, Record):
                scores = np.array([row[chosen] for row in analysis.fields.values()])
                out[name] = Pieces(scores, self._remover(self.without_fields, name, [[field] for field in analysis.fields], chosen))
        return out

    def without_patches(self, name: str, groups: Sequence[Sequence[int]]) -> np.ndarray:
        """(K, C) probabilities with each group of patches blurred in the pixels and the picture encoded anew."""
        encoder = self._encoders[name]
        assert isinstance(encoder, PictureEncoder)
        pixels = encoder.prepare(self._value(name))
        features = encoder.features_of_input(without_cells(pixels, blur(pixels), encoder.cells, groups))
        batch = self._repeated(len(groups))
        return self._probabilities(TokenBatch({**batch.features, name: features}, batch.mask))

    def without_words(self, name: str, groups: Sequence[Sequence[Span]]) -> np.ndarray:
        """(K, C) probabilities with each group of words taken out of the text and the rest read anew."""
        text = self._value(name).text
        read = [self._encoders[name].tokens(Text(without_spans(text, group))) for group in groups]
        return self._probabilities(stack([{**self._tokens, name: item} for item in read]))

    def without_fields(self, name: str, groups: Sequence[Sequence[str]]) -> np.ndarray:
        """(K, C) probabilities with each group of fields taken away."""
        batch = self._repeated(len(groups))
        order = [where["field"] for where in self._tokens[name].where]
        keep = torch.tensor([[field not in group for field in order] for group in groups])
        return self._probabilities(TokenBatch(batch.features, {**batch.mask, name: batch.mask[name] & keep}))

    def _value(self, name: str) -> Any:
        return self._case.inputs[name].value

    def _record(self) -> str | None:
        """The first modality that is a record."""
        there = (name for name in self._case.present if isinstance(self._encoders[name], FieldEncoder))
        return next((name for name in there if isinstance(self._value(name), Record)), None)

    def _repeated(self, times: int) -> TokenBatch:
        return stack([self._tokens]).select(torch.zeros(times, dtype=torch.long))

    def _remover(self, without: Callable, name: str, pieces: Sequence[Sequence], chosen: int) -> Callable:
        """Groups of piece numbers -> (K,) probability of the class; ``pieces``: what each piece takes away."""
        return lambda groups: without(name, [[part for at in group for part in pieces[at]] for group in groups])[:, chosen]
