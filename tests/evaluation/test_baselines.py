"""Plain baselines: they learn, see no test label, and cannot read that a field is missing."""

import numpy as np
import pytest

from mmcore.case import Record
from mmcore.errors import ConfigError
from mmcore.evaluation.baselines import BASELINES, Plain, fit_predict, record_matrix
from mmcore.evaluation.metrics import auroc, macro_auroc
from mmcore.model_spec import Field

FIELDS = (
    Field("age", "Age", "number", range=(0, 120)),
    Field("region", "Region", "category", values=("FACE", "BACK")),
    Field("itch", "Itches", "flag"),
)


def drawn(seed: int, n: int = 240) -> Plain:
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 3
    record = np.column_stack([40 + 10 * y + rng.normal(0, 8, n), rng.integers(0, 2, n), np.where(rng.random(n) < 0.2 + 0.3 * y, 1, -1)])
    record[rng.random(record.shape) < 0.1] = np.nan
    pooled = rng.normal(size=(n, 20)) + (y == 1)[:, None] * 0.4
    text = rng.normal(size=(n, 10)) + y[:, None] * 0.8
    text[rng.random(n) < 0.1] = np.nan
    return Plain(record, pooled, y, text)


def test_a_record_becomes_numbers_and_a_missing_field_is_missing_in_every_column():
    records = [Record({"age": 61.0, "region": "BACK", "itch": "False"}), Record({"age": None, "region": None, "itch": "True"})]
    np.testing.assert_array_equal(record_matrix(records, FIELDS), [[61, 0, 1, -1], [np.nan, np.nan, np.nan, 1]])


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_learns_and_gives_probabilities(name):
    train, test = drawn(0), drawn(1)
    probabilities = fit_predict(name, train, test, 0, 3)
    assert probabilities.shape == (240, 3) and (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert macro_auroc(test.y, probabilities) > 0.65


@pytest.mark.parametrize("name", BASELINES)
def test_test_labels_are_not_read_and_a_seed_repeats(name):
    train, test = drawn(0), drawn(1)
    blind = Plain(test.record, test.pooled, np.zeros_like(test.y), test.text)
    np.testing.assert_array_equal(fit_predict(name, train, test, 0, 3), fit_predict(name, train, blind, 0, 3))


@pytest.mark.parametrize("name", ["boosting_record", "linear_record"])
@pytest.mark.parametrize("kind", ["number", "flag", "category"])
def test_that_a_field_is_filled_tells_nothing(name, kind):
    rng = np.random.default_rng(2)
    y = np.arange(1000) % 2
    answer = rng.integers(0, 3, 1000)
    field = {"number": 40.0 + 10 * answer[:, None], "flag": np.where(answer[:, None] > 1, 1.0, -1.0), "category": np.eye(3)[answer]}[kind]
    field[(y == 1) & (rng.random(1000) < 0.9)] = np.nan  # missing in nine of ten of one class
    plain = Plain(np.hstack([field, 50 + 10 * rng.normal(size=(1000, 1))]), np.zeros((1000, 1)), y)
    train, test = plain.rows(np.arange(1000) < 600), plain.rows(np.arange(1000) >= 600)
    hidden = fit_predict(name, train, test, 0, 2)
    # nothing but the gaps tells the classes apart: an indicator would give 0.95
    assert abs(auroc(test.y == 1, hidden[:, 1]) - 0.5) < 0.1


def test_the_product_is_the_product_of_its_parts():
    train, test = drawn(0), drawn(1)
    parts = fit_predict("linear_record", train, test, 0, 3) * fit_predict("linear_image", train, test, 0, 3)
    parts = parts * np.maximum(fit_predict("linear_text", train, test, 0, 3), 1e-6)
    np.testing.assert_allclose(fit_predict("linear_product", train, test, 0, 3), parts / parts.sum(axis=1, keepdims=True))


def test_a_class_that_training_lacks_gets_no_probability():
    train, test = drawn(0), drawn(1)
    some = train.rows(train.y != 1)
    for name in BASELINES:
        assert (fit_predict(name, some, test, 0, 3)[:, 1] == 0).all()


@pytest.mark.parametrize("value", [np.nan, 7.0])
def test_a_column_without_any_value_or_with_one_only_does_no_harm(value):
    train, test = drawn(0), drawn(1)
    empty = Plain(np.hstack([train.record, np.full((240, 1), value)]), train.pooled, train.y)
    other = Plain(np.hstack([test.record, np.ones((240, 1))]), test.pooled, test.y)
    for name in ("boosting_record", "linear_record"):
        with np.errstate(divide="raise", invalid="raise"):
            assert np.isfinite(fit_predict(name, empty, other, 0, 3)).all()


def test_an_unknown_baseline_names_the_known_ones():
    with pytest.raises(ConfigError, match="linear_product"):
        fit_predict("forest", drawn(0), drawn(1), 0, 3)
