"""Places in a film as people read them: minutes and seconds, with tenths where these alone would say nothing."""

from __future__ import annotations

SHORT_S = 10.0


def clock(time_s: float) -> str:
    """Minutes and whole seconds, as "0:11"; never later than it is."""
    return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"


def tenths(film_s: float) -> bool:
    """True for a film so short that whole seconds say too little."""
    return film_s < SHORT_S


def at(time_s: float, film_s: float) -> str:
    """A moment, as "0:11", or "0:00.3" in a short film; never later than it is."""
    return _fine(time_s) if tenths(film_s) else clock(time_s)


def span(start_s: float, end_s: float, film_s: float) -> str:
    """A stretch, as "0:11 to 0:21"; with tenths in a short film, and where both ends would read alike."""
    if tenths(film_s) or clock(start_s) == clock(end_s):
        return f"{_fine(start_s)} to {_fine(end_s)}"
    return f"{clock(start_s)} to {clock(end_s)}"


def _fine(time_s: float) -> str:
    count = int(round(time_s, 3) * 10 + 1e-6)
    return f"{count // 600}:{count // 10 % 60:02d}.{count % 10}"
