"""Everything the panels of one case draw from, put together once a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from mmcore.case import Case
from mmcore.errors import TriptychError
from mmcore.model_spec import ModelSpec
from mmcore.result import Explanation, Result
from pages.shared import analyses, edits, models
from pages.shared.chosen import Chosen

if TYPE_CHECKING:
    from mmcore.analysis import Analysis
    from mmcore.pipeline import Pipeline

LEVEL = 0.9


@dataclass(frozen=True)
class View:
    """One case as it stands on the page.

    Attributes:
        case: with the user's edits; ``chosen.case`` is as it came.
        result, before: of the edited and of the original case, both explaining ``target``.
    """

    pipeline: Pipeline
    chosen: Chosen
    case: Case
    analysis: Analysis
    result: Result
    before: Result
    target: str
    level: float

    @property
    def spec(self) -> ModelSpec:
        return self.pipeline.spec

    @property
    def changed(self) -> bool:
        """True where the case on the page is not the one that came."""
        return self.case.digest != self.chosen.case.digest

    @property
    def titles(self) -> dict[str, str]:
        """modality -> its name for people."""
        return {name: item.title for name, item in self.spec.inputs.items()}

    @property
    def explanation(self) -> Explanation:
        """Of the target; every Result of an Analysis has one."""
        assert self.result.explanation is not None
        return self.result.explanation


def level_key(chosen: Chosen) -> str:
    """Where the session keeps the level of this case's prediction set."""
    return f"level.{chosen.serial}.{chosen.link}"


def target_key(chosen: Chosen) -> str:
    """Where the session keeps the class of this case that is explained."""
    return f"target.{chosen.serial}.{chosen.link}"


def build(pipeline: Pipeline, chosen: Chosen) -> View | None:
    """The view of the case as it stands; None where there is nothing to show yet, and the page says why."""
    try:
        return _build(pipeline, chosen)
    except TriptychError as error:
        models.problem(error)
        return None


def _build(pipeline: Pipeline, chosen: Chosen) -> View | None:
    case = edits.apply(chosen, pipeline.spec)
    if not case.present:
        st.info("Nothing is left to look at: every input is switched off or empty.", icon=":material/visibility_off:")
        st.button("Back to the original case", on_click=edits.reset, args=(chosen, pipeline.spec), icon=":material/undo:")
        return None
    original = analyses.of(pipeline, chosen.case, shared=chosen.kind == "sample")
    if original is None:
        return None
    same = case.digest == chosen.case.digest
    analysis = original if same else analyses.of(pipeline, case)
    if analysis is None:
        return None
    level = float(st.session_state.get(level_key(chosen), LEVEL))
    top = original.result(level=level).predictions[0].label
    picked = st.session_state.get(target_key(chosen))
    target = picked if picked in pipeline.spec.label_ids else top
    before = original.result(target, level)
    return View(pipeline, chosen, case, analysis, before if same else analysis.result(target, level), before, target, level)
