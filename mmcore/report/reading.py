"""What a Result says, looked up: the few questions that pages and reports ask of one."""

from __future__ import annotations

from collections.abc import Sequence

from mmcore import wording
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.result import Explanation, Result
from mmcore.wording import in_sentence, listing, percent, spoken

SET = "The prediction set holds the classes that cannot be ruled out: over many cases the true one is in it as often as the level says."


EDITS = 5
"""So many changes are told."""
TELLING = 0.01
"""Of probability: a weaker change is not worth a line."""


def probability(result: Result, label: str) -> float:
    """This label's probability; 0 where the model does not know the label."""
    return next((p.probability for p in result.predictions if p.label == label), 0.0)


def name(spec: ModelSpec, label: str) -> str:
    """A label's name for people; the label itself where the model does not know it."""
    return next((item.name for item in spec.labels if item.id == label), label)


def headline(result: Result) -> tuple[str, str]:
    """The answer in a few words, and what stands small beside it: where the model does not commit itself, the most probable class."""
    likely = f"{listing(leading(result))} {percent(result.predictions[0].probability)}{' each' if len(leading(result)) > 1 else ''}"
    return ("Not sure", f"{leading_title(result)}: {likely}") if result.confidence.abstain else (likely, "")


def leading(result: Result) -> list[str]:
    """The name of the most probable class, and of those that are told with the same percentage."""
    top = percent(result.predictions[0].probability)
    return [p.name for p in result.predictions if percent(p.probability) == top]


def leading_title(result: Result) -> str:
    """What `leading` is called."""
    return "Most probable" if len(leading(result)) == 1 else "Equally probable"


def no_guarantee(result: Result, spec: ModelSpec) -> str:
    """Why the prediction set promises nothing on this case; empty where it does."""
    names = [in_sentence(spec.inputs[modality].title) for modality in result.confidence.unlike]
    return wording.no_guarantee(names, "", "anything seen in training") if names else ""


def inputs(spec: ModelSpec, subset: str) -> str:
    """What a subset of the inputs is called inside a sentence: "image+record" as "photo and clinical record"."""
    return listing([in_sentence(spec.inputs[modality].title) for modality in subset.split("+") if modality])


def warning(item: InputSpec | None, text: str) -> str:
    """What was noticed while this input was read, for people: a field by its title, "pO2_saturation: …" as "Saturation: …"."""
    name, colon, rest = text.partition(":")
    title = next((field.title for field in item.fields if field.name == name), "") if item is not None and colon else ""
    return f"{title}:{rest}" if title else text


def group_names(spec: ModelSpec, group: str) -> list[str]:
    """The names of a group's labels."""
    return [name(spec, label) for label in spec.groups.get(group, ())]


def group(spec: ModelSpec, name: str, value: float) -> str:
    """A group's probability as a sentence: "Malignant, any of melanoma and …: 40 %."."""
    return f"{name.capitalize()}, any of {listing(group_names(spec, name))}: {percent(value)}."


def interaction(explanation: Explanation) -> str:
    """The interaction as a sentence with what it is."""
    told = wording.points(explanation.interaction)
    return f"Interaction: {told} (what the inputs say together beyond the sum of what each says alone)."


def basis(result: Result, spec: ModelSpec) -> str:
    """What probabilities and set rest on."""
    return f"Calibrated on {result.confidence.calibration_n} cases with {inputs(spec, result.confidence.subset)}"


def noticed(result: Result, spec: ModelSpec) -> list[str]:
    """What was noticed while the inputs were read, each with the input's title."""
    listed = [(spec.inputs.get(name), name, text) for name, report in result.inputs.items() for text in report.warnings]
    return [f"{item.title if item else name}: {warning(item, text)}" for item, name, text in listed]


def set_names(result: Result) -> list[str]:
    """The names in the prediction set, most probable first."""
    return [p.name for p in result.predictions if p.label in result.confidence.set]


def total(explanation: Explanation) -> float:
    """The target's probability: the base and every share."""
    return explanation.base + sum(explanation.shares.values())


def strongest_edits(explanation: Explanation | None) -> list[tuple[str, str, float]]:
    """(field, value, probability of the target then): the strongest edit of each field, strongest first, at most EDITS and none weak."""
    if explanation is None:
        return []
    now = total(explanation)
    best = []
    for field, values in explanation.edits.items():
        if values:
            value = max(values, key=lambda v: abs(values[v] - now))
            best.append((field, value, values[value]))
    return [edit for edit in sorted(best, key=lambda edit: -abs(edit[2] - now)) if abs(edit[2] - now) >= TELLING][:EDITS]


def edit(spec: ModelSpec, name: str, value: str) -> str:
    """An edit in words: "Saturation = 100 %"."""
    field = next((f for item in spec.inputs.values() for f in item.fields if f.name == name), None)
    return f"{field.title if field else name} = {spoken(value)}{f' {field.unit}' if field and field.unit else ''}"


def made(generated: bool | None, real: Sequence[str] = ()) -> str:
    """How a case came to be, in a word or two; empty where unknown.

    Args:
        real: of a generated case the inputs that are real.
    """
    if generated and real:
        return "partly generated"
    return {True: "generated", False: "real case", None: ""}[generated]


def origin(generated: bool | None, real: Sequence[str] = ()) -> str:
    """How a case came to be, with what that means; empty where unknown."""
    said = made(generated, real)
    return f"{said}, not the case of a real patient" if generated and real else f"{said}, not a real patient" if generated else said
