"""Probabilities and their differences as people read them: "61 %", "+11 pts"."""

from __future__ import annotations

NBSP = "\u00a0"
MINUS = "\u2212"


def percent(probability: float) -> str:
    """A probability in 0..1 as "61 %"; what would round to 0 or 100 says "<1 %" or ">99 %" unless it is exactly that."""
    if 0 < probability < 0.005:
        return f"<1{NBSP}%"
    if 0.995 <= probability < 1:
        return f">99{NBSP}%"
    return f"{100 * probability:.0f}{NBSP}%"


def points(difference: float) -> str:
    """A difference of two probabilities in percentage points with its sign: "+11 pts", "−3 pts", "0 pts"."""
    size = abs(100 * difference)
    if size < 0.05:
        return f"0{NBSP}pts"
    number = f"{size:.1f}" if size < 0.95 else f"{size:.0f}"
    return f"{'+' if difference > 0 else MINUS}{number}{NBSP}pts"


def change(before: float, after: float) -> str:
    """Two probabilities as "61 % → 48 %"."""
    return f"{percent(before)} → {percent(after)}"


def listing(names: list[str] | tuple[str, ...]) -> str:
    """Names as "a", "a and b" or "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
