"""``Cells``: counts that are sums of the same base counts, and what is asked of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Bools = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Every cell as a sum of base cells: the one linear system that all protection works on.

    A percentage that is a quotient of two cells, an answer that is what the other answers leave of
    a group, a table that repeats another table's cells: each is a row here, or follows from rows
    here, so that nothing can be derived outside this system.

    Attributes
    ----------
    membership : sparse array, cells by base cells
        1 where the base cell is part of the cell. Base cells that cannot hold anybody
        (structural zeros) are left out, so that they are nobody's partner.
    base : array of int
        True count of every base cell.
    published : array of bool
        Whether the cell has a place in what is published; the others are only protected.
    sensitive : array of bool
        Whether the count must not be found out, nor pinned to an interval that is too narrow.
    rank : array of int
        Coarse cells have low ranks: they are kept first.
    tier : array of int
        Cells of one tier are protected together, block by block; tier 0 is the top.
    base_blocks : array of int, tiers by base cells
        The block each base cell lies in, tier by tier.
    virtual : array of bool
        Cells that nobody will see, kept in the system to cut a wide block in two.
    kept : array of bool
        Cells that are always shown, such as zeros under a policy that never hides them.
    floor : array of int
        What an attacker knows each cell to be at least, shown or not: 1 where the table tells
        that somebody is there.
    """

    membership: sparse.csr_array
    base: Integers
    published: Bools
    sensitive: Bools
    rank: Integers
    tier: Integers
    base_blocks: Integers
    virtual: Bools
    kept: Bools
    floor: Integers

    def __len__(self) -> int:
        return len(self.published)

    @cached_property
    def values(self) -> Integers:
        """The true count of every cell."""
        return np.asarray(self.membership @ self.base, dtype=np.int64)

    @cached_property
    def cost(self) -> Floats:
        """What is lost by hiding a cell: more for a coarse and for a large one."""
        lost = 1 + np.log1p(self.values) + self.rank.max(initial=0) - self.rank
        return np.where(self.virtual, 0.5, lost)

    @cached_property
    def n_tiers(self) -> int:
        """How many tiers of blocks there are."""
        return len(self.base_blocks)


def same_cells(membership: sparse.csr_array, *, seed: int = 20_250_901) -> Integers:
    """Give numbers to the cells so that cells of the same base cells share a number.

    Notes
    -----
    Each base cell gets a random 62-bit number; two cells are the same where the sums agree
    (modulo 2**64). With a million cells the chance of one false match is below one in a million.

    Examples
    --------
    >>> from scipy import sparse
    >>> same_cells(sparse.csr_array([[1, 1], [0, 1], [1, 1]])).tolist()
    [0, 1, 0]
    """
    keys = np.random.default_rng(seed).integers(1, 2**62, membership.shape[1])
    sums = np.asarray(membership.astype(np.int64) @ keys)
    _, first, number = np.unique(sums, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    return np.asarray(order[number], dtype=np.int64)


def merged_columns(rows: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the base cells that these rows use, and those that they cannot tell apart.

    Returns
    -------
    tuple of array
        The columns used, and for each the number of the merged column it belongs to.
    """
    by_column = rows.tocsc()
    used = np.flatnonzero(np.diff(by_column.indptr))
    return used, same_cells(by_column[:, used].T.tocsr())
