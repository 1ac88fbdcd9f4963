"""One shopper from files: a case folder, or a data folder with a shopper's id, story, past, wish or photo."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmcore.domains.retail import week
from mmcore.domains.retail.catalogue import Catalogue, Purchases, Shopper
from mmcore.domains.retail.trainer import read
from mmcore.errors import InputError
from mmcore.readers.files import inside, is_file, is_folder, not_there, read_file
from mmcore.readers.limits import LIMITS
from mmcore.readers.names import shown
from mmcore.readers.picture import read_picture
from mmcore.readers.signature import PICTURES, sniff

CASE_FILE, STORIES = "case.toml", "shoppers.toml"
KNOWN = ("title", "model", "generated", "catalogue", "inputs", "notes")
PAST = {"items", "days_ago", "wish"}
HINT = "Give a data folder with items.parquet, then a shopper's id or story, or a past.json, a wish.txt, a photo"


@dataclass(frozen=True)
class ShopperCase:
    """A shopper beside the shop where they look: ``warnings`` by modality say what was not understood."""

    folder: Path
    catalogue: Catalogue
    purchases: Purchases
    shopper: Shopper
    title: str
    generated: bool | None
    warnings: dict[str, tuple[str, ...]]


def read_shopper_case(inputs: Sequence[Path]) -> ShopperCase:
    """The shopper in these inputs; InputError says what cannot be used."""
    first = inputs[0]
    about: dict[str, Any] = {}
    if first.name == CASE_FILE or is_file(first / CASE_FILE):
        home = first.parent if first.name == CASE_FILE else first
        about = _toml(home / CASE_FILE)
        unknown = [key for key in about if key not in KNOWN]
        if unknown or not isinstance(about.get("catalogue"), str):
            said = shown(unknown[0]) if unknown else "catalogue"
            raise InputError(f"{CASE_FILE}: {said!r} is {'not known' if unknown else 'missing'}", f"Keys: {', '.join(KNOWN)}")
        given = about.get("inputs", {})
        if not isinstance(given, dict):
            raise InputError(f"{CASE_FILE}: inputs must be a table", 'Write [inputs], and below it past = "past.json"')
        inputs = [home / about["catalogue"], *(inside(home, str(path)) for path in given.values())]
    folder, rest = inputs[0], inputs[1:]
    if not is_folder(folder) and not is_file(folder):
        raise not_there(folder)
    if not is_file(folder / week.ITEMS):
        raise InputError(f"{shown(folder.name)} holds no {week.ITEMS}", HINT)
    catalogue, purchases = _read(folder)
    found: dict[str, Any] = {"rows": (), "ages": ()}
    warnings: dict[str, tuple[str, ...]] = {"image": (), "text": (), "behaviour": ()}
    for path in rest:
        _add(path, folder, catalogue, purchases, found, warnings)
    title = str(about.get("title") or found.pop("title", "") or (rest[0].stem if rest else "Nothing is known"))
    found.pop("title", None)
    generated = about.get("generated", _generated(folder))
    return ShopperCase(folder, catalogue, purchases, Shopper(name=title, **found), title, generated, warnings)


def _read(folder: Path) -> tuple[Catalogue, Purchases]:
    if is_file(folder / week.INTERACTIONS):
        catalogue, purchases, _ = read(folder)
        return catalogue, purchases
    from mmcore.domains.retail.catalogue import EMPTY_PURCHASES

    return week.read_catalogue(folder), EMPTY_PURCHASES


def _add(
    path: Path, folder: Path, catalogue: Catalogue, purchases: Purchases, found: dict[str, Any], warnings: dict[str, tuple[str, ...]]
) -> None:  # fmt: skip
    if is_folder(path):
        raise InputError(f"{shown(path.name)} is a folder", HINT)
    if not is_file(path):
        _by_name(path.name, folder, catalogue, purchases, found, warnings)
        return
    data = read_file(path, LIMITS)
    if sniff(data[:4096]) in PICTURES:
        picture, noticed = read_picture(data)
        found["photo"] = picture.pixels
        warnings["image"] += noticed
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{shown(path.name)} is neither a picture nor text", HINT) from error
    if path.suffix.lower() == ".json":
        _past(text, path.name, catalogue, found, warnings)
    else:
        found["wish"] = " ".join(text.split())[: LIMITS.text_characters]


def _past(text: str, name: str, catalogue: Catalogue, found: dict[str, Any], warnings: dict[str, tuple[str, ...]]) -> None:
    """A list of product ids, the latest first, or {"items": [...], "days_ago": [...], "wish": "..."}."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{shown(name)} is not valid JSON", "Give a list of product ids") from error
    told = {"items": told} if isinstance(told, list) else told
    if not isinstance(told, dict) or not isinstance(told.get("items", []), list) or not told.keys() <= PAST:
        raise InputError(f"{shown(name)} is no list of products", 'Write ["id", "id"] or {"items": ["id"], "days_ago": [1], "wish": "..."}')
    _take([str(item) for item in told.get("items", [])], told.get("days_ago"), catalogue, found, warnings)
    if isinstance(told.get("wish"), str):
        found["wish"] = told["wish"]


def _by_name(
    name: str, folder: Path, catalogue: Catalogue, purchases: Purchases, found: dict[str, Any], warnings: dict[str, tuple[str, ...]]
) -> None:  # fmt: skip
    stories = _toml(folder / STORIES) if is_file(folder / STORIES) else {}
    if isinstance(stories.get(name), dict):
        story = stories[name]
        if not isinstance(story.get("items", []), list):
            raise InputError(f"{STORIES} [{shown(name)}]: items must be a list", 'Write items = ["id", "id"]')
        _take([str(item) for item in story.get("items", [])], None, catalogue, found, warnings)
        found |= {key: str(story[key]) for key in ("wish", "title") if story.get(key)}
        return
    history = purchases.histories([name])[name]
    if not history.rows:
        raise InputError(f"there is no file and no shopper {shown(name)!r} in {shown(folder.name)}", HINT)
    found |= {"rows": history.rows, "ages": history.days, "title": f"Shopper {name}"}


def _take(items: list[str], days: Any, catalogue: Catalogue, found: dict[str, Any], warnings: dict[str, tuple[str, ...]]) -> None:
    given = days if isinstance(days, list) and len(days) == len(items) and all(isinstance(day, int) and day >= 0 for day in days) else None
    if days is not None and given is None:
        warnings["behaviour"] += ("days_ago is not a whole number for each product: all are taken as yesterday's",)
    kept: dict[int, int] = {}
    for at, item in enumerate(items):
        if item in catalogue.rows:
            kept.setdefault(catalogue.rows[item], given[at] if given else 1)
        else:
            warnings["behaviour"] += (f"product {shown(item)} is not in the catalogue and left out",)
    found |= {"rows": tuple(kept), "ages": tuple(kept.values())}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_file(path, LIMITS)[: LIMITS.toml_bytes].decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path.name} is not valid TOML", "Check its quotes and brackets") from error


def _generated(folder: Path) -> bool | None:
    """True for the sample catalogue, whose stories say so; None elsewhere."""
    stories = _toml(folder / STORIES) if is_file(folder / STORIES) else {}
    return True if any(isinstance(story, dict) and story.get("generated") for story in stories.values()) else None


