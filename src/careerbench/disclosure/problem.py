"""One block: which of its cells can be pinned down, and what to hide so that none can."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.cells import merged_columns
from careerbench.disclosure.cleanup import Knowledge, Proofs
from careerbench.disclosure.feasible import Ranges, Tables
from careerbench.disclosure.repair import Patterns
from careerbench.disclosure.residual import reached_columns, shorter_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from careerbench.disclosure.cells import Cells

    Bools = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Problem:
    """Published sums and targets over the base cells of one block.

    Parameters
    ----------
    cells : Cells
        The system the block is cut from.
    published, targets : array of int
        Cells that are known unless hidden, and cells that need a wide interval.
    width : float
        How wide.
    columns : array of int, optional
        The base cells that may move; all others count as known. None: those that the cells use.
    """

    def __init__(
        self,
        cells: Cells,
        published: Integers,
        targets: Integers,
        width: float,
        *,
        columns: Integers | None = None,
    ) -> None:
        columns = np.arange(len(cells.base)) if columns is None else columns
        rows = cells.membership[np.concatenate([published, targets])][:, columns]
        used, number = merged_columns(rows)
        first = np.unique(number, return_index=True)[1]
        weights = cells.base[columns[used]]
        self.truth = np.bincount(number, weights=weights, minlength=len(first)).astype(float)
        self.blocks = cells.base_blocks[:, columns[used[first]]]
        rows = rows[:, used[first]].astype(float)
        self.rows, self.targets = rows[: len(published)], rows[len(published) :]
        self.width = float(width)
        self.published, self.cost, self.floor = published, cells.cost[published], cells.floor
        self.keep = cells.kept[published]
        self.ranges = Ranges(self.targets, self.truth, np.full(len(targets), float(width)))
        self.n_repairs = 0

    @cached_property
    def sums(self) -> Floats:
        """The true published sums."""
        return np.asarray(self.rows @ self.truth, dtype=float)

    def look(self, hidden: Bools, *, ignore: Bools | None = None, quick: bool = False) -> Bools:
        """Say which targets keep their width, given what is shown; if quick, not all of them."""
        hidden_here = hidden[self.published]
        shown = ~hidden_here if ignore is None else ~hidden_here & ~ignore
        rows = shorter_rows(self.rows[shown], self.blocks)
        low = high = np.asarray(rows @ self.truth, dtype=float)
        if self.floor and hidden_here.any():
            rows, low, high = self._with_floors(rows, low, self.rows[hidden_here])
        open_ = np.flatnonzero(~self.ranges.wide)
        if not len(open_):
            return self.ranges.wide
        start = np.zeros(len(self.truth), dtype=bool)
        start[self.targets[open_].indices] = True
        part = reached_columns(rows, start)
        touched = np.diff(rows[:, part].indptr) > 0
        tables = Tables(rows[touched][:, part], low[touched], high[touched])
        self.ranges.look_at_many(open_, tables, part, self.truth)
        if not quick:
            self.ranges.look_at(open_, tables, part, self.truth)
        return self.ranges.wide

    def repair(self, hidden: Bools, *, may_hide: Bools, ignore: Bools | None = None) -> None:
        """Hide (in ``hidden``) until every target can move far enough, where that can be done."""
        out = np.zeros(len(self.published), dtype=bool) if ignore is None else ignore
        use = np.flatnonzero(~out)
        free = hidden[self.published[use]]
        patterns = Patterns(
            self.rows[use],
            self.truth,
            cost=np.where(free, 0.0, self.cost[use]),
            fixed=~free & ~(may_hide & ~self.keep)[use],
            floor=self.floor,
        )
        ranges = self.ranges
        for target in np.argsort(ranges.high - ranges.low, kind="stable"):
            if ranges.is_wide(target):
                continue
            start, stop = self.targets.indptr[target], self.targets.indptr[target + 1]
            found = patterns.reaching(
                self.targets.indices[start:stop],
                self.targets.data[start:stop],
                ranges.low[target] + ranges.need[target],
            )
            if found is None:
                continue
            table, moved = found
            new = moved[~hidden[self.published[use[moved]]]]
            hidden[self.published[use[new]]] = True
            self.n_repairs += len(new)
            patterns.price(new, np.zeros(len(new)))
            ranges.widen(table)

    def show_again(self, hidden: Bools, *, may_show: Bools, ignore: Bools | None = None) -> int:
        """Show cells again (in ``hidden``) where every wide target stays wide; return how many."""
        out = np.zeros(len(self.published), dtype=bool) if ignore is None else ignore
        use = np.flatnonzero(~out)
        open_rows = hidden[self.published[use]]
        candidates = np.flatnonzero(open_rows & may_show[use])
        if not len(candidates):
            return 0
        known = Knowledge(self.rows[use], self.truth, hidden=open_rows, floor=self.floor)
        proofs = Proofs(self.targets, self.truth, np.where(self.ranges.wide, self.width, 0.0))
        n_shown = 0
        for row in candidates[np.argsort(-self.cost[use[candidates]], kind="stable")]:
            known.show(row)
            if proofs.hold(known, row):
                hidden[self.published[use[row]]] = False
                n_shown += 1
            else:
                known.hide(row)
        return n_shown

    def _with_floors(
        self, rows: sparse.csr_array, sums: Floats, hidden: sparse.csr_array
    ) -> tuple[sparse.csr_array, Floats, Floats]:
        """Add what an attacker knows of hidden sums when nothing empty is ever hidden."""
        from scipy import sparse

        n = hidden.shape[0]
        low = np.r_[sums, np.full(n, float(self.floor))]
        return sparse.vstack([rows, hidden], format="csr"), low, np.r_[sums, np.full(n, np.inf)]
