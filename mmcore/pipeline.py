"""Composes readers' cases, encoders, fusion, confidence and explanation. Nothing else does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from mmcore import device as devices
from mmcore import model_folder
from mmcore.analysis import DEFAULT_LEVEL, Analysis, PatchScores, Prediction, WordScores
from mmcore.case import Case, Picture, Record, Text
from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.model import ConfidenceModel, load_confidence
from mmcore.encoders.efficientnet import PictureEncoder
from mmcore.encoders.fields import FieldEncoder
from mmcore.encoders.registry import build_encoder
from mmcore.errors import InputError, ModelError
from mmcore.explain.edits import candidate_values, shown_value
from mmcore.explain.occlusion import blur, without_cells
from mmcore.explain.words import Span, without_spans, word_pieces
from mmcore.fusion.interface import Fusion, pool
from mmcore.in_memory import InMemory
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.result import Result
from mmcore.settings import parse
from mmcore.tokens import TokenBatch, Tokens, all_subsets, stack, subset_name

Progress = Callable[[str, float], None]
CHUNK = 64


class Cancelled(Exception):
    """Raised by a progress callback to end an analysis."""


@dataclass(frozen=True)
class Pieces:
    """A modality's pieces for measuring an explanation by deletion and insertion.

    Attributes:
        scores: (P,) evidence of each piece for the class predicted on the whole input.
        probability: groups of piece numbers -> (K,) probability of that class with each group taken away.
    """

    scores: np.ndarray
    probability: Callable[[Sequence[Sequence[int]]], np.ndarray]


class Pipeline:
    """One model in memory, for every user of the process; a lock lets one analysis compute at a time."""

    def __init__(self, folder: Path, device: torch.device | None = None) -> None:
        self.folder = folder
        self.device = device or devices.pick()
        self.spec: ModelSpec = read_spec(folder)
        model_folder.check_seal(folder)
        self.version = model_folder.version(folder, self.spec)
        self.fusion = model_folder.load_fusion(folder).to(self.device)
        self.encoders = {
            name: build_encoder(item, self.device, model_folder.load_encoder(folder, name)) for name, item in self.spec.inputs.items()
        }
        with model_folder.readable(folder / model_folder.CONFIDENCE):
            self.confidence: ConfidenceModel = load_confidence((folder / model_folder.CONFIDENCE).read_bytes())
        self.abstain_settings = parse(AbstainSettings, self.spec.confidence, "model.toml.confidence")
        self._check_shapes()
        self._lock = threading.Lock()

    def _check_shapes(self) -> None:
        first = self.fusion.members[0]
        assert isinstance(first, Fusion)
        shapes = first.shapes
        for name, encoder in self.encoders.items():
            if name not in shapes or shapes[name].width != encoder.card.width:
                raise ModelError(f"model {self.spec.name}: its weights do not fit the input {name!r} of its model.toml", "Train it again")

    @property
    def card(self) -> str:
        """card.md, "" where there is none."""
        path = self.folder / model_folder.CARD
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @cached_property
    def figures(self) -> dict:
        """What `compare` measured; {} where it has not run."""
        return model_folder.read_json(self.folder, model_folder.FIGURES)

    def calibration_n(self, subset: str) -> int:
        return self.confidence.calibration_n(subset)

    def analyze(self, case: Case, *, level: float = DEFAULT_LEVEL, target: str | None = None, without: Sequence[str] = ()) -> Result:
        """One case, fully explained."""
        return self.open(case.without(*without)).result(target, level)

    def open(self, case: Case, progress: Progress | None = None, *, explain: bool = True) -> Analysis:
        """All forward passes for one case.

        Args:
            progress: called with a stage's name and the share done; what it raises ends the analysis.

        Raises:
            InputError: no modality is there.
        """
        if not case.present:
            raise InputError("the case has no input", f"Give at least one of: {', '.join(self.spec.modalities)}")
        report = progress or (lambda stage, share: None)
        with self._lock:
            timings: dict[str, float] = {}
            clock = _Clock(timings)
            report("encode", 0.0)
            tokens = self.encode(case)
            clock.stop("encode")
            report("fuse", 0.3)
            probabilities = self._subset_probabilities(tokens, case.present)
            distances = self._distances(tokens, case.present)
            clock.stop("fuse")
            patches: PatchScores | None = None
            words: WordScores | None = None
            fields: dict[str, np.ndarray] = {}
            edits: dict[str, dict[str, np.ndarray]] = {}
            if explain:
                report("explain", 0.4)
                patches = self._patches(case, tokens, probabilities[subset_name(case.present)])
                report("explain", 0.7)
                words = self._words(case, tokens, probabilities[subset_name(case.present)])
                report("explain", 0.8)
                fields, edits = self._fields(case, tokens, probabilities[subset_name(case.present)])
                clock.stop("explain")
            report("done", 1.0)
        return Analysis(
            self.spec, self.version, case, self.confidence, probabilities, patches, fields, edits, distances, self._measured(),
            explain, timings, self.abstain_settings, words,
        )  # fmt: skip

    def predict(self, cases: Sequence[Case]) -> list[dict[str, Prediction]]:
        """Without explanation: per case each non-empty subset of its modalities -> Prediction."""
        out = []
        for case in cases:
            analysis = self.open(case, explain=False)
            out.append({subset_name(s): analysis.prediction(subset_name(s)) for s in all_subsets(case.present)[1:]})
        return out

    def faithfulness(self, case: Case) -> dict[str, Pieces]:
        """Modality -> its pieces, for deletion and insertion with everything that is present."""
        analysis, tokens = self.open(case), self.encode(case)
        chosen = int(analysis.probabilities[analysis.subset].argmax())
        out = {}
        for name in case.present:
            value = case.inputs[name].value
            if isinstance(value, Picture) and analysis.patches is not None:
                out[name] = Pieces(analysis.patches.scores[:, chosen], self._picture_remover(name, value, tokens, chosen))
            elif isinstance(value, Text) and analysis.words is not None:
                pieces = [[span] for span in analysis.words.spans]
                out[name] = Pieces(analysis.words.scores[:, chosen], self._word_remover(name, value, pieces, tokens, chosen))
            elif isinstance(value, Record):
                given = list(analysis.fields)
                scores = np.array([analysis.fields[field][chosen] for field in given])
                out[name] = Pieces(scores, self._field_remover(name, given, tokens, chosen))
        return out

    def encode(self, case: Case) -> dict[str, Tokens]:
        """Tokens of every modality of the model, those of a missing one hidden."""
        encoders = self.encoders
        return {name: encoders[name].tokens(item.value) if item.present else encoders[name].absent() for name, item in case.inputs.items()}

    @torch.inference_mode()
    def probabilities(self, batch: TokenBatch) -> np.ndarray:
        """(B, C) calibrated: each row by the calibration of the modalities that it has, the prior where it has none."""
        rows = []
        for start in range(0, len(batch), CHUNK):
            part = batch.select(torch.arange(start, min(len(batch), start + CHUNK)))
            with devices.autocast(self.device):
                logits = self.fusion(part.to(self.device)).logits
            rows.append(logits.float().cpu().numpy().astype(float))
        raw, presence = np.concatenate(rows), batch.presence.numpy()
        out = np.tile(self.confidence.prior, (len(raw), 1))
        for pattern in np.unique(presence, axis=0):
            if pattern.any():
                subset = subset_name([name for name, there in zip(batch.modalities, pattern, strict=True) if there])
                at = (presence == pattern).all(axis=1)
                out[at] = self.confidence.probabilities(subset, raw[at])
        return out

    def _subset_probabilities(self, tokens: Mapping[str, Tokens], present: Sequence[str]) -> dict[str, np.ndarray]:
        subsets = all_subsets(present)
        keep = torch.tensor([[name in subset for name in tokens] for subset in subsets])
        values = self.probabilities(stack([tokens] * len(subsets)).keep(keep))
        return {subset_name(subset): row for subset, row in zip(subsets, values, strict=True)}

    def _distances(self, tokens: Mapping[str, Tokens], present: Sequence[str]) -> dict[str, float]:
        out = {}
        for name in (name for name in present if name in self.confidence.familiarity):
            pooled = pool(tokens[name].features[None], tokens[name].mask[None]).numpy().astype(float)
            out[name] = float(self.confidence.familiarity[name].distance(pooled)[0])
        return out

    def _patches(self, case: Case, tokens: Mapping[str, Tokens], whole: np.ndarray) -> PatchScores | None:
        for name in case.present:
            encoder, picture = self.encoders[name], case.inputs[name].value
            if isinstance(encoder, PictureEncoder) and isinstance(picture, Picture):
                cells = len(tokens[name].where)
                without = self._occluded(name, picture, tokens, [[cell] for cell in range(cells)])
                boxes = np.array([where["box"] for where in tokens[name].where])
                return PatchScores(boxes, whole - without)
        return None

    def _occluded(self, name: str, picture: Picture, tokens: Mapping[str, Tokens], groups: Sequence[Sequence[int]]) -> np.ndarray:
        """(K, C) probabilities with each group of patches blurred."""
        encoder = self.encoders[name]
        assert isinstance(encoder, PictureEncoder)
        pixels = encoder.prepare(picture)
        features = encoder.features_of_input(without_cells(pixels, blur(pixels), encoder.cells, groups))
        batch = stack([tokens]).select(torch.zeros(len(groups), dtype=torch.long))
        return self.probabilities(TokenBatch({**batch.features, name: features}, batch.mask))

    def _words(self, case: Case, tokens: Mapping[str, Tokens], whole: np.ndarray) -> WordScores | None:
        for name in case.present:
            text = case.inputs[name].value
            if isinstance(text, Text):
                read = zip(tokens[name].where, tokens[name].mask, strict=True)
                if pieces := word_pieces([(where["span"][0], where["span"][1]) for where, there in read if there]):
                    without = self._without_words(name, text, pieces, tokens)
                    return WordScores([(piece[0][0], piece[-1][1]) for piece in pieces], whole - without)
        return None

    def _without_words(self, name: str, text: Text, groups: Sequence[Sequence[Span]], tokens: Mapping[str, Tokens]) -> np.ndarray:
        """(K, C) probabilities with each group of words taken out of the text and the rest read anew."""
        read = [self.encoders[name].tokens(Text(without_spans(text.text, group))) for group in groups]
        return self.probabilities(stack([{**tokens, name: item} for item in read]))

    def _word_remover(
        self, name: str, text: Text, pieces: Sequence[Sequence[Span]], tokens: Mapping[str, Tokens], chosen: int
    ) -> Callable:
        def remove(groups: Sequence[Sequence[int]]) -> np.ndarray:
            spans = [[span for at in group for span in pieces[at]] for group in groups]
            return self._without_words(name, text, spans, tokens)[:, chosen]

        return remove

    def _fields(self, case: Case, tokens: Mapping[str, Tokens], whole: np.ndarray) -> tuple[dict, dict]:
        for name in case.present:
            encoder, record = self.encoders[name], case.inputs[name].value
            if isinstance(encoder, FieldEncoder) and isinstance(record, Record):
                return self._field_losses(name, record, tokens, whole), self._field_edits(encoder, name, record, tokens)
        return {}, {}

    def _field_losses(self, name: str, record: Record, tokens: Mapping[str, Tokens], whole: np.ndarray) -> dict[str, np.ndarray]:
        given = [field for field, value in record.values.items() if value is not None]
        without = self._without_fields(name, tokens, [[field] for field in given])
        return {field: whole - row for field, row in zip(given, without, strict=True)}

    def _without_fields(self, name: str, tokens: Mapping[str, Tokens], groups: Sequence[Sequence[str]]) -> np.ndarray:
        """(K, C) probabilities with each group of fields taken away."""
        order = [where["field"] for where in tokens[name].where]
        batch = stack([tokens]).select(torch.zeros(len(groups), dtype=torch.long))
        keep = torch.tensor([[field not in group for field in order] for group in groups])
        return self.probabilities(TokenBatch(batch.features, {**batch.mask, name: batch.mask[name] & keep}))

    def _field_edits(
        self, encoder: FieldEncoder, name: str, record: Record, tokens: Mapping[str, Tokens]
    ) -> dict[str, dict[str, np.ndarray]]:
        tries = [(f.name, value) for f in encoder.fields for value in candidate_values(f, record.values[f.name])]
        edited = [encoder.tokens(Record({**record.values, field: value})) for field, value in tries]
        values = self.probabilities(stack([{**tokens, name: item} for item in edited]))
        out: dict[str, dict[str, np.ndarray]] = {}
        for (field, value), row in zip(tries, values, strict=True):
            out.setdefault(field, {})[shown_value(value)] = row
        return out

    def _picture_remover(self, name: str, picture: Picture, tokens: Mapping[str, Tokens], chosen: int) -> Callable:
        return lambda groups: self._occluded(name, picture, tokens, groups)[:, chosen]

    def _field_remover(self, name: str, given: Sequence[str], tokens: Mapping[str, Tokens], chosen: int) -> Callable:
        return lambda groups: self._without_fields(name, tokens, [[given[i] for i in group] for group in groups])[:, chosen]

    def _measured(self) -> dict[str, bool]:
        """Modality -> whether deletion and insertion by its evidence beat a random order on held-out cases; True while not measured."""
        measured = self.figures.get("explanation", {})
        return {name: all(measured[name][f"{kind}_gain_ci"][0] > 0 for kind in ("deletion", "insertion")) for name in measured}


class _Clock:
    def __init__(self, timings: dict[str, float]) -> None:
        self.timings, self.last = timings, time.perf_counter()

    def stop(self, stage: str) -> None:
        now = time.perf_counter()
        self.timings[stage] = round((now - self.last) * 1000, 2)
        self.last = now


load = InMemory(Pipeline)
"""The model by name or folder; see `InMemory`."""
