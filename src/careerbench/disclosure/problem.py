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
    width : float or array
        How wide, for all or for each target.
    columns : array of int, optional
        The base cells that may move; all others count as known, and what is known of cells that are
        never listed is counted in. None: those that the cells use.
    """

    def __init__(
        self,
        cells: Cells,
        published: Integers,
        targets: Integers,
        width: float | Floats,
        *,
        columns: Integers | None = None,
    ) -> None:
        listed, told = len(published), _told(cells, columns)
        published = np.concatenate([published, told])
        columns = np.arange(len(cells.base)) if columns is None else columns
        rows = cells.membership[np.concatenate([published, targets])][:, columns]
        used, number = merged_columns(rows)
        first = np.unique(number, return_index=True)[1]
        weights = cells.base[columns[used]]
        self.truth = np.bincount(number, weights=weights, minlength=len(first)).astype(float)
        self.blocks = cells.base_blocks[:, columns[used[first]]]
        rows = rows[:, used[first]].astype(float)
        self.rows, self.targets = rows[: len(published)], rows[len(published) :]
        self.width = np.broadcast_to(np.asarray(width, dtype=float), len(targets))
        self.published, self.cost, self.keep = (
            published, cells.cost[published], cells.kept[published],
        )  # fmt: skip
        self.listed = np.arange(len(published)) < listed
        outside = cells.values[published] - self.sums
        self.floor = np.maximum(cells.floor[published] - outside, 0.0)
        self.ranges = Ranges(self.targets, self.truth, self.width)
        self.n_repairs = 0

    @cached_property
    def sums(self) -> Floats:
        """The true published sums."""
        return np.asarray(self.rows @ self.truth, dtype=float)

    def look(self, hidden: Bools, *, ignore: Bools | None = None, quick: bool = False) -> Bools:
        """Say which targets keep their width, given what is shown; if quick, not all of them."""
        hidden_here = self._hidden(hidden)
        shown = ~hidden_here & ~self._flags(ignore)
        known = hidden_here & (self.floor > 0)
        rows = shorter_rows(self.rows[shown], self.blocks)
        low = high = np.asarray(rows @ self.truth, dtype=float)
        if known.any():
            rows, low, high = self._with_floors(rows, low, known)
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
        use = np.flatnonzero(~self._flags(ignore))
        hidden_here = self._hidden(hidden)
        free = hidden_here[use]
        patterns = Patterns(
            self.rows[use],
            self.truth,
            cost=np.where(free, 0.0, self.cost[use]),
            fixed=~free & ~(self._flags(may_hide) & ~self.keep)[use],
            floor=self.floor[use],
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
            new = moved[~hidden_here[use[moved]]]
            hidden[self.published[use[new]]] = hidden_here[use[new]] = True
            self.n_repairs += len(new)
            patterns.price(new, np.zeros(len(new)))
            ranges.widen(table)

    def show_again(self, hidden: Bools, *, may_show: Bools, ignore: Bools | None = None) -> int:
        """Show cells again (in ``hidden``) where every wide target stays wide; return how many."""
        use = np.flatnonzero(~self._flags(ignore))
        open_rows = self._hidden(hidden)[use]
        candidates = np.flatnonzero(open_rows & self._flags(may_show)[use])
        if not len(candidates):
            return 0
        known = Knowledge(self.rows[use], self.truth, hidden=open_rows, floor=self.floor[use])
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

    def _hidden(self, hidden: Bools) -> Bools:
        """Say which rows an attacker does not see; what has no place in a table is never seen."""
        return np.asarray(hidden[self.published] | ~self.listed)

    def _flags(self, flags: Bools | None) -> Bools:
        """Lay flags of the published cells over all rows."""
        whole = np.zeros(len(self.published), dtype=bool)
        whole[self.listed] = False if flags is None else flags
        return whole

    def _with_floors(
        self, rows: sparse.csr_array, sums: Floats, known: Bools
    ) -> tuple[sparse.csr_array, Floats, Floats]:
        """Add what an attacker knows hidden sums to be at least."""
        from scipy import sparse

        both = sparse.vstack([rows, self.rows[known]], format="csr")
        n_known = int(known.sum())
        return both, np.r_[sums, self.floor[known]], np.r_[sums, np.full(n_known, np.inf)]


def _told(cells: Cells, columns: Integers | None) -> Integers:
    """Find cells without a place of their own that the table tells to hold somebody."""
    if columns is None or not (cells.floor[~cells.published] > 0).any():
        return np.array([], dtype=np.int64)
    touching = np.diff(cells.membership[:, columns].indptr) > 0
    return np.flatnonzero(touching & ~cells.published & (cells.floor > 0))
