"""What the shipped model says of each bundled case. ``python -m tests.expected_samples`` writes it anew after a training."""

from __future__ import annotations

import json
from pathlib import Path

from mmcore import pipeline
from mmcore.readers.case_folder import read_case

ROOT = Path(__file__).resolve().parents[1]
FILE = Path(__file__).with_suffix(".json")


def measured(domain: str = "medical", model: str = "skin_lesion") -> dict[str, dict[str, str | bool]]:
    """Case -> its most probable label and whether the model abstains."""
    loaded, out = pipeline.load(model), {}
    for folder in sorted((ROOT / "sample_data" / domain).iterdir()):
        if folder.is_dir():
            result = loaded.open(read_case([folder], loaded.spec), explain=False).result()
            out[folder.name] = {"top": result.predictions[0].label, "abstain": result.confidence.abstain}
    return out


if __name__ == "__main__":
    FILE.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
