"""What an attacker can still think possible: every table that fits what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Bools = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

SLACK = 1e-6
_PRIMAL = 4
_SEED, _AT_ONCE = 20_250_904, 10


class Tables:
    """All tables of unknown counts that fit the sums: never below zero, each sum in its bounds.

    The linear programmes over it share one solver and start where the last one ended, which makes
    each some ten times cheaper than a programme of its own.

    Parameters
    ----------
    rows : sparse array, sums by unknowns
        What is known to add up.
    low, high : array
        Bounds of each sum: equal where it is shown.
    """

    def __init__(self, rows: sparse.csr_array, low: Floats, high: Floats) -> None:
        self.n = rows.shape[1]
        self._solver = solver(rows, np.zeros(self.n), np.full(self.n, np.inf), low, high)
        self._solver.run()
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)
        self._priced = np.array([], dtype=np.int32)

    def extreme(self, unknowns: Integers, weights: Floats) -> Floats | None:
        """Return the table in which a weighted sum is largest; None where it has no bound."""
        self._price(np.asarray(unknowns, dtype=np.int32), -np.asarray(weights, dtype=float))
        return solved(self._solver, self.n)

    @property
    def fits(self) -> bool:
        """Whether there is any such table."""
        try:
            return solved(self._solver, self.n) is not None
        except ArithmeticError:
            return False

    def set_bounds(self, row: int, low: float, high: float) -> None:
        """Change what is known about one sum."""
        self._solver.changeRowBounds(int(row), low, high)

    def _price(self, unknowns: NDArray[np.int32], costs: Floats) -> None:
        if len(self._priced):
            self._solver.changeColsCost(
                len(self._priced), self._priced, np.zeros(len(self._priced))
            )
        self._solver.changeColsCost(len(unknowns), unknowns, costs)
        self._priced = unknowns


class Ranges:
    """How far each cell was seen to move; grows with every table that fits what is shown."""

    def __init__(self, cells: sparse.csr_array, truth: Floats, need: Floats) -> None:
        self.cells = cells
        self.need = need
        self.low = np.asarray(cells @ truth, dtype=float)
        self.high = self.low.copy()

    def widen(self, table: Floats) -> None:
        """Take in one table."""
        seen = self.cells @ table
        np.minimum(self.low, seen, out=self.low)
        np.maximum(self.high, seen, out=self.high)

    def look_at(self, open_: Integers, tables: Tables, part: Integers, truth: Floats) -> None:
        """Compute how high and, if that is not enough, how low cells can be, one by one.

        ``part`` names the unknowns that ``tables`` knows; the others stay as they are.
        """
        place = np.full(len(truth), -1)
        place[part] = np.arange(len(part))
        for cell in open_:
            span = slice(self.cells.indptr[cell], self.cells.indptr[cell + 1])
            unknowns, weights = place[self.cells.indices[span]], self.cells.data[span]
            for sign in (1.0, -1.0):
                if self.is_wide(cell):
                    break
                try:
                    table = tables.extreme(unknowns, sign * weights)
                except ArithmeticError:
                    continue  # nothing found is nothing proved: the cell stays open
                if table is None:
                    self.high[cell] = np.inf
                else:
                    self._widen_part(table, part, truth)

    def look_at_many(self, open_: Integers, tables: Tables, part: Integers, truth: Floats) -> None:
        """Raise several cells in one table, as often as that widens any; proves most, not all."""
        random = np.random.default_rng(_SEED)
        inside = self.cells[:, part].tocsr()
        left = random.permutation(open_)
        while len(left):
            chosen, left = left[:_AT_ONCE], left[_AT_ONCE:]
            cost = np.asarray(inside[chosen].sum(axis=0), dtype=float)
            unknowns = np.flatnonzero(cost)
            try:
                table = tables.extreme(unknowns, cost[unknowns])
            except ArithmeticError:
                continue  # nothing found is nothing proved: the cells stay open
            if table is not None:
                self._widen_part(table, part, truth)
            left = left[~self.wide[left]]

    def _widen_part(self, table: Floats, part: Integers, truth: Floats) -> None:
        whole = truth.copy()
        whole[part] = table
        self.widen(whole)

    def is_wide(self, cell: int) -> bool:
        """Say whether a cell was seen to move far enough."""
        return bool(self.high[cell] - self.low[cell] >= self.need[cell] - SLACK)

    @property
    def wide(self) -> Bools:
        """Whether each cell was seen to move far enough."""
        return np.asarray(self.high - self.low >= self.need - SLACK)


def solver(
    rows: sparse.csr_array, lowest: Floats, highest: Floats, low: Floats, high: Floats
) -> Any:
    """Set HiGHS up for bounded unknowns and bounded sums, with no objective yet."""
    import highspy

    by_column = rows.tocsc()
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = (int(n) for n in rows.shape)
    programme.col_cost_ = np.zeros(rows.shape[1])
    programme.col_lower_, programme.col_upper_ = lowest, highest
    programme.row_lower_, programme.row_upper_ = low, high
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = by_column.indptr
    programme.a_matrix_.index_ = by_column.indices
    programme.a_matrix_.value_ = by_column.data.astype(float)
    highs = highspy.Highs()
    highs.silent()
    for option, value in (("threads", 1), ("presolve", "off"), ("solver", "simplex")):
        highs.setOptionValue(option, value)
    highs.passModel(programme)
    return highs


def solved(highs: Any, n: int) -> Floats | None:
    """Run the solver; None where the objective has no bound, an error where nothing is found."""
    import highspy

    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return np.array(highs.getSolution().col_value[:n])
    unbounded = (
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )
    if status in unbounded:
        return None
    raise ArithmeticError(f"HiGHS: {highs.modelStatusToString(status)}")
