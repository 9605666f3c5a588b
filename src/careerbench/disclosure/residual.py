"""Shown sums less the shown parts of them: the same knowledge, in shorter rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Integers = NDArray[np.int64]

_SEED = 20_250_902


def shorter_rows(rows: sparse.csr_array, blocks: Integers) -> sparse.csr_array:
    """Take from every sum the parts, block by block, that are rows themselves.

    Parameters
    ----------
    rows : sparse array, sums by unknowns
        0 and 1 only.
    blocks : array of int, tiers by unknowns
        How the unknowns lie in blocks, coarse to fine.

    Returns
    -------
    sparse array
        Rows with the same span, without repeated and without empty ones: blocks whose sums are
        all shown no longer touch.
    """
    keys = np.random.default_rng(_SEED).integers(1, 2**62, rows.shape[1])
    rows = rows.tocsr()
    known, first = np.unique(_row_sums(rows, keys), return_index=True)
    rows = rows[np.sort(first)]
    size = np.diff(rows.indptr)
    row_of = np.repeat(np.arange(rows.shape[0]), size)
    keep = np.ones(len(rows.indices), dtype=bool)
    for tier in blocks:
        label = row_of * (int(tier.max(initial=0)) + 1) + tier[rows.indices]
        _, piece = np.unique(label, return_inverse=True)
        n = int(piece.max(initial=-1)) + 1
        sums = np.zeros(n, dtype=np.int64)
        np.add.at(sums, piece, keys[rows.indices])
        whole = np.bincount(piece, minlength=n)[piece] == size[row_of]
        keep &= whole | ~np.isin(sums, known)[piece]
    short = rows.astype(float)
    short.data = short.data * keep
    short.eliminate_zeros()
    return short[np.diff(short.indptr) > 0]


def _row_sums(rows: sparse.csr_array, keys: Integers) -> Integers:
    sums: Integers = np.asarray(rows.astype(np.int64) @ keys)
    return sums


def reached_columns(rows: sparse.csr_array, start: NDArray[np.bool_]) -> Integers:
    """Return the unknowns that share sums, at however many removes, with those to start from."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    pattern = sparse.csr_array((np.ones(rows.nnz), rows.indices, rows.indptr), shape=rows.shape)
    graph = sparse.block_array([[None, pattern], [pattern.T, None]], format="csr")
    _, label = connected_components(graph, directed=False)
    label = label[rows.shape[0] :]
    return np.flatnonzero(np.isin(label, np.unique(label[start])))
