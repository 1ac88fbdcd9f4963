"""The generated garments: kinds, cuts, cloths, patterns and colours, as rows of a catalogue and as what is drawn of each."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from garment_drawing import KINDS, Colour, Look, Rng

COLOURS: dict[str, tuple[Colour, str]] = {  # name -> RGB and how light it is called
    "Black": ((38, 38, 42), "Dark"),
    "White": ((246, 246, 244), "Light"),
    "Grey": ((150, 152, 156), "Medium Dusty"),
    "Dark Blue": ((34, 48, 92), "Dark"),
    "Blue": ((52, 98, 186), "Bright"),
    "Light Blue": ((158, 194, 230), "Dusty Light"),
    "Red": ((194, 40, 48), "Bright"),
    "Light Pink": ((240, 190, 200), "Dusty Light"),
    "Green": ((58, 132, 84), "Medium"),
    "Yellow": ((242, 204, 72), "Bright"),
    "Orange": ((232, 128, 52), "Bright"),
    "Beige": ((214, 196, 166), "Dusty Light"),
    "Purple": ((120, 82, 160), "Medium"),
}
UPPER, LOWER, FULL_BODY = "Garment Upper body", "Garment Lower body", "Garment Full body"
GROUPS = {kind: LOWER if kind in ("Skirt", "Trousers", "Shorts") else FULL_BODY if kind == "Dress" else UPPER for kind in KINDS}
PLACES = {
    "T-shirt": ("Jersey Basic", "Divided Basics"), "Shirt": ("Shirts", "Contemporary Casual"), "Vest top": ("Tops", "Divided Basics"),
    "Sweater": ("Knitwear", "Womens Everyday Collection"), "Cardigan": ("Knitwear", "Womens Everyday Collection"),
    "Hoodie": ("Jersey", "Ladies Sport"), "Jacket": ("Outdoor", "Womens Jackets"),
    "Dress": ("Dresses", "Womens Everyday Collection"), "Skirt": ("Skirts", "Womens Everyday Collection"),
    "Trousers": ("Trousers", "Womens Trousers"), "Shorts": ("Shorts", "Divided Basics"),
}  # fmt: skip
PLURALS = {"Dress": "Dresses", "Trousers": "Trousers", "Shorts": "Shorts"}
CUTS = {
    "T-shirt": "a round neckline and short sleeves", "Shirt": "a turn-down collar, buttons down the front and long sleeves",
    "Vest top": "narrow shoulder straps and a low back", "Sweater": "a round neckline and long sleeves with ribbing at the cuffs",
    "Cardigan": "a V-neck, buttons down the front and long sleeves", "Hoodie": "a lined hood, a kangaroo pocket and long sleeves",
    "Jacket": "a collar, buttons down the front and pockets", "Dress": "short sleeves, a seam at the waist and a flared skirt",
    "Skirt": "a high waist and a zip at the side", "Trousers": "a regular waist, straight legs and side pockets",
    "Shorts": "a high waist, wide legs and side pockets",
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """A garment before its colour: what is shared by its colours."""

    pattern: str
    texture: str
    cloth: str
    words: str
    size: float = 1.0
    upright: bool = False


SOLID, RIB = Style("Solid", "smooth", "soft cotton jersey", "in one colour"), Style("Solid", "rib", "ribbed jersey", "in one colour")
KNIT, TWILL = Style("Solid", "knit", "a soft knit", "in one colour"), Style("Solid", "twill", "cotton twill", "in one colour")
DENIM = Style("Denim", "twill", "washed denim", "with a worn look")
MELANGE = Style("Melange", "knit", "a melange knit", "in a mottled colour")
NARROW = Style("Stripe", "smooth", "cotton", "with narrow stripes", 0.6)
WIDE = Style("Stripe", "smooth", "cotton", "with wide stripes", 1.5)
UPRIGHT = Style("Stripe", "smooth", "a crisp cotton weave", "with stripes from top to bottom", 0.8, True)
STRIPED_KNIT = Style("Stripe", "knit", "a striped knit", "with stripes", 1.2)
CHECK, SMALL_CHECK = (
    Style("Check", "smooth", "checked cotton", "with checks", 1.3),
    Style("Check", "smooth", "cotton", "with small checks", 0.6),
)
DOT, SMALL_DOT = Style("Dot", "smooth", "a light weave", "with large dots", 1.2), Style("Dot", "smooth", "viscose", "with small dots", 0.6)
FLOWERS = Style("All over pattern", "smooth", "an airy weave", "printed with flowers", 1.3)
BLOCK = Style("Colour blocking", "smooth", "sweatshirt fabric", "in two blocks of colour")
STYLES: dict[str, tuple[Style, ...]] = {
    "T-shirt": (SOLID, RIB, NARROW, WIDE, SMALL_DOT, FLOWERS, BLOCK),
    "Shirt": (SOLID, UPRIGHT, NARROW, WIDE, CHECK, SMALL_CHECK, SMALL_DOT, FLOWERS, DENIM),
    "Vest top": (SOLID, RIB, NARROW, SMALL_DOT, FLOWERS),
    "Sweater": (KNIT, RIB, MELANGE, STRIPED_KNIT, BLOCK, KNIT),
    "Cardigan": (KNIT, RIB, MELANGE, STRIPED_KNIT),
    "Hoodie": (SOLID, MELANGE, BLOCK, WIDE),
    "Jacket": (TWILL, DENIM, CHECK, SOLID),
    "Dress": (SOLID, NARROW, CHECK, DOT, SMALL_DOT, FLOWERS, RIB, FLOWERS),
    "Skirt": (SOLID, DENIM, CHECK, SMALL_CHECK, DOT, FLOWERS, UPRIGHT),
    "Trousers": (TWILL, DENIM, UPRIGHT, CHECK, SOLID, RIB),
    "Shorts": (TWILL, DENIM, SMALL_CHECK, UPRIGHT, FLOWERS),
}
PER_STYLE = 5
FIRST_NAMES = (
    "Alma",
    "Bo",
    "Cleo",
    "Dag",
    "Elin",
    "Finn",
    "Greta",
    "Hugo",
    "Ida",
    "Jon",
    "Kim",
    "Liv",
    "Mio",
    "Nora",
    "Otto",
    "Pia",
    "Rut",
    "Sven",
)


def garments(rng: Rng) -> pd.DataFrame:
    """Every garment in every colour, one row each, and beside the real format's columns how it is drawn."""
    rows = []
    code = 100
    for kind in KINDS:
        for style in STYLES[kind]:
            code += 1
            name = f"{FIRST_NAMES[code % len(FIRST_NAMES)]} {kind.lower()}"
            for number, colour in enumerate(_colours(kind, style, rng), 1):
                department, section = PLACES[kind]
                rows.append(
                    {
                        "item_id": f"G{code:03d}{number:02d}", "product_code": code, "prod_name": name, "product_type_name": kind,
                        "product_group_name": GROUPS[kind], "graphical_appearance_name": style.pattern, "colour_group_name": colour,
                        "perceived_colour_value_name": COLOURS[colour][1], "perceived_colour_master_name": colour.split()[-1],
                        "department_name": department, "index_name": "Divided", "index_group_name": "Divided", "section_name": section,
                        "garment_group_name": PLURALS.get(kind, f"{kind}s"), "image": f"images/G{code:03d}{number:02d}.jpg",
                        "detail_desc": f"{kind} in {style.cloth} {style.words}. It has {CUTS[kind]}. Generated: not for sale.",
                        "style": style, "price": _price(kind, style, rng),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _colours(kind: str, style: Style, rng: Rng) -> list[str]:
    if style.pattern == "Denim":
        return ["Blue", "Dark Blue", "Light Blue", "Black", "Grey"]
    firm = ["Blue", "Light Blue", "Dark Blue"] if style.pattern == "Stripe" and kind in ("Shirt", "T-shirt") else []
    rest = [name for name in COLOURS if name not in firm]
    return firm + [str(name) for name in rng.permutation(rest)[: PER_STYLE - len(firm) + (1 if firm else 0)]]


def _price(kind: str, style: Style, rng: Rng) -> float:
    usual = {"T-shirt": 0.012, "Vest top": 0.010, "Shorts": 0.018, "Skirt": 0.024, "Shirt": 0.027, "Hoodie": 0.030, "Sweater": 0.034}
    return round(usual.get(kind, 0.036) * float(rng.uniform(0.8, 1.3)) * (1.15 if style.texture == "knit" else 1.0), 4)


def look(row: pd.Series) -> Look:
    """How a row of `garments` is drawn: a pattern on white or, on light cloth, in a dark tone of its own."""
    style: Style = row["style"]
    base = COLOURS[row["colour_group_name"]][0]
    light = sum(base) > 560
    white, ink = (250, 250, 248), (46, 52, 74)
    second = ink if light else white
    if style.pattern == "Melange":
        second = (252, 252, 252) if not light else (170, 170, 174)
    return Look(row["product_type_name"], base, second, style.pattern, style.texture, style.size, style.upright)
