"""Draws skin the way a phone camera sees it: a lit surface that absorbs light, with lesions, hairs and camera faults.

Colour follows the Beer-Lambert law: skin starts bright and melanin and blood take light away channel by channel. Form
follows a height map in pixels, lit from the upper left. Nothing here was fitted to photos or to a model: these are drawings.

All maps are (SIZE, SIZE) float arrays; a canvas is (SIZE, SIZE, 3) in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

SIZE = 400
MELANIN = np.array([0.58, 0.80, 1.00])  # absorption of red, green and blue
BLOOD = np.array([0.12, 0.85, 0.68])
LIGHT = np.array([-0.50, -0.60, 0.62])  # towards the lamp: left, up, out of the page

Rng = np.random.Generator
Map = np.ndarray


def smoothstep(low: float, high: float, value: Map) -> Map:
    """0 below ``low``, 1 above ``high``, smooth between."""
    x = np.clip((value - low) / (high - low), 0.0, 1.0)
    return x * x * (3 - 2 * x)


def noise(rng: Rng, scale: float) -> Map:
    """Smooth noise with zero mean and unit deviation whose blobs are about ``scale`` pixels wide."""
    field = gaussian_filter(rng.standard_normal((SIZE, SIZE)), scale, mode="reflect")
    return (field - field.mean()) / field.std()


def clouds(rng: Rng, scale: float, octaves: int = 4) -> Map:
    """Fractal noise from ``scale`` pixels downwards, zero mean and unit deviation."""
    field = sum(noise(rng, scale / 2**octave) / 1.8**octave for octave in range(octaves))
    return np.asarray((field - field.mean()) / field.std())


def cells(rng: Rng, spacing: float, stretch: float = 1.0) -> tuple[Map, Map]:
    """Voronoi cells ``spacing`` pixels wide: depth of the furrow between them (1 in it, 0 inside), and a number in 0..1 per cell."""
    columns, rows = int(SIZE / spacing) + 4, int(SIZE / (spacing * stretch)) + 4
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2) - 1.5
    points = (grid + rng.uniform(-0.42, 0.42, grid.shape)) * spacing
    y, x = np.mgrid[:SIZE, :SIZE].astype(float)
    warp = 0.25 * spacing
    place = np.stack([x + warp * noise(rng, spacing), y / stretch + warp * noise(rng, spacing)], -1).reshape(-1, 2)
    distance, nearest = cKDTree(points).query(place, k=2)
    furrow = 1 - smoothstep(0.0, 0.45, (distance[:, 1] - distance[:, 0]) / spacing)
    return furrow.reshape(SIZE, SIZE), rng.uniform(size=len(points))[nearest[:, 0]].reshape(SIZE, SIZE)


@dataclass
class Skin:
    """A patch of skin being painted: what absorbs, how high, how glossy, and opaque stuff on top."""

    melanin: Map
    blood: Map
    height: Map
    gloss: Map
    cover: Map  # (SIZE, SIZE, 3), colour of opaque stuff such as crust
    opacity: Map  # how much of ``cover`` is seen

    def paint(self, colour: tuple[float, float, float], alpha: Map) -> None:
        """Lay opaque stuff of one colour over what is there."""
        alpha = np.clip(alpha, 0.0, 1.0)
        rest = self.opacity * (1 - alpha)
        total = np.maximum(alpha + rest, 1e-9)
        self.cover = (np.array(colour) * alpha[..., None] + self.cover * rest[..., None]) / total[..., None]
        self.opacity = alpha + rest


def bare_skin(rng: Rng, melanin: float, blood: float, pore: float = 6.5, coarse: float = 1.0, stretch: float = 1.25) -> Skin:
    """Skin without a lesion: mottled, with the fine lattice of furrows and a few pores.

    Args:
        melanin, blood: how dark and how red, about 0.15 to 0.8 and 0.1 to 0.5.
        pore: width of the lattice in pixels; coarse: depth of its furrows; stretch: how elongated its cells are.
    """
    furrow, tint = cells(rng, pore, stretch)
    folds, _ = cells(rng, pore * 5, stretch * 1.3)
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE - 0.5
    round_limb = -40 * ((x * rng.uniform(0.6, 1.2)) ** 2 + (y * rng.uniform(0.3, 0.9)) ** 2)
    freckles = smoothstep(1.9, 3.2, clouds(rng, 9, 2))
    mottled = 1 + 0.10 * clouds(rng, 70) + 0.05 * noise(rng, 5) + 0.08 * (tint - 0.5)
    flushed = 1 + 0.15 * clouds(rng, 45) + 0.10 * noise(rng, 4)
    lattice = 0.26 * furrow * (1 + 0.5 * noise(rng, 25)) + 0.7 * folds * smoothstep(0.0, 2.0, noise(rng, 40))
    return Skin(
        melanin=melanin * mottled + 0.30 * freckles + 0.03 * coarse * furrow,
        blood=blood * flushed,
        height=round_limb - coarse * lattice + 0.14 * noise(rng, 1.3),
        gloss=np.full((SIZE, SIZE), 0.05),
        cover=np.zeros((SIZE, SIZE, 3)),
        opacity=np.zeros((SIZE, SIZE)),
    )


def outline(rng: Rng, radius: float, wobble: float, ragged: float, centre: tuple[float, float] = (0.5, 0.5), ratio: float = 1.15) -> Map:
    """Signed distance to a blob's border in pixels, positive inside.

    Args:
        radius: mean radius in pixels; wobble: lobes, as a share of the radius; ragged: fine unevenness in pixels.
        centre: as shares of the width and height; ratio: length over width.
    """
    y, x = np.mgrid[:SIZE, :SIZE].astype(float)
    x, y = x - centre[0] * SIZE, y - centre[1] * SIZE
    turn = rng.uniform(0, np.pi)
    along = (x * np.cos(turn) + y * np.sin(turn)) / np.sqrt(ratio)
    across = (y * np.cos(turn) - x * np.sin(turn)) * np.sqrt(ratio)
    angle = np.arctan2(across, along)
    border = np.full_like(angle, 1.0)
    for order in range(2, 8):
        border += wobble / order**0.8 * rng.normal() * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
    return radius * border - np.hypot(along, across) + ragged * clouds(rng, max(radius / 6, 4), 3)


def vessels(rng: Rng, inside: Map, count: int, reach: float) -> Map:
    """Fine branching vessels that start in the part where ``inside`` is positive: 0..1."""
    big = Image.new("L", (SIZE * 2, SIZE * 2))
    draw = ImageDraw.Draw(big)
    rows, columns = np.nonzero(inside > 0)
    pending = [(columns[i] * 2.0, rows[i] * 2.0, rng.uniform(0, 2 * np.pi), reach, 3) for i in rng.integers(0, len(rows), count)]
    while pending:
        x, y, heading, left, width = pending.pop()
        while left > 0:
            heading += rng.normal(0, 0.28)
            to = x + 5 * np.cos(heading), y + 5 * np.sin(heading)
            draw.line([(x, y), to], fill=255, width=width)
            if width > 1 and rng.uniform() < 0.14:
                pending.append((*to, heading + rng.choice([-0.8, 0.8]), left * 0.6, width - 1))
            (x, y), left = to, left - 2.5
    return np.asarray(big.resize((SIZE, SIZE), Image.Resampling.BOX), float) / 255


def hairs(rng: Rng, count: int, length: float, width: float, lean: float) -> Map:
    """Coverage 0..1 by ``count`` curved, tapering hairs about ``length`` pixels long that lean towards ``lean`` (radians)."""
    scale = 4
    big = Image.new("L", (SIZE * scale, SIZE * scale))
    draw = ImageDraw.Draw(big)
    for _ in range(count):
        start = rng.uniform(-0.1, 1.1, 2) * SIZE
        heading, span = lean + rng.normal(0, 0.45), length * rng.uniform(0.5, 1.4)
        bend = rng.normal(0, 0.22)
        t = np.linspace(0, 1, 24)[:, None]
        straight = np.array([np.cos(heading), np.sin(heading)])
        sideways = np.array([-straight[1], straight[0]])
        path = (start + span * (t * straight + bend * t * t * sideways)) * scale
        for i in range(len(path) - 1):
            thick = max(1, round(width * scale * (1 - 0.75 * i / len(path))))
            draw.line([tuple(path[i]), tuple(path[i + 1])], fill=255, width=thick)
    return np.asarray(big.resize((SIZE, SIZE), Image.Resampling.BOX), float) / 255


def render(skin: Skin) -> np.ndarray:
    """The canvas: absorbed, covered, lit from the upper left, with highlights where it is glossy."""
    absorbed = skin.melanin[..., None] * MELANIN + skin.blood[..., None] * BLOOD
    colour = np.array([0.97, 0.90, 0.84]) * np.exp(-absorbed)
    colour = colour * (1 - skin.opacity[..., None]) + skin.cover * skin.opacity[..., None]
    soft = gaussian_filter(skin.height, 0.6)
    slope_y, slope_x = np.gradient(soft)
    normal = np.stack([-slope_x, -slope_y, np.full_like(soft, 1.6)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    lamp = LIGHT / np.linalg.norm(LIGHT)
    facing = np.clip(normal @ lamp, 0, 1) / lamp[2]
    half = lamp + np.array([0.0, 0.0, 1.0])
    shine = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 40
    return np.clip(colour * (0.45 + 0.55 * facing[..., None]) + (skin.gloss * shine)[..., None], 0, 1)


def photograph(rng: Rng, canvas: np.ndarray, warmth: float = 0.0, blur: float = 0.55) -> Image.Image:
    """The canvas as a phone camera gives it: uneven light, a colour cast (``warmth``), blur in pixels, vignetting and grain."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE - 0.5
    turn = rng.uniform(0, 2 * np.pi)
    lamp = 1 + 0.16 * (x * np.cos(turn) + y * np.sin(turn)) + 0.03 * noise(rng, 90)
    light = lamp * (1 - 0.5 * (x * x + y * y))
    cast = np.array([1 + warmth, 1 + 0.2 * warmth, 1 - warmth])
    seen = np.stack([gaussian_filter(canvas[..., c], blur) for c in range(3)], -1) * light[..., None] * cast
    speckle = gaussian_filter(rng.standard_normal((SIZE, SIZE, 3)), (0.5, 0.5, 0)) * 0.013
    return Image.fromarray((np.clip(seen + speckle, 0, 1) * 255).round().astype(np.uint8))


def bent(field: Map, rng: Rng, scale: float, amount: float) -> Map:
    """``field`` with its places pushed around by ``amount`` pixels, to break up smooth edges."""
    y, x = np.mgrid[:SIZE, :SIZE].astype(float)
    return map_coordinates(field, [y + amount * noise(rng, scale), x + amount * noise(rng, scale)], order=1, mode="nearest")
