"""Spoken commands: network, noise, covering, training of the gate, and the shipped model on real clips."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore import library
from mmcore.domains.video.slot_conditions import CONDITIONS, Condition, covered, spelled, spoil
from mmcore.domains.video.slot_data import Utterance, read_recordings, read_utterance
from mmcore.domains.video.slot_explain import analyze
from mmcore.domains.video.slot_figures import against_sum
from mmcore.domains.video.slot_material import Material
from mmcore.domains.video.slot_model import SlotSettings, _calibrated, load
from mmcore.domains.video.slot_network import SUBSETS, Reading, SlotNetwork, SlotReadings, mouth_statistics, standard_crops
from mmcore.domains.video.slot_training import SlotTraining, fit
from mmcore.encoders.mouth import CROP_SIZE
from mmcore.encoders.speech_frames import WIDTH, mix, noise_statistics
from mmcore.errors import InputError
from mmcore.wording import NBSP
from tests.project.tree import REPO
from tests.readers.films import film, pictures, tone

SLOTS = {"colour": ("red", "blue"), "digit": ("one", "two", "three")}
GRID = REPO.parent / "shared/data/video_grid_s1"
STEPS = 12


def inputs(count: int, seed: int = 0) -> tuple[dict, dict]:
    rng = np.random.default_rng(seed)
    frames = rng.standard_normal((count, STEPS, WIDTH)).astype(np.float32)
    lips = standard_crops(torch.from_numpy(rng.integers(0, 255, (count, STEPS, *CROP_SIZE))))
    quality = {"audio": torch.from_numpy(noise_statistics(frames)), "visual": mouth_statistics(lips)}
    return {"audio": torch.from_numpy(frames), "visual": lips}, quality


def test_a_missing_modality_changes_nothing_whatever_stands_in_its_place() -> None:
    torch.manual_seed(0)
    network = SlotNetwork(SLOTS).eval()
    frames, quality = inputs(3)
    other, other_quality = inputs(3, seed=1)
    only_sound = torch.tensor([[True, False]] * 3)
    mixed = {"audio": frames["audio"], "visual": other["visual"]}
    with torch.inference_mode():
        a = network(frames, quality, only_sound)
        b = network(mixed, {"audio": quality["audio"], "visual": other_quality["visual"]}, only_sound)
    for slot in SLOTS:
        assert torch.allclose(a.fused.logits[slot], b.fused.logits[slot], atol=1e-5)
    assert (a.gates[:, :, 1] == 0).all() and (a.gates[:, :, 0] > 0).all()


def test_an_untrained_gate_is_the_plain_sum_of_both_readers() -> None:
    network = SlotNetwork(SLOTS).eval()
    frames, quality = inputs(2)
    with torch.inference_mode():
        got = network(frames, quality, torch.ones(2, 2, dtype=torch.bool))
    assert torch.allclose(got.gates, torch.ones_like(got.gates), atol=2e-2)
    assert torch.allclose(got.fused.attention.sum(-1), torch.ones(2, len(SLOTS)), atol=1e-5)


@pytest.mark.parametrize("ratio", [-10.0, 0.0, 10.0])
def test_noise_is_added_at_the_ratio_asked_for(ratio: float) -> None:
    sound, noise = 0.05 * tone(1.0), np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    mixed = mix(sound, noise, ratio)
    scale = float(np.dot(mixed, sound) / np.dot(sound, sound))  # mixing may have made it quieter as a whole
    added = mixed / scale - sound
    assert 20 * np.log10(np.sqrt(np.mean(sound**2)) / np.sqrt(np.mean(added**2))) == pytest.approx(ratio, abs=0.5)


def test_noise_follows_from_the_content_and_the_seed_alone() -> None:
    sound, condition = tone(0.5), Condition(-5.0)
    first = spoil(sound, condition, "ab" * 32, 0)
    assert (first == spoil(sound, condition, "ab" * 32, 0)).all()
    assert (first != spoil(sound, condition, "cd" * 32, 0)).any() and (first != spoil(sound, condition, "ab" * 32, 1)).any()
    assert (spoil(sound, Condition(), "ab" * 32, 0) == sound).all()


def test_a_covered_mouth_has_nothing_left_in_it() -> None:
    crops = np.random.default_rng(0).integers(0, 255, (5, *CROP_SIZE)).astype(np.uint8)
    assert (covered(crops).std(axis=(1, 2)) == 0).all()
    assert not standard_crops(torch.from_numpy(covered(np.repeat(crops[:1], 5, axis=0)))[None]).any()


def test_the_fusion_is_told_ahead_of_the_sum_or_behind_only_where_intervals_lie_apart() -> None:
    def row(fused: float, plain: float, spread: float) -> dict[str, dict[str, object]]:
        ends = {"fused_ci": [fused - spread, fused + spread], "sum_ci": [plain - spread, plain + spread]}
        return {"digit": {"fused": fused, "sum": plain, **ends}}

    said = against_sum({"clean": row(0.96, 0.97, 0.02), "mouth_covered": row(0.99, 0.95, 0.005)})
    assert "ahead of the fusion in 1 of 2 rows, by at most 1.0 points, and in each of these the 95 % intervals overlap" in said
    assert "mouth covered 99.0 % (98.5 to 99.5) against 95.0 % (94.5 to 95.5) of the sum" in said.replace(NBSP, " ")
    assert "not always" in against_sum({"clean": row(0.9, 0.97, 0.02)})


def test_conditions_have_names_for_people() -> None:
    names = [spelled(name).replace("\u00a0", " ").replace("\u2212", "-") for name in CONDITIONS]
    assert names == ["clean", "0 dB", "-5 dB", "-10 dB", "-5 dB, environment", "mouth covered", "0 dB, mouth covered"]


def test_the_contract_names_every_condition() -> None:
    assert list(CONDITIONS) == ["clean", "0dB", "-5dB", "-10dB", "-5dB_environment", "mouth_covered", "0dB_mouth_covered"]


def test_the_gate_learns_to_leave_a_covered_mouth_alone() -> None:
    """Both modalities tell the word; the mouth's word is written in its brightness over time, and gone where it is covered."""
    rng = np.random.default_rng(0)
    count, versions = 60, 2
    words = np.stack([rng.integers(0, 2, count), rng.integers(0, 3, count)], axis=1)
    drawn = rng.standard_normal((count, versions, STEPS, WIDTH)).astype(np.float16) * 0.1
    crops = rng.integers(90, 110, (count, STEPS, *CROP_SIZE)).astype(np.uint8)
    for i, (a, b) in enumerate(words):
        drawn[i, :, 3:5, a] += 3
        drawn[i, :, 7:9, 10 + b] += 3
        crops[i, 3:5, :, 10 * a : 10 * a + 10] = 250
        crops[i, 7:9, :, 12 * b : 12 * b + 10] = 10
    windows = np.zeros((count, 2, STEPS), np.float32)
    windows[:, 0, 3:5], windows[:, 1, 7:9] = 0.5, 0.5
    material = Material([], [], words, np.zeros(count, int), crops, drawn, drawn[:, :1], windows)
    settings = SlotTraining(seconds=STEPS / 25, versions=versions, lip_epochs=12, sound_epochs=12, gate_epochs=15, batch=12)
    network = fit(material, SLOTS, np.arange(count) % 6, np.arange(count), settings, 0, lambda *_: None)
    lips = {name: standard_crops(torch.from_numpy(x)) for name, x in (("open", crops), ("covered", covered(crops)))}
    frames = torch.from_numpy(drawn[:, 0].astype(np.float32))
    quality = torch.from_numpy(noise_statistics(frames.numpy()))
    gates = {}
    with torch.inference_mode():
        for name, mouth in lips.items():
            seen = {"audio": quality, "visual": mouth_statistics(mouth)}
            got = network({"audio": frames, "visual": mouth}, seen, torch.ones(count, 2, dtype=torch.bool))
            gates[name] = got.gates.mean(dim=(0, 1))
            right = np.mean([(got.fused.logits[s].argmax(-1).numpy() == words[:, j]).mean() for j, s in enumerate(SLOTS)])
            assert right > 0.9, name
    share = {name: float(g[1] / g.sum()) for name, g in gates.items()}
    assert share["covered"] < share["open"]


def test_a_film_without_a_face_has_no_lips_and_says_so() -> None:
    heard = read_utterance(film("mp4", pictures(1.0), [tone(1.0)]), 12.0)
    assert heard.mouth is None and heard.samples is not None
    assert any("no face" in warning for warning in heard.warnings)


def test_a_clip_too_long_for_a_command_is_refused() -> None:
    with pytest.raises(InputError, match="at most"):
        read_utterance(film("mp4", pictures(2.0)), 1.0)


def test_recordings_are_found_without_a_table_and_a_table_needs_its_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no clips"):
        read_recordings(tmp_path)
    (tmp_path / "a.wav").write_bytes(film("wav", None, [tone(0.5)]))
    assert [r.id for r in read_recordings(tmp_path)] == ["a.wav"]
    (tmp_path / "labels.csv").write_text("name\na.wav\n")
    with pytest.raises(InputError, match="'file' is missing"):
        read_recordings(tmp_path)


@pytest.fixture(scope="module")
def few_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three real clips in another order and under other names, with their words."""
    if not GRID.is_dir():
        pytest.skip("needs ../shared/data/video_grid_s1")
    folder = tmp_path_factory.mktemp("grid")
    rows = (GRID / "labels.csv").read_text().splitlines()
    lines = [rows[0]]
    for number, row in enumerate(rows[500:800:110]):
        cells = row.split(",")
        (folder / f"x{number}.mp4").write_bytes((GRID / cells[0]).read_bytes())
        lines.insert(1, ",".join([f"x{number}.mp4", *cells[1:]]))
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.data
def test_evaluate_gives_the_contracts_document_and_predictions(few_clips: Path, tmp_path: Path) -> None:
    from mmcore.__main__ import main

    out, lines = tmp_path / "out.json", tmp_path / "lines.jsonl"
    command = ["evaluate", "spoken_command", "--data", str(few_clips), "--json", str(out), "--predictions", str(lines)]
    assert main(command) == 0
    document = json.loads(out.read_text())
    assert document["n"] == 3 and document["seen_in_training"] == 3
    assert list(document["conditions"]) == [name for name in CONDITIONS if name != "-5dB_environment"]
    clean = document["conditions"]["clean"]
    assert clean["fused"] > 0.9 and set(clean["digit"]) >= {"audio", "visual", "fused"}
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    assert len(rows) == 3 * 6 * 3
    assert set(rows[0]["slots"]) == {"command", "color", "preposition", "digit", "adverb"}


@pytest.mark.data
def test_analyze_explains_the_word_it_is_least_sure_of(few_clips: Path, tmp_path: Path) -> None:
    from mmcore.__main__ import main

    out = tmp_path / "out.json"
    assert main(["analyze", "spoken_command", str(few_clips / "x0.mp4"), "--json", str(out), "--target", "digit:two"]) == 0
    result = json.loads(out.read_text())
    why = result["explanation"]
    assert why["target"] == "digit:two" and set(why["values"]) == {"", *SUBSETS}
    assert why["base"] + sum(why["shares"].values()) == pytest.approx(why["values"]["audio+visual"], abs=1e-6)
    assert all(set(piece) == {"modality", "where", "score"} for piece in why["evidence"])


def test_the_shipped_model_is_small_and_known() -> None:
    folder = library.find("spoken_command")
    assert (folder / library.WEIGHTS).stat().st_size < 3_000_000


def test_a_comparison_that_was_stopped_goes_on_with_the_folds_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mmcore.domains.video import slot_compare

    count, versions = 8, len(slot_compare.SOUND_CONDITIONS)
    rng = np.random.default_rng(0)
    material = Material(
        ids=[str(i) for i in range(count)], hashes=[str(i) for i in range(count)], words=np.zeros((count, len(SLOTS)), int),
        folds=np.arange(count) % 2, crops=rng.integers(0, 255, (count, STEPS, *CROP_SIZE)).astype(np.uint8),
        drawn=np.zeros((count, 1, STEPS, WIDTH), np.float16), tried=rng.standard_normal((count, versions, STEPS, WIDTH)).astype(np.float16),
        windows=np.full((count, len(SLOTS), STEPS), 1 / STEPS, np.float32), key="toy",
    )  # fmt: skip
    trained: list[int] = []

    def fitted(material: Material, slots: dict, groups: np.ndarray, rows: np.ndarray, training: SlotTraining, seed: int, step: object):
        trained.append(seed)
        torch.manual_seed(seed)
        return SlotNetwork(slots).eval()

    monkeypatch.setattr(slot_compare, "fit", fitted)
    settings, letters = SlotSettings(SLOTS), np.array(list("abcdefgh"))

    def tried(fold: int, seed: int, training: SlotTraining) -> dict:
        return dict(slot_compare.answers_of_fold(material, settings, training, letters, fold, seed, tmp_path, lambda *_: None))

    first, again = tried(0, 2, SlotTraining()), tried(0, 2, SlotTraining())
    assert trained == [2000] and first.keys() == again.keys() and all((first[name] == again[name]).all() for name in first)
    assert first["clean.fused"].shape == (4, len(SLOTS))
    tried(1, 2, SlotTraining()), tried(0, 2, SlotTraining(lip_epochs=1))
    assert trained == [2000, 2001, 2000]


def test_a_set_of_words_adds_up_to_its_level_where_none_is_as_sure_as_in_training() -> None:
    model = load("spoken_command")
    words = model.slots["command"]
    assert model.likely("command", np.array([0.32, 0.3, 0.2, 0.18]), "audio+visual", 0.9) == list(words)
    assert model.likely("command", np.array([0.001, 0.997, 0.001, 0.001]), "audio+visual", 0.9) == [words[1]]


def test_what_is_all_but_certain_is_never_told_as_certain() -> None:
    model = load("spoken_command")
    far = {slot: torch.full((1, len(words)), -40.0).index_fill(1, torch.tensor([0]), 0.0) for slot, words in model.slots.items()}
    reading = Reading(far, torch.zeros(1))
    readings = SlotReadings({"audio": reading, "visual": reading}, reading, torch.zeros(1))
    for slots in _calibrated(model.network, readings, torch.ones(1, 2, dtype=torch.bool), model.settings.doubt).values():
        assert all(0.99 < float(p[0, 0]) < 1 for p in slots.values())


@pytest.mark.parametrize(("seconds", "reason"), [(0.3, "lasts 0.3 s"), (3.0, "unlike the commands")])
def test_what_is_no_command_gets_no_sure_answer(seconds: float, reason: str) -> None:
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, round(16_000 * seconds)).astype(np.float32)
    heard = Utterance(noise, None, seconds, "0" * 64)
    confidence = analyze(load("spoken_command"), heard, explain=False)["confidence"]
    assert confidence["abstain"] and reason in confidence["reasons"][0] and "speaker" in confidence["valid_for"]


def test_the_command_says_that_it_is_not_sure_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from mmcore.__main__ import main

    (tmp_path / "tone.wav").write_bytes(film("wav", None, [tone(0.3)]))
    assert main(["analyze", "spoken_command", str(tmp_path / "tone.wav")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Not sure: the clip lasts 0.3 s") and "Most probable: " in said and "  colour " in said and "100.0 %" not in said


def test_a_clip_of_the_speaker_is_not_unlike_the_commands(few_clips: Path) -> None:
    for path in sorted(few_clips.glob("*.mp4")):
        confidence = analyze(load("spoken_command"), read_utterance(path, 12.0), explain=False)["confidence"]
        assert not any("unlike" in reason or "lasts" in reason for reason in confidence["reasons"])
