"""The cheapest cells to hide so that one cell is no longer pinned down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.feasible import solved, solver

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Bools = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_MOVED = 1e-6


class Patterns:
    """Changes of a table that leave as much of the shown as it was as can be.

    Parameters
    ----------
    rows : sparse array, sums by unknowns
        Every published sum.
    truth : array
        The true table.
    cost : array
        What hiding each sum costs; nothing for those already hidden.
    fixed : array of bool
        Sums that must stay shown.
    floor : array, optional
        The least that an attacker knows each hidden sum to be.

    Notes
    -----
    Costs weigh how much a sum moves: that favours few sums and does not promise the fewest. The
    table that is found fits everything that stays shown, which is the proof.
    """

    def __init__(
        self,
        rows: sparse.csr_array,
        truth: Floats,
        *,
        cost: Floats,
        fixed: Bools,
        floor: Floats | None = None,
    ) -> None:
        from scipy import sparse

        self.n, self.m = rows.shape[1], rows.shape[0]
        sums = np.asarray(rows @ truth, dtype=float)
        unit = sparse.eye_array(self.m, format="csr")
        highest = np.where(fixed, 0.0, np.inf)
        least = np.zeros(self.m) if floor is None else floor
        fall = np.where(least > 0, np.maximum(sums - least, 0), np.inf)
        fall = np.where(fixed, 0.0, fall)
        self._solver = solver(
            sparse.hstack([rows, -unit, unit], format="csr"),
            np.zeros(self.n + 2 * self.m),
            np.r_[np.full(self.n, np.inf), highest, fall],
            sums,
            sums,
        )
        self.price(np.arange(self.m), cost)

    def price(self, rows: Integers, cost: Floats) -> None:
        """Set what moving sums costs."""
        if len(rows):
            both = np.r_[self.n + rows, self.n + self.m + rows].astype(np.int32)
            self._solver.changeColsCost(len(both), both, np.r_[cost, cost])

    def reaching(
        self, unknowns: Integers, weights: Floats, reach: float
    ) -> tuple[Floats, Integers] | None:
        """Find the cheapest table in which a weighted sum reaches a value, and what it moves.

        None where no table does, whatever is hidden.
        """
        self._solver.addRow(
            reach, np.inf, len(unknowns), np.asarray(unknowns, dtype=np.int32), weights
        )
        try:
            found = solved(self._solver, self.n + 2 * self.m)
        except ArithmeticError:
            found = None
        self._solver.deleteRows(1, np.array([self.m], dtype=np.int32))
        if found is None:
            return None
        moved = found[self.n : self.n + self.m] + found[self.n + self.m :]
        return found[: self.n], np.flatnonzero(moved > _MOVED)
