"""Composes readers' cases, encoders, fusion, confidence and explanation. Nothing else does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from mmcore import device as devices
from mmcore import model_folder
from mmcore.analysis import DEFAULT_LEVEL, Analysis, PatchScores, Prediction, WordScores
from mmcore.case import Case
from mmcore.case_check import check_case
from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.model import ConfidenceModel, load_confidence
from mmcore.encoders.registry import build_encoder
from mmcore.errors import InputError, ModelError
from mmcore.evidence import CaseEvidence, Pieces
from mmcore.fusion.interface import Fusion, pool
from mmcore.in_memory import InMemory
from mmcore.model_spec import CLASSIFICATION, ModelSpec, read_spec
from mmcore.result import Result
from mmcore.settings import parse
from mmcore.tokens import TokenBatch, Tokens, all_subsets, stack, subset_name

Progress = Callable[[str, float], None]
CHUNK = 64


class Cancelled(Exception):
    """Raised by a progress callback to end an analysis."""


class Pipeline:
    """One model in memory, for every user of the process; a lock lets one analysis compute at a time."""

    def __init__(self, folder: Path, device: torch.device | None = None) -> None:
        self.folder = folder
        self.device = device or devices.pick()
        self.spec: ModelSpec = read_spec(folder)
        if self.spec.task != CLASSIFICATION:
            kind = f"model {self.spec.name} is of the kind {self.spec.task!r}, which is loaded in another way"
            raise ModelError(kind, f"In Python: mmcore.commands.tasks.load({self.spec.name!r})")
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

    def warm(self, modalities: Sequence[str] | None = None) -> None:
        """Does now, for these modalities or for all, what would else be done with the first picture and the first text."""
        for name in self.spec.modalities if modalities is None else modalities:
            self.encoders[name].warm()

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
        """How many held-out cases calibrated this subset of the inputs."""
        return self.confidence.calibration_n(subset)

    def analyze(self, case: Case, *, level: float = DEFAULT_LEVEL, target: str | None = None, without: Sequence[str] = ()) -> Result:
        """One case, fully explained.

        Args:
            level: of the prediction set, between 0 and 1.
            target: id of the class to explain; the most probable one where None.
            without: names of inputs to leave out.

        Raises:
            InputError: no input is left, or the case does not fit the model.
            ConfigError: a level or a class that there is not.
        """
        left = check_case(case, self.spec).without(*([without] if isinstance(without, str) else without))
        return self.open(left).result(target, level)

    def open(self, case: Case, progress: Progress | None = None, *, explain: bool = True) -> Analysis:
        """All forward passes for one case.

        Args:
            progress: called with a stage's name and the share done; what it raises ends the analysis.

        Raises:
            InputError: no modality is there, or the case does not fit the model.
        """
        case = check_case(case, self.spec)
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
                whole, evidence = probabilities[subset_name(case.present)], self._evidence(case, tokens)
                report("explain", 0.4)
                patches = evidence.patches(whole)
                report("explain", 0.7)
                words = evidence.words(whole)
                report("explain", 0.8)
                fields, edits = evidence.fields(whole), evidence.edits()
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
        return self._evidence(case, self.encode(case)).pieces(self.open(case))

    def _evidence(self, case: Case, tokens: Mapping[str, Tokens]) -> CaseEvidence:
        return CaseEvidence(self.encoders, self.probabilities, case, tokens)

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
