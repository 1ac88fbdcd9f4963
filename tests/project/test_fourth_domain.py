"""A new domain whose inputs existing readers know costs one page file and one model folder, and no change elsewhere."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from mmcore import library, pipeline
from mmcore.readers.case_folder import read_case
from mmcore.training.train import SILENT, train
from tests.pages.conftest import TIMEOUT_S, settled, words
from tests.project.tree import REPO

MODEL = """
name = "leaf_health"
title = "Leaf health: photo and field notes"
domain = "garden"
task = "classification"
grade = "generated data"
notice = "Made for a test."
licence = "CC0"

[[labels]]
id = "healthy"
name = "Healthy leaf"

[[labels]]
id = "rust"
name = "Leaf rust"

[[labels]]
id = "mildew"
name = "Powdery mildew"

[inputs.leaf]
kind = "picture"
title = "Leaf photo"
encoder = "efficientnet_lite0"

[inputs.notes]
kind = "record"
title = "Field notes"
encoder = "fields"

[[inputs.notes.fields]]
name = "humidity"
title = "Humidity"
type = "number"
unit = "%"
range = [0, 100]

[[inputs.notes.fields]]
name = "soil"
title = "Soil"
type = "category"
values = ["CLAY", "SAND", "LOAM"]

[[inputs.notes.fields]]
name = "watered"
title = "Watered"
type = "flag"

[data]
table = "leaves.csv"
label = "state"
subject = "plant"

[data.columns]
leaf = "photo"

[fusion]
name = "late"
members = 1

[training]
folds = 2
epochs = 8
views = 1
batch = 16
"""
PAGE = '''"""The garden page."""

from pages.shared import batch, guard, models, sources, view, workbench

TITLE = "Garden"
ORDER = 40
DOMAIN = "garden"
SUMMARY = "A photo of a leaf and field notes: which state."

guard.require_app()
model = models.choose(DOMAIN)
case = sources.show(DOMAIN, model.spec, model.folder)
if sources.many(DOMAIN):
    batch.show(DOMAIN, model)
elif case is not None and (built := view.build(model, case)) is not None:
    workbench.show(built)
'''
KINDS = {"healthy": ((60, 160, 60), 40, "LOAM"), "rust": ((170, 90, 30), 60, "CLAY"), "mildew": ((220, 225, 215), 85, "SAND")}


def draw(label: str, rng: np.random.Generator) -> Image.Image:
    pixels = np.array(KINDS[label][0]) + rng.normal(0, 12, (64, 64, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def write_leaves(folder: Path) -> Path:
    """A data set of 45 leaves whose state shows in colour, humidity and soil."""
    rng = np.random.default_rng(0)
    (folder / "photos").mkdir(parents=True)
    with (folder / "leaves.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["photo", "plant", "humidity", "soil", "watered", "state"])
        for number in range(45):
            label = list(KINDS)[number % 3]
            draw(label, rng).save(folder / "photos" / f"{number}.png")
            humidity = round(float(np.clip(rng.normal(KINDS[label][1], 6), 0, 100)))
            writer.writerow([f"photos/{number}.png", f"plant{number}", humidity, KINDS[label][2], str(number % 2 == 0), label])
    return folder


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program's page side with one file more, and a folder of models with one model more."""
    root = tmp_path_factory.mktemp("fourth")
    shutil.copy(REPO / "app.py", root)
    for name in ("pages", ".streamlit"):
        if (REPO / name).is_dir():
            shutil.copytree(REPO / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "pages" / "garden.py").write_text(PAGE, encoding="utf-8")
    source = root / "source"
    source.mkdir()
    (source / "model.toml").write_text(MODEL, encoding="utf-8")
    train(
        source, write_leaves(root / "data"), root / "models" / "leaf_health",
        fusion=None, seed=0, device=torch.device("cpu"), command="", step=SILENT,
    )  # fmt: skip
    yield root


@pytest.fixture
def models_of_the_copy(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The copy, with its models on the list and its own pages imported instead of those that other tests have loaded."""
    monkeypatch.setenv(library.VARIABLE, str(copy / "models"))
    loaded = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "pages"}
    yield copy
    for name in [name for name in sys.modules if name.split(".")[0] == "pages"]:
        del sys.modules[name]
    sys.modules.update(loaded)


def test_the_new_model_is_listed_and_answers_cases_of_its_own(models_of_the_copy: Path, tmp_path: Path) -> None:
    model = pipeline.load("leaf_health")
    assert model.spec.domain == "garden" and model.spec.modalities == ("leaf", "notes")
    for label in KINDS:
        folder = tmp_path / label
        folder.mkdir()
        draw(label, np.random.default_rng(7)).save(folder / "leaf.png")
        (folder / "notes.json").write_text(f'{{"humidity": {KINDS[label][1]}, "soil": "{KINDS[label][2]}"}}', encoding="utf-8")
        result = model.analyze(read_case([folder], model.spec))
        assert result.predictions[0].label == label
        assert set(result.explanation.shares) == {"leaf", "notes"} and len(result.explanation.evidence) == 49 + 2


def test_the_new_page_is_in_the_menu_and_shows_the_answer(models_of_the_copy: Path, tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    draw("rust", np.random.default_rng(3)).save(photo)
    app = AppTest.from_file(str(models_of_the_copy / "app.py"), default_timeout=TIMEOUT_S).run()
    app.switch_page("pages/garden.py").run()
    assert not app.exception
    app.get_by_key("garden.source").set_value("Your files").run()
    app.file_uploader[0].upload("a.png", photo.read_bytes())
    app.file_uploader[0].upload("a.json", b'{"humidity": 62, "soil": "clay", "watered": "yes"}')
    text = words(settled(app.run()))
    assert "Leaf rust" in text and "Made for a test." in text and "ost probable" in text


def test_the_program_itself_knows_nothing_of_the_new_domain() -> None:
    for path in [REPO / "app.py", *(REPO / "mmcore").rglob("*.py"), *(REPO / "pages").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert "garden" not in text and "leaf_health" not in text, path
