"""What the shipped model says of each bundled case. ``python -m tests.expected_samples`` writes it anew after a training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mmcore import pipeline
from mmcore.readers.case_folder import read_case

ROOT = Path(__file__).resolve().parents[1]
FILE = Path(__file__).with_suffix(".json")


KINDS = {"unlike": "unlike anything", "conflict": "contradict", "wide": "possible"}


def measured(domain: str = "medical", model: str = "skin_lesion") -> dict[str, dict[str, Any]]:
    """Case -> its most probable label, that of each input alone, the prediction set, and the kinds of reason to abstain."""
    loaded, out = pipeline.load(model), {}
    for folder in sorted((ROOT / "sample_data" / domain).iterdir()):
        if folder.is_dir():
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


if __name__ == "__main__":
    FILE.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
