"""Real photos with names, from packages of Debian 12, as `films named` reads them. No test: run by hand where a card is made.

From the root of the repository::

    apt-get download tuxpaint-stamps-default gcompris-qt-data
    dpkg-deb -x tuxpaint-stamps-default_*.deb PACKAGES; dpkg-deb -x gcompris-qt-data_*.deb PACKAGES
    python -m tests.domains.video.named_photos PACKAGES ../named

Set ``stamps``: cut-out photos of animals, food, tools, instruments, vehicles and clothes, laid on a grey ground of 16 to 9, named by the
texts beside them. Set ``scenes``: photos of animals, tools, buildings and things as they were taken, at most five of one name. Some are
named here in plainer words. Licences of the photos: GPL, CC BY-SA and public domain; none is part of this project.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

HEIGHT, SHAPE, FILLED = 320, 16 / 9, 0.85
OF_STAMPS = ("animals", "food", "plants", "vehicles", "household", "hobbies", "sports", "clothes")
DRAWN = ("cartoon", "mirror", "toys", "plastic", "flower")
ARTICLE = re.compile(r"^(an?|the|two|a (pair|head|bunch|string|plant) of|the baby of a|a ripe|a very small|sweet)\s+", re.I)
AFTER = re.compile(r"[,(]| with | from | on a | resembles ")
SCENES = ("categorization", "erase", "explore_farm_animals", "explore_world_animals")
OF_ONE_NAME = 5
PLAINER = {
    "plier": "pliers", "screwDriver": "screwdriver", "measuringTape": "measuring tape", "solar": "solar panels", "dam": "dam with water",
    "bulb": "light bulb", "blackslate": "blackboard", "buffetset": "cutlery", "weighingMachine": "weighing scale",
    "geothermal": "geyser steam", "tajMahal": "palace", "zimniPalace": "palace", "arcDeTriomphe": "triumphal arch",
    "IndiaGate": "triumphal arch", "brandenburgGate": "triumphal arch", "greatWall": "great wall of china",
    "leaningTowerOfPisa": "tower", "eiffelTower": "tower", "bayterek": "tower", "kutubMinar": "tower", "jucheTower": "tower",
    "cathedral": "church", "mountRushmore": "mountain", "parthenon": "greek temple", "colosseum": "roman ruins",
    "statueOfLiberty": "statue", "victoriaMemorial": "statue", "christTheRedeemer": "statue", "burj": "skyscraper",
    "empireState": "skyscraper", "usCapitol": "domed government building", "greatPyramid": "pyramid", "monument1": "mosque",
    "baseball": "baseball game", "volleyball": "volleyball game", "erasers": "eraser", "northern_harrier": "hawk flying",
    "flying_fox": "bat", "chamaeleon": "chameleon", "nubian_ibex": "ibex", "long_nosed_monkey": "monkey", "macaque": "monkey",
    "gosling": "duckling", "dragon": "komodo dragon lizard", "calf": "cow", "kitten": "cat", "scarlet_macaw": "parrot",
    "meerkats": "meerkat", "camels": "camel", "swans": "swan", "pan": "frying pan", "tweezer": "tweezers", "nailCutter": "nail clippers",
    "spray": "spray bottle", "gibbon": "ape", "gorilla": "ape",
}  # fmt: skip
NAMELESS = {"operaHouse", "leMusee", "monument2", "monument3", "numbers", "alphabets", "cuttingTool", "sideCutter1"}


def main(packages: Path, out: Path) -> None:
    """Writes labels.csv and the pictures."""
    rows = []
    for place, photos in (("stamps", stamps(packages)), ("scenes", scenes(packages))):
        (out / place).mkdir(parents=True, exist_ok=True)
        for number, (label, picture) in enumerate(photos):
            file = f"{place}/{number:03}.png"
            picture.save(out / file)
            rows.append((file, label, place))
    with (out / "labels.csv").open("w", newline="", encoding="utf-8") as table:
        csv.writer(table).writerows([("file", "label", "set"), *rows])


def stamps(packages: Path) -> Iterator[tuple[str, Image.Image]]:
    """(name, picture) of the stamps that are photos and named in at most four words."""
    root = packages / "usr/share/tuxpaint/stamps"
    for path in sorted(root.rglob("*.png")):
        kind = path.relative_to(root).as_posix()
        text = path.with_suffix(".txt")
        if kind.startswith(OF_STAMPS) and not any(word in kind for word in DRAWN) and text.is_file():
            first = (text.read_text(encoding="utf-8", errors="ignore").splitlines() or [""])[0]
            name = ARTICLE.sub("", AFTER.split(re.sub(r"[“”\"!.]", "", first))[0].strip()).lower()
            if name and len(name.split()) <= 4 and "eat your" not in name and "alien" not in name:
                yield name, _on_grey(Image.open(path).convert("RGBA"))


def scenes(packages: Path) -> Iterator[tuple[str, Image.Image]]:
    """(name, picture) of photos as they were taken."""
    named: Counter[str] = Counter()
    for file in SCENES:
        for path, data in resources(packages / f"usr/share/gcompris-qt/rcc/{file}.rcc"):
            own = path.rsplit("/", 1)[-1].removesuffix(".webp")
            kind = own.rstrip("0123456789")
            if not path.endswith(".webp") or NAMELESS & {own, kind}:
                continue
            name = PLAINER.get(own) or PLAINER.get(kind) or kind.replace("_", " ")
            named[name] += 1
            if named[name] <= OF_ONE_NAME:
                picture = Image.open(io.BytesIO(data)).convert("RGBA")
                ground = Image.new("RGB", picture.size, "white")
                ground.paste(picture, (0, 0), picture)
                yield name, ground


def resources(path: Path) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every file of a Qt resource file, but those packed with Zstandard."""
    data = path.read_bytes()
    version, tree, files, names = struct.unpack(">IIII", data[4:20])
    size = 14 if version < 2 else 22

    def walk(node: int, above: str) -> Iterator[tuple[str, bytes]]:
        at = tree + node * size
        name_at, flags = struct.unpack(">IH", data[at : at + 6])
        (length,) = struct.unpack(">H", data[names + name_at : names + name_at + 2])
        name = data[names + name_at + 6 : names + name_at + 6 + 2 * length].decode("utf-16-be") if node else ""
        if flags & 2:
            count, first = struct.unpack(">II", data[at + 6 : at + 14])
            for child in range(first, first + count):
                yield from walk(child, f"{above}/{name}" if name else above)
        elif not flags & 4:
            (begin,) = struct.unpack(">I", data[at + 10 : at + 14])
            (length,) = struct.unpack(">I", data[files + begin : files + begin + 4])
            raw = data[files + begin + 4 : files + begin + 4 + length]
            yield f"{above}/{name}", zlib.decompress(raw[4:]) if flags & 1 else raw

    yield from walk(0, "")


def _on_grey(cut_out: Image.Image) -> Image.Image:
    width = int(HEIGHT * SHAPE)
    grey = np.linspace(200, 110, HEIGHT)[:, None, None] * np.ones((1, width, 1)) * np.array([0.9, 1, 0.85])
    ground = Image.fromarray(grey.astype(np.uint8))
    scale = min(width / cut_out.width, HEIGHT / cut_out.height) * FILLED
    cut_out = cut_out.resize((max(1, round(cut_out.width * scale)), max(1, round(cut_out.height * scale))), Image.Resampling.LANCZOS)
    ground.paste(cut_out, ((width - cut_out.width) // 2, (HEIGHT - cut_out.height) // 2), cut_out)
    return ground


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
