"""Show again what need not be hidden, as long as a proof is left for every count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.feasible import SLACK, Tables

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]


class Knowledge:
    """Everything published in a block, where a sum can be shown and hidden again."""

    def __init__(
        self, rows: sparse.csr_array, truth: Floats, *, hidden: Bools, floor: Floats
    ) -> None:
        self.rows, self.floor = rows, floor
        self.sums = np.asarray(rows @ truth, dtype=float)
        low = np.where(hidden, floor, self.sums)
        self.tables = Tables(rows, low, np.where(hidden, np.inf, self.sums))

    def show(self, row: int) -> None:
        """Let an attacker know a sum."""
        self.tables.set_bounds(row, self.sums[row], self.sums[row])

    def hide(self, row: int) -> None:
        """Take a sum away again."""
        self.tables.set_bounds(row, float(self.floor[row]), np.inf)

    def off(self, row: int, tables: Floats) -> Bools:
        """Say which tables (columns) do not have the true sum."""
        return np.asarray(np.abs(self.rows[[row]] @ tables - self.sums[row])[0] > SLACK)


class Proofs:
    """Tables that show how far each target can move; those that break are replaced."""

    def __init__(self, targets: sparse.csr_array, truth: Floats, need: Floats) -> None:
        self.targets, self.need = targets, need - SLACK
        self.tables = truth[:, None].astype(float)
        self.seen = np.asarray(targets @ self.tables)
        self._hardest: list[int] = []

    def hold(self, known: Knowledge, row: int) -> bool:
        """Say whether every target still moves far enough now that a sum is shown."""
        fits = ~known.off(row, self.tables)
        seen = self.seen[:, fits]
        low, high = seen.min(axis=1), seen.max(axis=1)
        order = np.argsort(high - low, kind="stable")
        hard = [
            target
            for target in reversed(self._hardest)
            if high[target] - low[target] < self.need[target]
        ]
        found: list[Floats] = []
        for target in [*hard, *order]:
            if high[target] - low[target] >= self.need[target]:
                continue
            if not self._moves(known, int(target), low, high, found):
                self._hardest = [*self._hardest[-4:], int(target)]
                self._take(found)
                return False
        self.tables, self.seen = self.tables[:, fits], seen
        self._take(found)
        return True

    def _moves(
        self, known: Knowledge, target: int, low: Floats, high: Floats, found: list[Floats]
    ) -> bool:
        """Find the ends of one target's interval."""
        part = slice(self.targets.indptr[target], self.targets.indptr[target + 1])
        for sign in (1.0, -1.0):
            try:
                table = known.tables.extreme(
                    self.targets.indices[part], sign * self.targets.data[part]
                )
            except ArithmeticError:
                return False  # nothing found is nothing proved: the cell stays hidden
            if table is None:
                high[target] = np.inf
                return True
            found.append(table)
            seen = self.targets @ table
            np.minimum(low, seen, out=low)
            np.maximum(high, seen, out=high)
            if high[target] - low[target] >= self.need[target]:
                return True
        return False

    def _take(self, found: list[Floats]) -> None:
        if found:
            tables = np.stack(found, axis=1)
            self.tables = np.concatenate([self.tables, tables], axis=1)
            self.seen = np.concatenate([self.seen, self.targets @ tables], axis=1)
