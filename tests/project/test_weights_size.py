"""Weights are safetensors and small enough for a clone; nothing that runs code when loaded is kept."""

from __future__ import annotations

from tests.project.tree import REPO, project_files

MOST_BYTES = 60_000_000
RUNS_CODE = {".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".npy", ".npz", ".bin"}


def test_all_weights_together_stay_small() -> None:
    weights = [path for path in project_files() if path.suffix == ".safetensors"]
    assert all(path.parts[:2] in {("mmcore", "models"), ("mmcore", "encoders"), ("mmcore", "domains")} for path in weights)
    assert sum((REPO / path).stat().st_size for path in weights) <= MOST_BYTES


def test_no_file_that_runs_code_when_loaded_is_kept() -> None:
    assert [path for path in project_files() if path.suffix.lower() in RUNS_CODE] == []
