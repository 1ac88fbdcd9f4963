"""bench: the contract's document from real timings."""

import json
from dataclasses import replace

import pytest

from mmcore.__main__ import main
from mmcore.commands import bench, classification
from mmcore.commands.bench import find_sample
from tests.commands.toy_result import result
from tests.evaluation.toy_pipeline import ToyPipeline


class TimedToy(ToyPipeline):
    """Keeps the digest of every case it was asked about."""

    def __init__(self, folder):
        super().__init__(folder)
        self.digests = []

    def analyze(self, case):
        self.digests.append(case.digest)
        return replace(result(), timings_ms={"encode": 2.0, "fuse": 1.0, "explain": 3.0})


@pytest.fixture
def toy(tmp_path, monkeypatch) -> TimedToy:
    pipeline = TimedToy(tmp_path)
    monkeypatch.setattr("mmcore.pipeline.load", lambda name: pipeline)
    monkeypatch.setattr("mmcore.commands.tasks.of_model", lambda name: classification)
    monkeypatch.setattr("mmcore.library.model_folders", lambda: {"skin_lesion": tmp_path, "has_no_sample": tmp_path})
    return pipeline


def test_the_document_is_the_contracts(toy, capsys):
    assert main(["bench", "--runs", "20", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document.keys() >= {"device", "threads", "torch_lite0_ms", "jobs", "peak_rss_mb"}
    assert list(document["jobs"]) == ["skin_lesion.analyze"]
    job = document["jobs"]["skin_lesion.analyze"]
    assert 0 < job["median_ms"] <= job["p95_ms"] and job["runs"] == 20
    assert job["torch_lite0_passes"] == pytest.approx(job["median_ms"] / document["torch_lite0_ms"])
    assert list(job["stages"]) == ["read", "encode", "fuse", "explain"] and job["stages"]["read"] > 0 and job["stages"]["encode"] == 2.0
    assert document["peak_rss_mb"] > 50


def test_no_run_can_be_answered_from_memory(toy, capsys):
    assert main(["bench", "--runs", "20"]) == 0
    assert len(toy.digests) == len(set(toy.digests)) >= 20
    assert "skin_lesion.analyze: median" in capsys.readouterr().out


def test_the_sample_with_the_most_inputs_is_timed(tmp_path):
    for name, inputs in (("a_photo_only", 'image = "p"'), ("b_both", 'image = "p"\nrecord = "r"')):
        (tmp_path / "medical" / name).mkdir(parents=True)
        (tmp_path / "medical" / name / "case.toml").write_text(f'model = "skin_lesion"\n[inputs]\n{inputs}\n')
    assert find_sample("skin_lesion", tmp_path) == tmp_path / "medical" / "b_both"
    assert find_sample("other", tmp_path) is None


def test_no_sample_at_all_is_bad_input(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("mmcore.commands.tasks.of_model", lambda name: classification)
    monkeypatch.setattr("mmcore.library.model_folders", lambda: {"has_no_sample": tmp_path})
    assert main(["bench"]) == 2
    assert "sample_data" in capsys.readouterr().err


def test_stages_are_those_that_the_runs_have_and_reading_is_first():
    runs = [bench.Run(3.0, {"look": 1.0, "read": 2.0}), bench.Run(5.0, {"look": 3.0})]
    assert bench._figures(runs, 1.0)["stages"] == {"read": 1.0, "look": 2.0}
    assert list(bench._figures(runs, 1.0)["stages"]) == ["read", "look"]
    assert bench._figures(runs[1:], 1.0)["stages"] == {"look": 3.0}
