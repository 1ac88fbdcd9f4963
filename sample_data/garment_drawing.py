"""Drawn garments: a silhouette filled with a colour, a pattern and a texture, on the light ground of a shop's photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

SIDE = 128  # pixels of the finished picture
SCALE = 3
FULL = SIDE * SCALE

Rng = np.random.Generator
Points = list[tuple[float, float]]
Colour = tuple[int, int, int]

# Outlines in per cent of the picture, the right half; the left one mirrors it.
_SLEEVED: Points = [(58, 14), (70, 18), (88, 44), (77, 50), (70, 36), (70, 88), (50, 88)]
_LONG: Points = [(58, 14), (70, 18), (92, 76), (82, 80), (70, 42), (70, 88), (50, 88)]
OUTLINES: dict[str, Points] = {
    "T-shirt": _SLEEVED,
    "Shirt": [(57, 12), (70, 17), (91, 74), (82, 78), (70, 42), (71, 84), (62, 90), (50, 88)],
    "Vest top": [(57, 14), (63, 14), (65, 34), (71, 40), (71, 86), (50, 86)],
    "Sweater": [(58, 15), (72, 19), (94, 74), (84, 80), (72, 46), (72, 84), (50, 84)],
    "Cardigan": [(57, 13), (71, 18), (93, 76), (83, 81), (71, 46), (72, 90), (50, 90)],
    "Hoodie": [(61, 16), (74, 21), (94, 76), (84, 82), (73, 48), (73, 84), (50, 84)],
    "Jacket": [(59, 13), (74, 18), (94, 78), (83, 82), (73, 48), (74, 82), (50, 82)],
    "Dress": [(57, 9), (66, 11), (78, 26), (70, 31), (66, 26), (64, 42), (84, 94), (50, 94)],
    "Skirt": [(50, 16), (64, 16), (66, 22), (84, 86), (50, 86)],
    "Trousers": [(50, 8), (67, 8), (71, 30), (72, 94), (58, 94), (52, 36), (50, 36)],
    "Shorts": [(50, 22), (70, 22), (80, 74), (58, 76), (52, 54), (50, 54)],
}
KINDS = tuple(OUTLINES)


@dataclass(frozen=True)
class Look:
    """What a garment is drawn with.

    Attributes:
        kind: one of KINDS.
        base, second: RGB of the cloth and of its pattern.
        pattern: Solid, Stripe, Check, Dot, All over pattern, Melange, Denim or Colour blocking.
        texture: smooth, knit, rib or twill.
        size: of the pattern, 1 for usual.
        upright: stripes from top to bottom.
    """

    kind: str
    base: Colour
    second: Colour
    pattern: str
    texture: str
    size: float = 1.0
    upright: bool = False


def draw(look: Look, rng: Rng) -> Image.Image:
    """128 x 128 RGB."""
    mask = _mask(look.kind, rng)
    cloth = _cloth(look, rng) * _light(mask, rng)[..., None]
    cloth = _details(cloth, look)
    soft = ndimage.gaussian_filter(mask.astype(float), 0.9)[..., None]
    ground = 236.0 + 6.0 * np.linspace(1, -1, FULL)[:, None, None]
    shadow = 22.0 * ndimage.gaussian_filter(ndimage.shift(mask.astype(float), (7, 5)), 9)[..., None]
    picture = (ground - shadow) * (1 - soft) + cloth * soft
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _mask(kind: str, rng: Rng) -> np.ndarray:
    """(FULL, FULL) bool of the garment, its corners rounded, a little wider or longer than its like."""
    wide, long = rng.uniform(0.95, 1.05), rng.uniform(0.96, 1.03)
    right = [(50 + (x - 50) * wide, y * long if y > 50 else y) for x, y in OUTLINES[kind]]
    points = [*right, *((100 - x, y) for x, y in reversed(right))]
    image = Image.new("L", (FULL, FULL))
    pen = ImageDraw.Draw(image)
    pen.polygon([(x * FULL / 100, y * FULL / 100) for x, y in points], fill=255)
    if kind == "Hoodie":
        pen.ellipse([FULL * 0.36, FULL * 0.05, FULL * 0.64, FULL * 0.30], fill=255)
    mask = ndimage.gaussian_filter(np.asarray(image, float), 4) > 128
    if kind in NECKS:
        mask &= ~_ellipse(*NECKS[kind])
    return mask


NECKS = {
    "T-shirt": (50, 12, 10, 7),
    "Vest top": (50, 13, 9, 14),
    "Sweater": (50, 13, 9, 5),
    "Dress": (50, 8, 8, 9),
    "Cardigan": (50, 11, 7, 16),
}


def _ellipse(x: float, y: float, wide: float, high: float) -> np.ndarray:
    rows, columns = np.mgrid[:FULL, :FULL] * 100.0 / FULL
    return ((columns - x) / wide) ** 2 + ((rows - y) / high) ** 2 < 1


def _cloth(look: Look, rng: Rng) -> np.ndarray:
    """(FULL, FULL, 3) float: colour, pattern and texture."""
    share = _pattern(look, rng)[..., None]
    cloth = np.array(look.base, float) * (1 - share) + np.array(look.second, float) * share
    return cloth * _texture(look.texture, rng)[..., None]


def _pattern(look: Look, rng: Rng) -> np.ndarray:
    """(FULL, FULL) share of the second colour."""
    rows, columns = np.mgrid[:FULL, :FULL].astype(float)
    step = 30.0 * look.size
    along = columns if look.upright else rows
    if look.pattern == "Stripe":
        return (along % step < step * 0.42).astype(float)
    if look.pattern == "Check":
        return 0.45 * (rows % step < step / 2) + 0.45 * (columns % step < step / 2)
    if look.pattern == "Dot":
        odd = (rows // step) % 2 * step / 2
        return (np.hypot(rows % step - step / 2, (columns + odd) % step - step / 2) < step * 0.26).astype(float)
    if look.pattern == "All over pattern":
        return _flowers(rng, step)
    if look.pattern == "Melange":
        return ndimage.gaussian_filter(rng.uniform(size=(FULL, FULL)), (0.6, 2.5)) * 1.6 - 0.45
    if look.pattern == "Denim":
        return 0.35 * ndimage.gaussian_filter(rng.uniform(size=(FULL, FULL)), (2.2, 0.5)) + 0.25 * _ellipse(50, 60, 22, 40)
    if look.pattern == "Colour blocking":
        return (rows > FULL * 0.5).astype(float)
    return np.zeros((FULL, FULL))


def _flowers(rng: Rng, step: float) -> np.ndarray:
    image = Image.new("L", (FULL, FULL))
    pen = ImageDraw.Draw(image)
    petal = step * 0.2
    for y in np.arange(0, FULL + step, step * 0.95):
        for x in np.arange(0, FULL + step, step * 0.95):
            at_x, at_y, turn = x + rng.uniform(-0.3, 0.3) * step, y + rng.uniform(-0.3, 0.3) * step, rng.uniform(0, 6.3)
            for part in range(5):
                cx, cy = at_x + petal * np.cos(turn + part * 1.257), at_y + petal * np.sin(turn + part * 1.257)
                pen.ellipse([cx - petal * 0.75, cy - petal * 0.75, cx + petal * 0.75, cy + petal * 0.75], fill=255)
            pen.ellipse([at_x - petal * 0.5, at_y - petal * 0.5, at_x + petal * 0.5, at_y + petal * 0.5], fill=90)
    return np.asarray(image, float) / 255


def _texture(name: str, rng: Rng) -> np.ndarray:
    rows, columns = np.mgrid[:FULL, :FULL].astype(float)
    grain = 1 + 0.02 * rng.normal(size=(FULL, FULL))
    if name == "knit":
        return grain * (1 + 0.16 * np.sin(columns * 2 * np.pi / 9 + 1.6 * np.sin(rows * 2 * np.pi / 9)))
    if name == "rib":
        return grain * (1 + 0.18 * np.sin(columns * 2 * np.pi / 14))
    if name == "twill":
        return grain * (1 + 0.08 * np.sin((rows + columns) * 2 * np.pi / 6)) * (1 + 0.05 * rng.normal(size=(FULL, FULL)))
    return grain


def _light(mask: np.ndarray, rng: Rng) -> np.ndarray:
    """Darker at the edges, with soft folds."""
    depth = np.minimum(ndimage.distance_transform_edt(mask) / 26, 1)
    folds = ndimage.gaussian_filter(rng.normal(size=(FULL, FULL)), (40, 11))
    return (0.78 + 0.22 * depth) * (1 + 0.11 * folds / max(folds.std(), 1e-9) * 0.5)


def _details(cloth: np.ndarray, look: Look) -> np.ndarray:
    """Collars, buttons, pockets and seams as darker (on dark cloth lighter) lines."""
    image = Image.fromarray(cloth.clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    dark = sum(look.base) < 210
    ink = tuple(int(c + (255 - c) * 0.35) if dark else int(c * 0.6) for c in look.base)

    def line(points: Points, width: int = 3) -> None:
        pen.line([(x * FULL / 100, y * FULL / 100) for x, y in points], fill=ink, width=width)

    def buttons(x: float, top: float, bottom: float, count: int) -> None:
        for y in np.linspace(top, bottom, count):
            pen.ellipse([x * FULL / 100 - 3, y * FULL / 100 - 3, x * FULL / 100 + 3, y * FULL / 100 + 3], fill=ink)

    kind = look.kind
    if kind in ("Shirt", "Cardigan", "Jacket"):
        line([(50, 20), (50, 92)])
    if kind == "Shirt":
        line([(43, 13), (50, 22), (57, 13)], 4)
        buttons(52, 28, 80, 6)
    elif kind == "Cardigan":
        buttons(52, 34, 84, 5)
    elif kind == "Jacket":
        line([(41, 14), (47, 28), (50, 20), (53, 28), (59, 14)], 4)
        line([(34, 60), (43, 60), (43, 72), (34, 72), (34, 60)])
        line([(57, 60), (66, 60), (66, 72), (57, 72), (57, 60)])
    elif kind == "Hoodie":
        line([(41, 20), (50, 27), (59, 20)], 4)
        line([(38, 62), (62, 62), (66, 76), (34, 76), (38, 62)])
    elif kind in ("Trousers", "Shorts", "Skirt"):
        top = {"Trousers": 12, "Shorts": 26, "Skirt": 20}[kind]
        line([(20, top), (80, top)], 3)
        if kind != "Skirt":
            line([(50, top), (50, 36 if kind == "Trousers" else 54)])
            line([(33, top + 2), (38, top + 10)])
            line([(67, top + 2), (62, top + 10)])
    elif kind == "Dress":
        line([(34, 42), (66, 42)])
    if kind in ("Sweater", "Hoodie", "Cardigan"):
        line([(28, 81), (72, 81)], 2)
    return np.asarray(image, float)
