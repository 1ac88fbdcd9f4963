"""Lines of text drawn over pictures: material on which reading is measured. What it shows is generated, and its truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

CAPITAL = 0.73
"""Height of a capital letter of the font (Bitstream Vera Sans, which comes with reportlab) as a share of its size."""
MARGIN, MARGIN_TOP, BETWEEN = 0.04, 0.06, 0.8
STYLES = ("white with a dark edge", "white without an edge", "white on a dark box", "45 grey levels lighter", "18 grey levels lighter")
OUTLINED, PLAIN, ON_A_BOX, FAINT, FAINTEST = STYLES
LIGHTER = {FAINT: 45, FAINTEST: 18}
"""Grey levels between faint letters and the mean of the picture under them."""
LANGUAGES = {
    "English": (
        "Breaking news from the coast", "Please mind the gap", "Two people were rescued", "Every word counts tonight",
        "The water is rising again", "Directed by Helen Moore", "Turn left at the bridge", "Ten years later in London",
        "Mix the flour with butter", "Quarter final, second half", "Open daily from nine", "Wind from the north west",
    ),
    "numbers": (
        "12:45", "Gate B17", "2,350 km", "19.08.2026", "+49 30 901820", "Room 4.12", "3 : 2",
        "EUR 17.90", "98 %", "Flight LX 1806", "1/4", "Tel. 555-0142",
    ),
    "German": (
        "Größe und Gewicht prüfen", "Über den Dächern der Stadt", "Nächster Halt: Bahnhof", "Schöne Grüße aus München",
        "Äpfel, Öl und Nüsse", "Tür bitte schließen", "Fußgänger müssen warten", "Geöffnet täglich ab neun",
        "Wir hören später weiter", "Köln gewinnt zwei zu null", "Das Wetter für morgen", "Für Kinder geeignet",
    ),
    "French": (
        "À bientôt sur la côte", "Le garçon a trouvé la clé", "Où est la forêt", "Élections dès février", "Ça commence à huit heures",
        "Hôtel près de la gare", "Une soirée très agréable", "Météo de la semaine", "Réalisé par Hélène Noël", "Cinq ans après",
        "Sortie de secours à gauche", "L'été arrive enfin",
    ),
    "Spanish": (
        "Mañana lloverá en el sur", "¿Dónde está la estación?", "El niño perdió el balón", "Última hora desde Málaga",
        "Abierto todos los días",
        "Próxima parada: Atocha", "Dirigida por Iñaki Núñez", "Diez años después", "Cerrado por obras", "Feliz cumpleaños, mamá",
        "El corazón de la ciudad", "No pisar el césped",
    ),
}  # fmt: skip
Box = tuple[int, int, int, int]


def draw(pixels: np.ndarray, lines: Sequence[str], capital: int, style: str, rng: np.random.Generator) -> tuple[np.ndarray, list[Box]]:
    """Lines one under the other at a random place of a (H, W, 3) picture; the picture and each line's (left, top, right, bottom).

    Args:
        capital: height of a capital letter in pixels.
        style: one of STYLES.
    """
    font = _font(round(capital / CAPITAL))
    boxes = [font.getbbox(line, anchor="la") for line in lines]
    step = round((1 + BETWEEN) * capital / CAPITAL)
    height, width = pixels.shape[:2]
    wide, high = round(max(box[2] for box in boxes)), step * len(lines)
    left = int(rng.integers(round(MARGIN * width), max(round(MARGIN * width) + 1, width - wide - round(MARGIN * width))))
    top = int(rng.integers(round(MARGIN_TOP * height), max(round(MARGIN_TOP * height) + 1, height - high)))
    picture = Image.fromarray(pixels)
    pen, placed = ImageDraw.Draw(picture), []
    for number, (line, box) in enumerate(zip(lines, boxes, strict=True)):
        x, y = left, top + number * step
        own = (x + round(box[0]), y + round(box[1]), x + round(box[2]), y + round(box[3]))
        colour, edge = (255, 255, 255), 0
        if style in LIGHTER:
            under = pixels[max(0, own[1]) : own[3], max(0, own[0]) : own[2]]
            level = float(under.mean()) if under.size else 128.0
            more = LIGHTER[style]
            colour = (round(level + more if level + more <= 255 else level - more),) * 3
        elif style == OUTLINED:
            edge = max(1, capital // 8)
        elif style == ON_A_BOX:
            pad = capital // 2
            pen.rectangle((own[0] - pad, own[1] - pad, own[2] + pad, own[3] + pad), fill=(20, 20, 20))
        pen.text((x, y), line, font=font, fill=colour, stroke_width=edge, stroke_fill=(0, 0, 0), anchor="la")
        placed.append(own)
    return np.asarray(picture), placed


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    import reportlab

    return ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), size)
