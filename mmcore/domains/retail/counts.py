"""What is counted on the given purchases: popularity, neighbours, latent factors and item-item weights in closed form.

The weights are EASE's (Steck 2019: the ridge regression of every product on all others, in closed form), with the likeness of the products'
contents added to the counts as pseudo-purchases (Jeunen et al. 2020, CEASE), so that a product bought once, or never, has neighbours too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from threadpoolctl import threadpool_limits

from mmcore.domains.retail.catalogue import Purchases
from mmcore.domains.retail.features import Features
from mmcore.domains.retail.settings import CountSettings
from mmcore.errors import ModelError

CHUNK = 1024


def matrix(purchases: Purchases, products: int) -> sp.csr_matrix:
    """(shoppers, products) of 0 and 1: bought at least once."""
    shoppers, number = np.unique(purchases.shoppers.astype(str), return_inverse=True)
    found = sp.csr_matrix((np.ones(len(purchases), np.float32), (number, purchases.rows)), shape=(len(shoppers), products))
    found.sum_duplicates()
    found.data[:] = 1
    return found


def popularity(purchases: Purchases, products: int, half_life: float) -> np.ndarray:
    """(N,) log of the recent purchases of each product and a half."""
    age = purchases.next_day - 1 - purchases.days
    counted = np.bincount(purchases.rows, weights=0.5 ** (age / half_life), minlength=products) if len(purchases) else np.zeros(products)
    return np.log(counted + 0.5)


def neighbours(bought: sp.csr_matrix, shrink: float, kept: int) -> sp.csr_matrix:
    """(N, N) cosine of who bought the two products, shrunk towards zero where few did; the diagonal is zero."""
    together = (bought.T @ bought).tocsr()
    count = together.diagonal()
    pairs = together.tocoo()
    off = pairs.row != pairs.col
    row, column = pairs.row[off], pairs.col[off]
    share = pairs.data[off] / (np.sqrt(count[row] * count[column]) + shrink)
    return strongest(sp.csr_matrix((share.astype(np.float32), (row, column)), shape=together.shape), kept)


def factorised(bought: sp.csr_matrix, factors: int, regularization: float, alpha: float, seed: int = 0) -> Any:
    """Implicit ALS (Hu et al. 2008) of (shoppers, N) purchases by the library ``implicit``, fitted; ``item_factors`` is (N, factors).

    Others are folded in by ``recalculate_user(numbers, past)``, from their past as a (B, N) matrix to (B, factors).
    """
    try:
        from implicit.cpu.als import AlternatingLeastSquares
    except ImportError as error:
        raise ModelError("the package implicit is not installed", "Install the packages of requirements.txt again") from error
    with threadpool_limits(1, "blas"):  # its many small products are far slower on more
        model = AlternatingLeastSquares(
            factors=factors, regularization=regularization, alpha=alpha, iterations=15, random_state=seed, num_threads=1
        )
        model.fit(bought, show_progress=False)
    return model


def item_weights(bought: sp.csr_matrix, features: Features, settings: CountSettings, image: bool, text: bool) -> sp.csr_matrix:
    """(N, N): what a past product (row) adds to the score of another (column).

    Args:
        image, text: whether the likeness of pictures and of words may take part.
    """
    count = np.asarray(bought.sum(axis=0)).ravel()
    order = np.argsort(-count, kind="stable")[: settings.most]
    if not count.any():
        return sp.csr_matrix((bought.shape[1],) * 2, dtype=np.float32)
    part = bought[:, order]
    gram = torch.from_numpy((part.T @ part).toarray().astype(np.float32))
    if text:
        words = torch.from_numpy(flat_text(features.at(order)))
        gram.addmm_(words, words.T, alpha=settings.text)
    if image:
        pictures = torch.from_numpy(features.image[order])
        gram.addmm_(pictures, pictures.T, alpha=settings.image)
    gram.diagonal().add_(settings.ridge)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(gram))
    weights = inverse.div_(-inverse.diagonal().clone())
    weights.fill_diagonal_(0)
    return _keep(weights.numpy(), order, settings.kept, bought.shape[1])


def flat_text(features: Features) -> np.ndarray:
    """(N, F * 128) float32: a product of two rows is the mean cosine over the text fields."""
    return np.ascontiguousarray(features.text.reshape(len(features.text), -1) / np.sqrt(features.text.shape[1]), dtype=np.float32)


def _keep(weights: np.ndarray, order: np.ndarray, kept: int, products: int) -> sp.csr_matrix:
    """The strongest weights of each row, as rows and columns of the whole catalogue."""
    kept = min(kept, len(order))
    rows, columns, values = [], [], []
    for start in range(0, len(order), CHUNK):
        block = weights[start : start + CHUNK]
        at = np.argpartition(-np.abs(block), kept - 1, axis=1)[:, :kept]
        rows.append(np.repeat(order[start : start + len(block)], kept))
        columns.append(order[at].ravel())
        values.append(np.take_along_axis(block, at, axis=1).ravel())
    coordinates = (np.concatenate(rows), np.concatenate(columns))
    return sp.csr_matrix((np.concatenate(values).astype(np.float32), coordinates), shape=(products, products))


def strongest(table: sp.csr_matrix, kept: int) -> sp.csr_matrix:
    """The ``kept`` largest entries of each row."""
    table = table.tocsr()
    for row in range(table.shape[0]):
        start, end = table.indptr[row], table.indptr[row + 1]
        if end - start > kept:
            data = table.data[start:end]
            data[data < np.partition(data, -kept)[-kept]] = 0
    table.eliminate_zeros()
    return table
