"""Makes sample_data/retail: a generated catalogue with drawn garments and generated shoppers, in the format of retail_hm_week.

    python sample_data/make_retail.py [--out FOLDER]

No garment is for sale and no shopper exists. The same seed gives the same tables, and the same pictures on one machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from garment_drawing import KINDS, Rng, draw
from garment_range import COLOURS, garments, look

OUT = Path(__file__).parent / "retail"
SEED = 4711
QUALITY = 80
FIRST_DAY = pd.Timestamp("2024-03-04")
DAYS = 7
BACKGROUND = 260  # shoppers without a story


@dataclass(frozen=True)
class Story:
    """One shopper with a story: purchases, the latest first, as (kind, pattern, colours, how many), and what else is known.

    Attributes:
        shelf: what the shelf shows as it comes, "" where nothing is said of it.
    """

    name: str
    title: str
    story: str
    bought: tuple[tuple[str, str, tuple[str, ...], int], ...] = ()
    wish: str = ""
    review: str = ""
    shelf: str = ""


BLUES = ("Blue", "Light Blue", "Dark Blue")
STORIES = (
    Story(
        "one_taste", "Striped blue shirts, again and again",
        "Four purchases, all of them blue shirts with stripes.",
        (("Shirt", "Stripe", BLUES, 4),),
        shelf="The first seven suggestions are striped shirts, four of them blue.",
    ),
    Story(
        "two_tastes", "Plain for the office, flowers for Sunday",
        "Plain trousers and a plain shirt on some days, dresses with flowers or dots on others.",
        (
            ("Dress", "All over pattern", ("Red", "Light Pink", "Yellow", "Orange", "Purple", "White", "Green"), 2),
            ("Trousers", "Solid", ("Black", "Grey", "Beige", "Dark Blue", "White"), 2),
            ("Shirt", "Solid", ("White", "Light Blue", "Grey", "Black", "Beige"), 1),
            ("Dress", "Dot", ("Red", "Light Pink", "Yellow", "Orange", "Purple", "White", "Green", "Black"), 1),
        ),
        shelf="The shelf holds both, most of it dresses.",
    ),
    Story(
        "gift", "Hoodies, and one gift",
        "Hoodies and dark trousers for oneself; the last purchase, a skirt with dots, was a gift.",
        (
            ("Skirt", "Dot", tuple(COLOURS), 1),
            ("Hoodie", "Solid", tuple(COLOURS), 2),
            ("Hoodie", "Melange", tuple(COLOURS), 1),
            ("Trousers", "Denim", tuple(COLOURS), 1),
        ),
        shelf="Leave the gift out and watch the shelf.",
    ),
    Story(
        "cold_start", "Nothing is known", "A shopper without a past, a wish or a photo.",
        shelf="The shelf says so and shows what sells.",
    ),
    Story("wish_only", "No past, but a wish", "Nothing was bought; the shopper types what they look for.", wish="a yellow dress with dots"),
    Story(
        "review", "A knit that itched",
        "One knitted sweater, and a review of it: praise for the colour, blame for the fabric.",
        (("Sweater", "Solid", ("Green", "Red", "Blue", "Grey", "Beige", "Purple", "Orange", "Yellow", "Black", "White"), 1),),
        review="Love the colour. Sadly the knit is scratchy and itchy, so I returned it. Disappointed. I prefer soft cotton.",
    ),
)  # fmt: skip


def story_rows(story: Story, items: pd.DataFrame) -> list[str]:
    """Ids of what a shopper with a story bought, the latest first."""
    found: list[str] = []
    for kind, pattern, colours, count in story.bought:
        fit = items[(items["product_type_name"] == kind) & (items["graphical_appearance_name"] == pattern)]
        fit = fit[fit["colour_group_name"].isin(colours) & ~fit["item_id"].isin(found)]
        found += fit.sort_values(["colour_group_name", "item_id"])["item_id"].tolist()[:: max(1, len(fit) // count)][:count]
    return found


def purchases(items: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """What the shoppers without a story and those with one bought, day by day."""
    rows = []
    for shopper in range(BACKGROUND):
        for item in taste(items, rng):
            rows.append((f"g{shopper:03d}", item, int(rng.integers(DAYS))))
    for story in STORIES:
        ids = story_rows(story, items)
        rows += [(story.name, item, max(0, DAYS - 1 - at)) for at, item in enumerate(ids)]
    price = items.set_index("item_id")["price"]
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "day"])
    table["date"] = FIRST_DAY + pd.to_timedelta(table.pop("day"), unit="D")
    table["channel"], table["price"], table["qty"] = 2, table["item_id"].map(price), 1
    return table.sort_values(["date", "user_id", "item_id"], kind="stable").reset_index(drop=True)


def taste(items: pd.DataFrame, rng: Rng) -> Iterator[str]:
    """Two to six garments of one invented person, who likes two kinds, three colours and two patterns."""
    kinds, colours = rng.choice(KINDS, 2, replace=False), rng.choice(list(COLOURS), 3, replace=False)
    patterns = rng.choice(items["graphical_appearance_name"].unique(), 2, replace=False)
    liking = (
        1.6 * items["product_type_name"].isin(kinds)
        + 1.3 * items["colour_group_name"].isin(colours)
        + 1.1 * items["graphical_appearance_name"].isin(patterns)
        + 0.9 * ((items["product_code"] * 7919) % 10 / 10)
    ).to_numpy(float)
    odds = np.exp(2.0 * liking)
    yield from rng.choice(items["item_id"].to_numpy(), int(rng.integers(2, 7)), replace=False, p=odds / odds.sum())


def shoppers_toml(items: pd.DataFrame) -> str:
    """The shoppers with a story."""
    lines = ["# Generated shoppers. Nobody bought any of this.", ""]
    for story in STORIES:
        lines += [f"[{story.name}]", f"title = {json.dumps(story.title)}", f"story = {json.dumps(story.story)}"]
        lines += [f"shelf = {json.dumps(story.shelf)}"] if story.shelf else []
        lines += ["generated = true"]
        lines += [f"items = {json.dumps(story_rows(story, items))}"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in (("wish", story.wish), ("review", story.review)) if value]
        lines.append("")
    return "\n".join(lines)


def write(out: Path, only: Sequence[str] | None = None) -> None:
    """Tables, stories and pictures to ``out``; ``only`` these pictures."""
    items = garments(np.random.default_rng(SEED))
    shutil.rmtree(out / "images", ignore_errors=True)
    (out / "images").mkdir(parents=True)
    for number, (_, row) in enumerate(items.iterrows()):
        if only is None or row["item_id"] in only:
            draw(look(row), np.random.default_rng([SEED, number])).save(out / row["image"], quality=QUALITY)
    purchases(items, np.random.default_rng(SEED + 1)).to_parquet(out / "interactions.parquet", index=False)
    (out / "shoppers.toml").write_bytes(shoppers_toml(items).encode())
    items.drop(columns=["style", "price"]).to_parquet(out / "items.parquet", index=False)


def main() -> None:
    """Writes everything to the folder that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, help="folder that receives tables, stories and pictures")
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
