"""What the shipped models say of the bundled samples. ``python -m tests.expected_samples`` writes it anew after a training.

Only what a visitor would see changed is kept: names, and times to a second. Digits may differ from one processor to another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mmcore import pipeline
from mmcore.domains import retail
from mmcore.domains.retail.case import read_shopper_case
from mmcore.domains.video.event_model import load as load_events
from mmcore.domains.video.films import one_film
from mmcore.domains.video.understanding import understand
from mmcore.readers.case_folder import read_case

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
FILE = Path(__file__).with_suffix(".json")

KINDS = {"unlike": "unlike anything", "conflict": "contradict", "wide": "still help"}
SHELF = 8
SHOPPERS = ("one_taste", "wish_only")
FILMS = ("silent_film", "written")


def classified(domain: str, model: str) -> dict[str, dict[str, Any]]:
    """Case -> its most probable label, that of each input alone, the prediction set, and the kinds of reason to abstain."""
    loaded, out = pipeline.load(model), {}
    for folder in sorted(path for path in (SAMPLES / domain).iterdir() if path.is_dir()):
        case = read_case([folder], loaded.spec)
        analysis = loaded.open(case, explain=False)
        result = analysis.result()
        why = result.confidence.reasons
        out[folder.name] = {
            "top": result.predictions[0].label,
            "alone": {m: loaded.spec.label_ids[int(analysis.probabilities[m].argmax())] for m in case.present},
            "set": list(result.confidence.set),
            "abstain": [kind for kind, words in KINDS.items() if any(words in reason for reason in why)],
        }
    return out


def shelves() -> dict[str, dict[str, Any]]:
    """Shopper of the sample catalogue -> the first product, and the first eight in the order of their ids: chances lie close together."""
    cases = {name: read_shopper_case([SAMPLES / "retail", Path(name)]) for name in SHOPPERS}
    first = cases[SHOPPERS[0]]
    shop = retail.load("fashion").open(first.catalogue, first.purchases)
    out = {}
    for name, case in cases.items():
        items = [item.item for item in shop.shelf(case.shopper, SHELF, explain=False).items]
        out[name] = {"first": items[0], "shelf": sorted(items)}
    return out


def films() -> dict[str, dict[str, Any]]:
    """Film -> its events with their seconds, and the words on its screen."""
    model, out = load_events("video_events"), {}
    for name in FILMS:
        found = understand(model, one_film([SAMPLES / "video" / name]).path)
        out[name] = {
            "events": [[event.label, round(event.start_s), round(event.end_s)] for event in found.events],
            "written": [line.text for line in found.written],
        }
    return out


MEASURES: Mapping[str, Callable[[], dict[str, dict[str, Any]]]] = MappingProxyType({
    "skin_lesion": lambda: classified("medical", "skin_lesion"),
    "chest_xray": lambda: classified("chest_xray", "chest_xray"),
    "fashion": shelves,
    "video_events": films,
})  # fmt: skip


if __name__ == "__main__":
    FILE.write_text(json.dumps({model: measure() for model, measure in MEASURES.items()}, indent=1) + "\n", encoding="utf-8")
