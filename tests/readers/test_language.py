from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mmcore.readers.language import WARNING, foreign
from mmcore.readers.written import read_text

NOTES = Path(__file__).resolve().parents[1] / "domains" / "medical"


@pytest.mark.parametrize(
    "text",
    [
        "Patient seit drei Tagen mit Fieber und Husten, keine Atemnot. Temperatur 38,5 °C.",
        "Homme de 45 ans avec de la fièvre et une toux sèche depuis cinq jours, sans dyspnée.",
        "Mujer de 60 años con fiebre y tos desde hace una semana, sin disnea.",
        "Homem de 50 anos com febre e tosse, sem dispneia, há uma semana.",
        "Uomo di 70 anni con febbre e tosse da una settimana, senza dispnea.",
        "患者三天前开始发热咳嗽，无呼吸困难。",
        "Пациент с лихорадкой и кашлем в течение трёх дней",
    ],
)
def test_other_languages_are_told(text: str) -> None:
    assert foreign(text) and WARNING in read_text(text)[1]


@pytest.mark.parametrize(
    "text", ["", "COVID", "T 38.5, SpO2 93 %, HR 96", "Fever, cough x 5 d. CXR: bilateral opacities.", "Señor de la Cruz has a dry cough."]
)
def test_short_and_english_ones_are_not(text: str) -> None:
    assert not foreign(text)


@pytest.mark.parametrize("name", ["notes.toml", "styles.toml"])
def test_no_note_of_the_test_is_called_foreign(name: str) -> None:
    notes = [note["text"] for note in tomllib.loads((NOTES / name).read_text(encoding="utf-8"))["note"]]
    assert len(notes) > 20 and not [note for note in notes if foreign(note)]
