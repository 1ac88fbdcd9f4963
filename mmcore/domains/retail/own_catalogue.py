"""A user's own catalogue: a table of products and a folder or zip of pictures. What is wrong with a row is listed; the rest is used."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.domains.retail.catalogue import Catalogue, Product
from mmcore.domains.retail.own_columns import PRODUCTS, check_roles
from mmcore.domains.retail.own_table import OwnTable, RowRemark, cell, number_in
from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.names import base_name, safe_parts, shown
from mmcore.readers.picture import read_picture
from mmcore.readers.signature import PICTURES, sniff

LONGEST = 2_000  # characters of a cell
TEXTS = ("name", "kind", "colour", "pattern", "place", "description")
_ADDRESS = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*(?:data|www\.)", re.IGNORECASE)


@dataclass(frozen=True)
class OwnCatalogue:
    """What was read.

    Attributes:
        catalogue: the products that can be used.
        numbers: product id -> number of its row.
        remarks: on rows; ``notes`` on the file as a whole.
    """

    catalogue: Catalogue
    numbers: Mapping[str, int]
    remarks: tuple[RowRemark, ...]
    notes: tuple[str, ...]


class PictureFiles:
    """Pictures by name; the bytes are fetched only when a picture is looked at."""

    def __init__(self, loaders: Mapping[str, Callable[[], bytes]]) -> None:
        self.loaders = dict(loaders)
        self._by_base: dict[str, list[str]] = {}
        for name in self.loaders:
            self._by_base.setdefault(base_name(name).lower(), []).append(name)

    def __len__(self) -> int:
        return len(self.loaders)

    def find(self, wanted: str) -> str:
        """The file that a cell means: the same path, else the only one of its base name. InputError where none or several fit."""
        path = "/".join(safe_parts(wanted))
        if path in self.loaders:
            return path
        found = self._by_base.get(base_name(path).lower(), [])
        ending = [name for name in found if name.endswith("/" + path)]
        if len(ending or found) == 1:
            return (ending or found)[0]
        raise InputError(f"{shown(wanted)} could be {len(found)} files" if found else f"the picture {shown(wanted)} is not there")


NO_PICTURES = PictureFiles({})


def read_own_catalogue(
    table: OwnTable, roles: Mapping[str, str], files: PictureFiles = NO_PICTURES, title: str = "", limits: Limits = LIMITS
) -> OwnCatalogue:
    """Products from the rows of a table.

    Args:
        roles: role of PRODUCTS -> column; only ``id`` is needed.
        files: the pictures that the rows name.

    Raises:
        InputError: no column is the id, or fewer than two products can be used.
    """
    check_roles(roles, table.columns, PRODUCTS)
    remarks: list[RowRemark] = []
    seen: dict[str, int] = {}
    kept: list[tuple[str, str, dict[str, str], float | None, str | None]] = []
    addresses = 0
    for number, row in zip(table.numbers, table.rows, strict=True):
        name = shown(cell(row, roles, "id"), 80)
        if wrong := _unusable(number, name, table.problems, seen):
            remarks.append(RowRemark(number, name, wrong, False))
            continue
        texts = {role: shown(cell(row, roles, role), LONGEST) for role in TEXTS}
        price, doubts = _price(cell(row, roles, "price"))
        asked = cell(row, roles, "image")
        addresses += bool(_ADDRESS.match(asked))
        picture, wrong = _picture(asked, files, limits)
        doubts += [wrong] if wrong else []
        if picture is None and not any(texts.values()):
            remarks.append(RowRemark(number, name, "; ".join([*doubts, "nothing else is known of it: left out"]), False))
            continue
        if not any(texts.values()) and any(role in roles for role in TEXTS):
            doubts.append("has no words: it is known by its picture alone")
        remarks += [RowRemark(number, name, "; ".join(doubts), True)] if doubts else []
        seen[name] = number
        kept.append((name, cell(row, roles, "group") or name, texts, price, picture))
    if len(kept) < 2:
        first = f"; row {remarks[0].number}: {remarks[0].what}" if remarks else ""
        raise InputError(f"{len(kept)} of {len(table.rows)} rows can be used{first}", "A catalogue needs at least two products")
    tiers = _tiers([price for _, _, _, price, _ in kept])
    products = tuple(
        _product(name, group, texts, tier, picture, files, limits)
        for (name, group, texts, _, picture), tier in zip(kept, tiers, strict=True)
    )
    read = f"{len(products):,} of {len(table.rows):,} products are used"
    return OwnCatalogue(Catalogue(products, title=title), seen, tuple(remarks), (read, *_notes(table, roles, files, addresses, tiers)))


def damaged(catalogue: Catalogue, has_image: np.ndarray, numbers: Mapping[str, int]) -> list[RowRemark]:
    """Rows of a read catalogue whose picture turned out, when it was looked at (``has_image``, (N,) bool), not to be readable."""
    lost = [one for one, found in zip(catalogue.products, has_image, strict=True) if one.picture is not None and not found]
    said = {True: "it is known by its words alone", False: "nothing else is known of it"}
    return [
        RowRemark(numbers[one.id], one.id, f"the picture is damaged: {said[any(one.words.values())]}", True)
        for one in lost
    ]  # fmt: skip


def _unusable(number: int, name: str, problems: Mapping[int, str], seen: Mapping[str, int]) -> str:
    if number in problems:
        return problems[number]
    if not name:
        return "has no id"
    return f"the id is there already, in row {seen[name]}" if name in seen else ""


def _price(text: str) -> tuple[float | None, list[str]]:
    if not text:
        return None, []
    price = number_in(text)
    if price is None or not 0 < price < 1e9:
        return None, [f"the price {shown(text, 24)} is not understood, taken as not known"]
    return price, []


def _picture(asked: str, files: PictureFiles, limits: Limits) -> tuple[str | None, str]:
    """(file, "") or (None, what is wrong); (None, "") where no picture is named."""
    if not asked:
        return None, ""
    if _ADDRESS.match(asked):
        return None, "the picture is an address: it is left unread, for nothing is fetched"
    try:
        name = files.find(asked)
        data = files.loaders[name]()
    except InputError as error:
        return None, error.message
    if len(data) > limits.picture_bytes:
        return None, f"the picture {shown(asked)} is larger than {megabytes(limits.picture_bytes)}"
    kind = sniff(data[:4096])
    if kind not in PICTURES:
        return None, f"the picture {shown(asked)} is no picture that is read ({kind})"
    try:
        read_size(data, limits)
    except InputError as error:
        return None, f"the picture {shown(asked)}: {error.message}"
    return name, ""


def read_size(data: bytes, limits: Limits) -> None:
    """InputError where a small picture cannot be decoded; a large one is only decoded when it is embedded."""
    if len(data) <= 100_000:
        read_picture(data, limits)


def _product(
    name: str, group: str, texts: Mapping[str, str], tier: int, picture: str | None, files: PictureFiles, limits: Limits
) -> Product:
    colour = ", ".join(texts[role] for role in ("colour", "pattern") if texts[role])
    words = {role: texts[role] for role in TEXTS if role != "pattern"} | {"colour": colour}
    if picture is None:
        return Product(name, group, words, tier=tier)
    load = files.loaders[picture]
    key = hashlib.sha256(load()).hexdigest()
    return Product(name, group, words, functools.partial(_pixels, load, limits), key, tier)


def _pixels(load: Callable[[], bytes], limits: Limits) -> np.ndarray:
    """(H, W, 3) uint8; InputError where the picture is damaged."""
    return read_picture(load(), limits)[0].pixels


def _tiers(prices: list[float | None]) -> list[int]:
    """The quarter that each price lies in, 1 to 4; 0 where there is none, and for all where one price does not tell them apart."""
    known = np.array([price for price in prices if price is not None])
    if len(np.unique(known)) < 2:
        return [0] * len(prices)
    edges = np.quantile(known, [0.25, 0.5, 0.75])
    return [0 if price is None else 1 + int(np.searchsorted(edges, price, side="left")) for price in prices]


def _notes(table: OwnTable, roles: Mapping[str, str], files: PictureFiles, addresses: int, tiers: Sequence[int]) -> tuple[str, ...]:
    notes = list(table.warnings)
    unused = [column for column in table.columns if column not in roles.values()]
    if unused:
        notes.append(f"columns not used: {', '.join(shown(column, 30) for column in unused[:12])}{' …' if len(unused) > 12 else ''}")
    if addresses:
        notes.append(f"pictures that are web addresses: {addresses}. They are left unread: give the files themselves, as a folder or a zip")
    if roles.get("price") and not any(tiers):
        notes.append("the prices do not tell the products apart, so none is called low or high")
    if not len(files) and roles.get("image") and addresses < len(table.rows):
        notes.append("no pictures were given: products are known by their words alone")
    return tuple(notes)
