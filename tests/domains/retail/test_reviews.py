from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmcore.__main__ import main
from mmcore.domains.retail.reviews.aspects import clauses, mentions
from mmcore.domains.retail.reviews.dataset import is_held_out, read_reviews
from mmcore.domains.retail.reviews.evaluate import Mark, evaluate_aspects, evaluate_sentiment, overlap, read_marks
from mmcore.domains.retail.reviews.reading import Aspect, read_review, score_within, shipped
from mmcore.domains.retail.reviews.sentiment import fit_sentiment, load_sentiment, terms_of
from mmcore.errors import InputError, ModelError

REVIEW = "Love the color! The fabric is soft, but it runs small and the sleeves are way too tight. Returned it; not worth the price."


def quoted(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mention in mentions(text):
        found.setdefault(mention.aspect, []).append(text[mention.start : mention.end])
    return found


def test_each_aspect_is_found_with_its_clause() -> None:
    assert quoted(REVIEW) == {
        "colour": ["Love the color"],
        "fabric": ["The fabric is soft"],
        "fit": ["it runs small", "the sleeves are way too tight"],
        "price": ["not worth the price"],
    }


def test_praise_and_blame_are_told_apart_by_clause() -> None:
    reading = read_review(REVIEW)
    by_name = {aspect.name: aspect.polarity for aspect in reading.aspects}
    assert by_name["colour"] == 1 and by_name["fabric"] == 1 and by_name["price"] == -1
    assert read_review("Absolutely perfect, I love it!").probability > 0.95 > 0.5 > read_review(REVIEW).probability


def test_the_pushes_and_the_intercept_are_the_logit() -> None:
    reading, model = read_review(REVIEW), shipped()
    logit = model.intercept + score_within(reading.pushes, 0, len(REVIEW))
    assert model.logit(REVIEW) == pytest.approx(logit) and reading.probability == pytest.approx(1 / (1 + np.exp(-logit)))


def test_taking_the_most_damning_clause_away_raises_the_probability() -> None:
    reading = read_review(REVIEW)
    worst = min(reading.aspects, key=lambda aspect: aspect.score)
    assert read_review(REVIEW[: worst.start] + REVIEW[worst.end :]).probability > reading.probability


@pytest.mark.parametrize(
    "text", ["", "!!!", "12345", "日本語のレビュー", "İİİ the fabric is soft", "a" * 50_000, "( " * 3000, "and " * 3000]
)
def test_odd_texts_are_read_without_harm(text: str) -> None:
    reading = read_review(text)
    assert 0 < reading.probability < 1
    assert all(0 <= a.start < a.end <= len(text) for a in reading.aspects)


def test_spans_count_characters_of_the_text_as_given() -> None:
    text = "İİ Größe! The FABRIC is soft"
    assert quoted(text) == {"fabric": ["The FABRIC is soft"]}
    assert [text[a:b] for _, a, b in terms_of(text)][-1] == "is soft"


def test_clauses_do_not_break_numbers() -> None:
    text = "i'm 5.5 and 1,200 miles away - or so"
    assert [text[a:b] for a, b in clauses(text)] == ["i'm 5.5", "1,200 miles away", "so"]


def test_a_model_learns_saves_and_loads_the_same() -> None:
    texts = ["lovely soft dress", "awful itchy dress", "lovely fit", "awful fit"] * 6
    model = fit_sentiment(texts, np.array([1, 0, 1, 0] * 6), terms=50, least=2, strength=4.0)
    again = load_sentiment(model.to_bytes())
    assert again.terms == model.terms and again.logit("lovely soft fit") == pytest.approx(model.logit("lovely soft fit"), abs=1e-2)
    assert model.logit("lovely") > 0 > model.logit("awful")
    with pytest.raises(ModelError, match="damaged"):
        load_sentiment(model.to_bytes()[:-9])


def test_shipped_weights_agree_with_the_library_they_were_fitted_by() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = shipped()
    table = TfidfVectorizer(analyzer=lambda text: [term for term, _, _ in terms_of(text)], vocabulary=list(model.terms), sublinear_tf=True)
    table.idf_ = model.idf.astype(float)
    assert model.logit(REVIEW) == pytest.approx(float((table.transform([REVIEW]) @ model.weights)[0]) + model.intercept, abs=1e-4)


def test_overlap_of_spans() -> None:
    assert overlap(Aspect("fit", 0, 10, 0.0), Mark(0, 5, 15, "fit", 1)) == pytest.approx(5 / 15)
    assert overlap(Aspect("fit", 0, 5, 0.0), Mark(0, 5, 15, "fit", 1)) == 0


def test_marks_are_of_a_hundred_reviews() -> None:
    marks, rows = read_marks()
    assert len(rows) == 100 and {mark.aspect for mark in marks} == {"fit", "fabric", "colour", "quality", "price", "comfort"}
    assert all(0 <= mark.start < mark.end for mark in marks)


def write_set(folder: Path, count: int = 300) -> Path:
    rng = np.random.default_rng(0)
    liked = rng.integers(0, 2, count)
    words = np.where(liked, "lovely perfect soft", "awful cheap itchy")
    table = pd.DataFrame(
        {
            "clothing_id": rng.integers(0, 60, count),
            "title": [None, "A title"] * (count // 2),
            "review_text": [f"{w} garment {n}" for n, w in enumerate(words)],
            "rating": liked * 5,
            "recommended_ind": liked,
        }
    )
    table.to_parquet(folder / "reviews.parquet")
    return folder


def test_held_out_garments_are_about_a_fifth_and_the_rating_is_no_input(tmp_path: Path) -> None:
    reviews = read_reviews(write_set(tmp_path))
    assert 0.1 < np.mean([is_held_out(n) for n in range(1000)]) < 0.3
    trained, held = reviews.where(~reviews.held_out), reviews.where(reviews.held_out)
    assert not set(trained.garments) & set(held.garments) and len(trained) + len(held) == 300
    model = fit_sentiment(trained.texts, trained.liked, terms=100, least=2, strength=4.0)
    figures = evaluate_sentiment(model, held, trained)
    assert figures["auroc"]["words and pairs (shipped)"]["auroc"] > 0.95 and figures["auroc"]["exclamation marks"]["auroc"] == 0.5


def test_command_reads_a_review_and_refuses_what_it_cannot_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reviews", "read", "--text", REVIEW]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["aspects"][0]["text"] == "Love the color" and document["recommends"] < 0.5
    for arguments in (["read"], ["evaluate"], ["train", "--data", str(tmp_path)], ["evaluate", "--data", str(tmp_path)]):
        assert main(["reviews", *arguments]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_table_without_its_columns_is_one_line(tmp_path: Path) -> None:
    pd.DataFrame({"clothing_id": [1]}).to_parquet(tmp_path / "reviews.parquet")
    with pytest.raises(InputError, match="columns"):
        read_reviews(tmp_path)
    (tmp_path / "reviews.parquet").write_bytes(io.BytesIO(b"no parquet").getvalue())
    with pytest.raises(InputError, match="cannot be read"):
        read_reviews(tmp_path)


@pytest.mark.data
def test_shipped_encoder_reaches_its_figures_on_garments_held_out(shared_data: Path) -> None:
    reviews = read_reviews(shared_data / "retail_clothing_reviews")
    held = reviews.where(reviews.held_out)
    from sklearn.metrics import roc_auc_score

    assert roc_auc_score(held.liked, [shipped().logit(text) for text in held.texts]) > 0.95
    aspects = evaluate_aspects(shipped(), reviews)
    assert aspects["touching"]["all"]["precision"] > 0.8 and aspects["touching"]["all"]["recall"] > 0.85
