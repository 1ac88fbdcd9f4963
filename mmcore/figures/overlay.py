"""The picture with its evidence laid over it, in the picture's own pixels."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from mmcore.figures.palette import diverging, layout
from mmcore.figures.surface import FLOOR, scale, smooth
from mmcore.wording import in_sentence, points

SIDE = 1400  # pixels shown along the longer side: enough to zoom in, small enough to send


def draw(
    photo: str,
    size: tuple[int, int],
    boxes: np.ndarray | None = None,
    scores: np.ndarray | None = None,
    opacity: float = 0.6,
    height: int = 380,
    floor: float = FLOOR,
    say: Callable[[float], str] = points,
) -> go.Figure:
    """Photo with the smooth overlay of patch scores; drag zooms, double click resets.

    Args:
        photo: the picture as a data URI, see ``data_uri``.
        size: (width, height) of the picture in its own pixels.
        boxes: (P, 4) [x, y, w, h] in those pixels; None or empty for the photo alone.
        scores: (P,) what the target loses when the patch is blurred; positive speaks for it.
        opacity: of the overlay, 0..1.
        height: of the figure, in CSS pixels.
        floor: the least score that gets full colour.
        say: a score in words.
    """
    columns, rows = size
    figure = go.Figure()
    figure.add_layout_image(source=photo, x=0, y=0, sizex=columns, sizey=rows, xref="x", yref="y", sizing="stretch", layer="below")
    if boxes is not None and scores is not None and len(boxes):
        figure.add_trace(_heat(boxes, scores, size, opacity, floor, say))
    else:
        figure.add_trace(go.Scatter(x=[0, columns], y=[0, rows], mode="markers", marker={"opacity": 0}, hoverinfo="skip"))
    figure.update_layout(layout(height, dragmode="zoom", uirevision="overlay", margin={"l": 0, "r": 0, "t": 0, "b": 0}))
    figure.update_xaxes(range=[0, columns], visible=False, constrain="domain")
    figure.update_yaxes(range=[rows, 0], visible=False, scaleanchor="x", constrain="domain")
    return figure


def alt(
    boxes: np.ndarray | None, scores: np.ndarray | None, size: tuple[int, int], name: str, title: str = "photo",
    say: Callable[[float], str] = points,
) -> str:  # fmt: skip
    """Where the strongest evidence lies, in words.

    Args:
        name: of the class.
        title: what the picture is called.
        say: a score in words.
    """
    picture = f"The {in_sentence(title)}"
    if boxes is None or scores is None or not len(scores):
        return f"{picture}, {size[0]} by {size[1]} pixels."
    best = int(np.argmax(scores))
    x, y, w, h = (float(v) for v in boxes[best])
    across = ("left", "middle", "right")[min(2, int(3 * (x + w / 2) / size[0]))]
    down = ("top", "middle", "bottom")[min(2, int(3 * (y + h / 2) / size[1]))]
    place = "middle" if across == down == "middle" else f"{down} {across}"
    return f"{picture} with its evidence for {name}: the strongest part is at the {place}, {say(float(scores[best]))}."


def data_uri(pixels: np.ndarray, side: int = SIDE) -> str:
    """(H, W, 3) uint8 as a JPEG data URI no longer than ``side`` pixels."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _heat(
    boxes: np.ndarray, scores: np.ndarray, size: tuple[int, int], opacity: float, floor: float, say: Callable[[float], str]
) -> go.Heatmap:
    surface = smooth(boxes, scores, size)
    rows, columns = surface.shape
    full = scale(scores, floor)
    return go.Heatmap(
        z=np.round(100 * surface, 3),
        x=(np.arange(columns) + 0.5) * size[0] / columns,
        y=(np.arange(rows) + 0.5) * size[1] / rows,
        zmin=-100 * full,
        zmax=100 * full,
        zsmooth="best",
        colorscale=diverging(1.0),
        opacity=opacity,
        hoverongaps=False,
        hovertemplate="%{z:+.2r} pts<extra></extra>",
        colorbar={
            "orientation": "h",
            "thickness": 9,
            "len": 0.66,  # leaves room beside it for what stands at its ends
            "x": 0.5,
            "y": -0.01,
            "yanchor": "top",
            "outlinewidth": 0,
            "tickvals": [-100 * full, 0, 100 * full],
            "ticktext": [f"against {say(-full)}", "0", f"for {say(full)}"],
            "ticklabelposition": "outside",
        },
    )
