"""Every colour of the figures, in one place: safe for colour-blind eyes and readable on white and on black.

Blue speaks for a class and amber against it, everywhere: the pair stays apart under every common colour
blindness (Okabe & Ito 2008). Over a photo the amber is brighter, since skin is of its hue. No meaning rests on
colour alone: signs, texts and positions say the same.
"""

from __future__ import annotations

from typing import Any

FOR = "#2f7ed8"
AGAINST = "#d98200"
RESULT = "#7b7f8c"
FAINT = "rgba(128, 132, 145, 0.42)"
LINE = "rgba(128, 132, 145, 0.6)"
GRID = "rgba(128, 132, 145, 0.2)"
CLEAR = "rgba(0, 0, 0, 0)"
KINDS = {"fusion": "#2f7ed8", "single": "#b0619f", "baseline": "#8a8d96", "sources": "#c2571a"}
FILM = {"visual": FOR, "audio": AGAINST, "speech": "#7b4fc9", "text": "#b8336a", "shot": "#8a97a6", "event": "#0e7c86"}
"""What sight, sound, speech and words on the screen are drawn in wherever a film is shown, and its shots and events."""
KIND_SYMBOLS = {"fusion": "circle", "single": "diamond", "baseline": "square-open", "sources": "triangle-up"}

FOR_RGB = (20, 84, 230)
AGAINST_RGB = (255, 200, 0)


def signed(score: float) -> str:
    """The colour of a score: for, against, or neither."""
    return FOR if score > 0 else AGAINST if score < 0 else RESULT


def diverging(strength: float = 1.0) -> list[list[Any]]:
    """Plotly colour scale from "against" over fully clear at zero to "for"; ``strength`` is the opacity at the ends."""
    steps = []
    for i in range(21):
        position = i / 20
        side = abs(2 * position - 1)
        red, green, blue = FOR_RGB if position >= 0.5 else AGAINST_RGB
        steps.append([position, f"rgba({red}, {green}, {blue}, {strength * side**0.8:.3f})"])
    return steps


def layout(height: int, **more: Any) -> dict[str, Any]:
    """What every figure's layout shares: clear background, no buttons in the way, small margins."""
    shared: dict[str, Any] = {
        "height": height,
        "margin": {"l": 4, "r": 4, "t": 6, "b": 4},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"align": "left"},
        "font": {"size": 13},
    }
    return {**shared, **more}
