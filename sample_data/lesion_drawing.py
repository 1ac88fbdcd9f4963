"""Lesions painted onto drawn skin, after what dermatology textbooks describe; and one picture that is no skin at all."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from skin_drawing import SIZE, Rng, Skin, bent, cells, clouds, noise, outline, smoothstep, vessels


def nevus(rng: Rng, skin: Skin) -> None:
    """A mole: round, one even brown, a soft regular border."""
    inside = outline(rng, 56, 0.03, 1.5, (0.51, 0.49), 1.12)
    body = smoothstep(-7, 8, inside)
    skin.melanin += body * (1.0 + 0.10 * clouds(rng, 14) + 0.30 * smoothstep(0, 45, inside))
    skin.blood += 0.10 * body
    skin.height += 3.0 * smoothstep(-8, 35, inside) + body * 0.35 * noise(rng, 2.2)


def melanoma(rng: Rng, skin: Skin) -> None:
    """Asymmetric, notched border, several browns, black, blue-grey and a pale scar-like part."""
    inside = bent(outline(rng, 80, 0.13, 5, (0.49, 0.50), 1.3), rng, 15, 4)
    body = smoothstep(-5, 8, inside)
    skin.melanin += body * (1.15 + 0.40 * clouds(rng, 40, 3) + 0.28 * clouds(rng, 9, 3))
    black = body * smoothstep(0.0, 0.9, clouds(rng, 30, 3) + 0.5 * smoothstep(5, 45, inside) - 0.25)
    skin.melanin += 1.7 * black
    skin.blood += body * (0.12 + 0.20 * smoothstep(0.2, 1.6, clouds(rng, 30, 3)))
    skin.paint((0.41, 0.44, 0.50), 0.60 * body * smoothstep(0.4, 1.3, bent(clouds(rng, 32, 3), rng, 9, 4)) * smoothstep(8, 30, inside))
    skin.paint((0.82, 0.67, 0.62), 0.55 * body * smoothstep(1.1, 1.8, clouds(rng, 28, 3)) * smoothstep(2, 20, inside))
    streaks = smoothstep(1.3, 2.1, clouds(rng, 6, 2)) * smoothstep(-20, -5, inside) * (1 - body)
    skin.melanin += 0.8 * streaks
    skin.blood += 0.10 * smoothstep(-40, 0, inside) * (1 - body)
    skin.height += 3.5 * smoothstep(-8, 34, inside) + body * (0.9 * noise(rng, 9) + 0.35 * noise(rng, 2.2))
    skin.gloss += 0.10 * black


def basal_cell_carcinoma(rng: Rng, skin: Skin) -> None:
    """A pearly pink nodule with a rolled rim and fine vessels; here a faint one that could be many things."""
    inside = outline(rng, 54, 0.05, 2, (0.50, 0.52), 1.2)
    body = smoothstep(-18, 14, inside)
    rim = np.exp(-(((inside - 10) / 11) ** 2))
    skin.height = skin.height * (1 - 0.6 * body) + gaussian_filter(skin.height, 6) * 0.6 * body
    skin.blood += 0.22 * body + 0.08 * rim + 0.06 * body * clouds(rng, 12, 3)
    skin.melanin *= 1 - 0.30 * body
    skin.blood += 0.50 * gaussian_filter(vessels(rng, inside - 8, 6, 34), 0.7) * smoothstep(-4, 8, inside)
    skin.height += gaussian_filter(9.0 * smoothstep(-20, 34, inside) + 1.6 * rim - 2.5 * smoothstep(26, 50, inside), 3)
    skin.height += 0.6 * body * noise(rng, 6)
    skin.gloss += 0.22 * body


def actinic_keratosis(rng: Rng, skin: Skin) -> None:
    """An ill-defined rough red patch with fine whitish and yellowish scale on sun-damaged skin."""
    inside = bent(outline(rng, 78, 0.10, 10, (0.48, 0.51), 1.3), rng, 18, 9)
    body = smoothstep(-40, 30, inside)
    skin.blood += body * (0.28 + 0.12 * clouds(rng, 14, 3))
    skin.melanin += 0.10 * body * np.abs(clouds(rng, 18, 3))
    where = smoothstep(-0.2, 1.2, clouds(rng, 22, 2)) * body
    flakes = where * smoothstep(-0.1, 1.0, bent(clouds(rng, 5, 3), rng, 6, 3))
    skin.paint((0.90, 0.82, 0.72), 0.80 * flakes)
    skin.paint((0.72, 0.54, 0.35), 0.55 * body * smoothstep(1.5, 2.3, clouds(rng, 10, 3)))
    skin.height += 1.6 * gaussian_filter(flakes, 0.7) + 0.35 * body * noise(rng, 2.0)


def seborrheic_keratosis(rng: Rng, skin: Skin) -> None:
    """Stuck on: a sharp edge, waxy tan to brown, cobbled, with dark pits and pale cysts."""
    inside = outline(rng, 82, 0.06, 3.5, (0.50, 0.49), 1.25)
    body = smoothstep(-3, 3.5, inside)
    furrow, tone = cells(rng, 17)
    furrow = gaussian_filter(bent(furrow, rng, 5, 3), 1.2) * smoothstep(-1.0, 1.0, noise(rng, 22))
    skin.melanin += body * (0.55 + 0.26 * clouds(rng, 26, 4) + 0.12 * gaussian_filter(tone - 0.5, 2) + 0.45 * furrow)
    skin.paint((0.47, 0.37, 0.27), 0.45 * body)
    skin.height += 4.5 * smoothstep(-4, 16, inside) - 2.0 * body * furrow + body * (0.9 * noise(rng, 5) + 0.4 * noise(rng, 1.8))
    for colour, alpha, count, radius, lift in (((0.17, 0.11, 0.08), 0.80, 13, 3.2, -2.2), ((0.85, 0.77, 0.63), 0.65, 7, 2.4, 0.6)):
        dots = spots(rng, inside - 14, count, radius)
        skin.paint(colour, alpha * dots)
        skin.height += lift * dots
    skin.gloss += 0.10 * body


def squamous_cell_carcinoma(rng: Rng, skin: Skin) -> None:
    """A raised inflamed edge around a wet red ulcer, half of it under yellow-brown crust."""
    inside = bent(outline(rng, 74, 0.08, 4, (0.50, 0.50), 1.2), rng, 14, 4)
    halo = smoothstep(-70, 10, inside)
    body = smoothstep(-12, 12, inside)
    pit = gaussian_filter(smoothstep(18, 34, inside + 4 * clouds(rng, 9, 3)), 1.5)
    skin.blood += 0.26 * halo + 0.34 * body + body * 0.12 * clouds(rng, 10, 3)
    skin.height += gaussian_filter(8.0 * smoothstep(-22, 18, inside) - 6.0 * pit, 2) + body * (0.8 * noise(rng, 5) + 0.3 * noise(rng, 2))
    skin.paint((0.50, 0.13, 0.11), 0.80 * pit)
    skin.paint((0.28, 0.06, 0.06), 0.65 * pit * smoothstep(0.2, 1.4, clouds(rng, 16, 3)))
    skin.gloss += 0.40 * pit
    crust = smoothstep(0.0, 0.9, clouds(rng, 30, 4)) * smoothstep(4, 20, inside)
    grain = bent(clouds(rng, 8, 4), rng, 6, 3)
    skin.paint((0.70, 0.53, 0.32), 0.80 * crust * smoothstep(-1.6, 0.3, grain))
    skin.paint((0.38, 0.21, 0.12), 0.70 * crust * smoothstep(0.3, 1.4, clouds(rng, 12, 3)))
    skin.paint((0.92, 0.86, 0.76), 0.50 * body * smoothstep(1.0, 1.9, clouds(rng, 7, 3)) * (1 - pit))
    skin.height += crust * (2.0 + 1.5 * grain + 0.5 * noise(rng, 2))
    skin.gloss *= 1 - 0.75 * crust


def spots(rng: Rng, inside: np.ndarray, count: int, radius: float) -> np.ndarray:
    """0..1: ``count`` small round spots, none where ``inside`` is negative."""
    y, x = np.mgrid[:SIZE, :SIZE]
    rows, columns = np.nonzero(inside > 0)
    field = np.zeros((SIZE, SIZE))
    for i in rng.integers(0, len(rows), count):
        size = radius * rng.uniform(0.6, 1.3)
        field = np.maximum(field, np.exp(-((np.hypot(x - columns[i], y - rows[i]) / size) ** 4)))
    return field


def landscape(rng: Rng) -> Image.Image:
    """Hills under an evening sky: no skin anywhere."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE
    sky = np.array([0.36, 0.56, 0.82]) + y[..., None] * np.array([0.75, 0.42, 0.05])
    cloud = smoothstep(0.2, 1.8, clouds(rng, 45, 5))[..., None] * 0.6
    canvas = sky * (1 - cloud) + np.array([1.0, 0.97, 0.94]) * cloud
    sun = np.hypot(x - 0.70, y - 0.26)
    canvas += np.exp(-((sun / 0.16) ** 2))[..., None] * np.array([0.35, 0.28, 0.10]) + smoothstep(0.052, 0.046, sun)[..., None] * 0.5
    for number, (level, rough) in enumerate(((0.50, 0.030), (0.60, 0.045), (0.72, 0.060), (0.86, 0.075))):
        ridge = level + 0.8 * rough * clouds(rng, 40, 4)[SIZE // 2]
        ground = smoothstep(-0.002, 0.002, y - ridge)[..., None]
        near = number / 3
        colour = np.array([0.44, 0.54, 0.64]) * (1 - near) + np.array([0.13, 0.27, 0.10]) * near
        texture = 1 + (0.06 + 0.16 * near) * clouds(rng, 6, 3)[..., None]
        canvas = canvas * (1 - ground) + colour * texture * ground
    return Image.fromarray((np.clip(canvas, 0, 1) * 255).round().astype(np.uint8))
