"""Makes the generated cases of sample_data/medical: drawn photos, invented records, nobody's data.

    python sample_data/make_medical.py [--out FOLDER]

The same seed gives the same files, byte for byte on one machine.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import lesion_drawing as lesion
from skin_drawing import Rng, Skin, bare_skin, hairs, photograph, render

OUT = Path(__file__).parent / "medical"
SEED = 20240
MODEL = "skin_lesion"
QUALITY = 90
DARK_HAIR, FAIR_HAIR = (0.16, 0.11, 0.09), (0.93, 0.86, 0.74)

Draw = Callable[[Rng], Image.Image]


@dataclass(frozen=True)
class Sample:
    """One generated case: its story in a sentence, how its photo is drawn (None: no photo), its record (None: no record)."""

    name: str
    title: str
    story: str
    draw: Draw | None
    record: dict[str, Any] | None


@dataclass(frozen=True)
class Setting:
    """The skin around a lesion and the light on it; ``hair`` is count, length, width, lean of hairs."""

    melanin: float
    blood: float
    pore: float = 6.5
    coarse: float = 1.0
    hair: tuple[int, float, float, float] = (0, 0, 0, 0)
    hair_colour: tuple[float, float, float] = DARK_HAIR
    warmth: float = 0.0
    blur: float = 0.55


def photo(paint: Callable[[Rng, Skin], None], setting: Setting) -> Draw:
    """A drawing of ``paint``'s lesion on skin as ``setting`` says."""

    def draw(rng: Rng) -> Image.Image:
        skin = bare_skin(rng, setting.melanin, setting.blood, setting.pore, setting.coarse)
        paint(rng, skin)
        canvas = render(skin)
        count, length, width, lean = setting.hair
        cover = 0.8 * hairs(rng, count, length, width, lean)[..., None]
        return photograph(rng, canvas * (1 - cover) + np.array(setting.hair_colour) * cover, setting.warmth, setting.blur)

    return draw


def record(age: Any = None, region: Any = None, **findings: Any) -> dict[str, Any]:
    """A record in the model's fields; a finding that is not given is null."""
    names = ("itch", "grew", "hurt", "changed", "bleed", "elevation")
    return {"age": age, "region": region} | {name: findings.pop(name, None) for name in names} | findings


SAMPLES = (
    Sample(
        "clear_nevus",
        "An even brown mole",
        "A round, even brown mole on the back of a 24-year-old who notices nothing: photo and record say the same.",
        photo(lesion.nevus, Setting(0.42, 0.13, hair=(34, 60, 0.9, 0.6), warmth=0.03)),
        record(24, "BACK", itch=False, grew=False, hurt=False, changed=False, bleed=False, elevation=False),
    ),
    Sample(
        "record_decides",
        "A rough red patch, and what is known of it",
        "From the photo a rough red patch could be several things; an itch on a 64-year-old's forearm, without growth or blood, says more.",
        photo(
            lesion.actinic_keratosis,
            Setting(0.26, 0.24, pore=7.0, coarse=1.7, hair=(30, 40, 0.7, 1.2), hair_colour=FAIR_HAIR, warmth=0.01),
        ),
        record(64, "FOREARM", itch=True, grew=False, hurt=False, changed=False, bleed=False, elevation=False),
    ),
    Sample(
        "picture_decides",
        "A many-coloured, uneven spot",
        "An uneven, many-coloured spot with a notched border; of the record only the age and the arm are known.",
        photo(lesion.melanoma, Setting(0.22, 0.16, hair=(40, 60, 0.7, 2.4), hair_colour=FAIR_HAIR)),
        record(52, "ARM"),
    ),
    Sample(
        "no_record",
        "A stuck-on, waxy growth, photo only",
        "A waxy brown growth with a sharp edge; nobody wrote a record.",
        photo(lesion.seborrheic_keratosis, Setting(0.34, 0.20, coarse=1.3, hair=(14, 45, 0.8, 1.2), warmth=-0.02)),
        None,
    ),
    Sample(
        "no_photo",
        "A record without a photo",
        "A 66-year-old's scaly, itching spot on the hand, described in the record; no photo was taken.",
        None,
        record(66, "HAND", itch=True, grew=False, hurt=False, changed=False, bleed=False, elevation=True),
    ),
    Sample(
        "contradiction",
        "A crusted ulcer with a child's record",
        "The photo shows a crusted ulcer, the record tells of a nine-year-old's flat, quiet spot: one of them is probably the wrong file.",
        photo(
            lesion.squamous_cell_carcinoma,
            Setting(0.28, 0.24, pore=7.5, coarse=1.6, hair=(24, 40, 0.6, 0.3), hair_colour=FAIR_HAIR, warmth=0.04),
        ),
        record(9, "BACK", itch=False, grew=False, hurt=False, changed=False, bleed=False, elevation=False),
    ),
    Sample(
        "unlike_anything",
        "A landscape by mistake",
        "The photo is a landscape, not skin; the record is an ordinary one. The right answer is that the photo fits nothing.",
        lesion.landscape,
        record(58, "FOREARM", itch=True, grew=False, hurt=False, changed=False, bleed=False, elevation=True),
    ),
    Sample(
        "messy_record",
        "A record with mistakes in it",
        "A rough red patch; in the record a slip of the pen made the age 430, and other entries are in words of the writer's own.",
        photo(
            lesion.actinic_keratosis,
            Setting(0.30, 0.26, pore=7.5, coarse=1.9, hair=(40, 34, 0.7, 1.9), hair_colour=FAIR_HAIR, warmth=-0.01),
        ),
        record(430, "cheek", itch="ja", grew="unk", hurt="now and then", changed=False, bleed=False, elevation="yes", seen_by="nurse"),
    ),
)


def write(sample: Sample, folder: Path, number: int) -> None:
    """Write one case folder: case.toml and the files that it names."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {}
    if sample.draw is not None:
        inputs["image"] = "photo.jpg"
        sample.draw(np.random.default_rng([SEED, number])).save(folder / inputs["image"], quality=QUALITY)
    if sample.record is not None:
        inputs["record"] = "record.json"
        (folder / inputs["record"]).write_bytes((json.dumps(sample.record, indent=2) + "\n").encode())
    keys = {"title": sample.title, "model": MODEL, "generated": True}
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()] + ["", "[inputs]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in inputs.items()]
    lines += ["", "[notes]", f"story = {json.dumps(sample.story)}", f"order = {json.dumps(str(number))}"]
    (folder / "case.toml").write_bytes(("\n".join(lines) + "\n").encode())


def main() -> None:
    """Writes every case to the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, help="folder that receives one folder a case")
    out = parser.parse_args().out
    for number, sample in enumerate(SAMPLES):
        write(sample, out / sample.name, number)


if __name__ == "__main__":
    main()
