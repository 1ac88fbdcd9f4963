"""A small generated data set in the format of skin_pad_ufes20, for tests that train, evaluate or read one."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image

COLUMNS = [
    "patient_id",
    "lesion_id",
    "smoke",
    "drink",
    "background_father",
    "background_mother",
    "age",
    "pesticide",
    "gender",
    "skin_cancer_history",
    "cancer_history",
    "has_piped_water",
    "has_sewage_system",
    "fitspatrick",
    "region",
    "diameter_1",
    "diameter_2",
    "diagnostic",
    "itch",
    "grew",
    "hurt",
    "changed",
    "bleed",
    "elevation",
    "biopsed",
    "image",
    "src_width",
    "src_height",
]
FINDINGS = ("itch", "grew", "hurt", "changed", "bleed", "elevation")
# label -> colour of the lesion, typical age, typical regions, probability of each finding
KINDS = {
    "ACK": ((205, 110, 90), 66, ("FOREARM", "HAND"), (0.7, 0.3, 0.2, 0.1, 0.1, 0.5)),
    "BCC": ((225, 150, 150), 70, ("FACE", "NOSE"), (0.5, 0.8, 0.3, 0.3, 0.8, 0.9)),
    "MEL": ((45, 35, 40), 60, ("BACK", "CHEST"), (0.2, 0.8, 0.1, 0.9, 0.3, 0.5)),
    "NEV": ((120, 70, 45), 32, ("BACK", "ABDOMEN"), (0.1, 0.2, 0.05, 0.1, 0.05, 0.4)),
    "SCC": ((150, 30, 35), 72, ("LIP", "EAR"), (0.6, 0.8, 0.7, 0.5, 0.7, 0.8)),
    "SEK": ((150, 125, 80), 68, ("THIGH", "NECK"), (0.3, 0.4, 0.05, 0.2, 0.1, 0.9)),
}
UNKNOWN = 0.08  # share of findings that are UNK
SIDE = 96


def draw_lesion(rng: np.random.Generator, colour: tuple[int, int, int]) -> Image.Image:
    """A (SIDE, SIDE) photo-like drawing: skin with a blob of about this colour."""
    y, x = np.mgrid[:SIDE, :SIDE]
    centre = SIDE / 2 + rng.normal(0, 5, 2)
    inside = np.hypot(x - centre[0], y - centre[1]) < rng.uniform(0.18, 0.34) * SIDE
    pixels = np.array([215, 170, 145]) + rng.normal(0, 12, 3) + rng.normal(0, 6, (SIDE, SIDE, 3))
    blob = np.array(colour) + rng.normal(0, 22, 3) + rng.normal(0, 14, (SIDE, SIDE, 3))
    return Image.fromarray(np.where(inside[..., None], blob, pixels).clip(0, 255).astype(np.uint8))


def write_skin_set(folder: Path, n: int = 60, seed: int = 0) -> Path:
    """Write metadata.csv and images/ with ``n`` photos of about 0.8 n patients, classes in equal parts; returns ``folder``.

    Labels show in colour and record, with overlap; some findings are UNK; as in the real set, the block of columns that is
    filled for cancers only is empty for the rest.
    """
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    labels = list(KINDS)
    rows, patient = [], 0
    for number in range(n):
        label = labels[number % len(labels)]
        colour, age, regions, odds = KINDS[label]
        patient += int(number == 0 or rng.uniform() > 0.2)
        image = f"images/PAT_{patient}_{number}.jpg"
        draw_lesion(rng, colour).save(folder / image, quality=90)
        row = dict.fromkeys(COLUMNS, "") | {
            "patient_id": f"PAT_{patient}",
            "lesion_id": str(number),
            "age": str(int(np.clip(rng.normal(age, 9), 6, 94))),
            "region": str(rng.choice(regions if rng.uniform() < 0.7 else ["ARM", "FACE", "BACK"])),
            "diagnostic": label,
            "biopsed": str(label in {"BCC", "MEL", "SCC"}),
            "image": image,
            "src_width": str(SIDE),
            "src_height": str(SIDE),
        }
        for name, chance in zip(FINDINGS, odds, strict=True):
            row[name] = "UNK" if rng.uniform() < UNKNOWN else str(bool(rng.uniform() < chance))
        if label in {"BCC", "MEL", "SCC"}:
            row |= {"smoke": "False", "drink": "True", "gender": str(rng.choice(["MALE", "FEMALE"])), "fitspatrick": "2.0"}
        rows.append(row)
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder
