"""What-if: the values that a field of the record could have had."""

from __future__ import annotations

from math import ceil, log10

import numpy as np

from mmcore.model_spec import Field

NUMBER_STEPS = 8


def candidate_values(field: Field, current: float | str | None) -> list[float | str]:
    """Values to try: all of a category or flag, eight evenly over a number's typical range; never the current one."""
    if field.type == "number":
        low, high = field.typical or field.range
        digits = max(0, ceil(-log10((high - low) / NUMBER_STEPS)))  # as fine as the steps are
        values: list[float | str] = [float(v) for v in np.unique(np.round(np.linspace(low, high, NUMBER_STEPS), digits))]
    else:
        values = list(field.values) if field.type == "category" else ["True", "False"]
    return [value for value in values if value != current]


def shown_value(value: float | str | None) -> str:
    """A field's value as text: 54 for 54.0, "" where missing."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else value
