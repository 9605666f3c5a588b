"""Protect cells: hide, look with an attacker's eyes, hide more, until nothing is narrow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.cells import merged_columns
from careerbench.disclosure.problem import Problem
from careerbench.disclosure.secondary import eliminate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from careerbench.disclosure.cells import Cells

    Bools = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_SEED, _ATTEMPTS, _CHANCE, _SMALL, _GROWTH = 20_250_903, 4, 0.5, 200, 4


@dataclass(frozen=True, eq=False)
class Protected:
    """Which cells are hidden, and what was proved about the rest.

    Attributes
    ----------
    hidden : array of bool
        Cells that must not be shown.
    proven : array of bool
        Cells that need no width, or whose interval was proved wide enough by two tables that both
        fit everything shown.
    effort : dict
        How many linear programmes were solved, and how many cells the repairs hid.
    """

    hidden: Bools
    proven: Bools
    effort: dict[str, int] = field(default_factory=dict)


def protect_cells(cells: Cells, *, width: float | Floats) -> Protected:
    """Hide cells until every sensitive one has an interval of at least ``width``.

    Parameters
    ----------
    cells : Cells
        Everything that is published, and everything that must be protected.
    width : float or array
        How wide the interval of each sensitive cell must stay, given everything shown; one for all
        or one for each cell.

    Returns
    -------
    Protected
        Where ``proven`` is True throughout, the promise holds for every cell: two tables that fit
        all that is shown differ in that cell by at least ``width``.

    Notes
    -----
    Blocks are protected from the top down, each by elimination and then by repair of what bounds
    would give away; then the whole is audited from the smallest blocks up, where everything outside
    a block counts as known to the attacker. What that does not prove is looked at in wider blocks,
    at last in the whole system. The promise is about linear sums and counts that cannot be
    negative; it is not about an attacker who knows single pupils' answers, nor about one who
    reasons from the choices of this method itself.
    """
    return _Shield(cells, width).run()


class _Shield:
    """The work of protecting one system of cells; the hidden set only ever grows."""

    def __init__(self, cells: Cells, width: float | Floats) -> None:
        self.cells = cells
        self.width = np.broadcast_to(np.asarray(width, dtype=float), len(cells))
        self.hidden = cells.published & cells.sensitive
        self.proven = ~cells.sensitive
        self.within = [_within(cells, blocks) for blocks in cells.base_blocks]
        self.effort = {"repairs": 0, "shown_again": 0}

    def run(self) -> Protected:
        """Top down to hide, bottom up to prove."""
        finest = self.cells.n_tiers - 1
        for tier in range(finest + 1):
            for block, members in self._blocks(tier):
                self._hide_what_derives(members, tier)
                self._hide_what_bounds(block, members, tier)
        for blocks in _wider(self.cells.base_blocks):
            self._prove(blocks)
        self._prove(self.cells.base_blocks[0], quick=False)
        for tier in sorted({0, min(1, finest)}, reverse=True):
            self._prove(self.cells.base_blocks[tier], quick=False, mend=True)
        return Protected(self.hidden, self.proven, self.effort)

    def _blocks(self, tier: int) -> Iterator[tuple[int, Integers]]:
        """Yield each block of a tier with its cells and its own margin from the tier above."""
        near = np.isin(self.cells.tier, (tier, tier - 1)) & (self.within[tier] >= 0)
        found = np.flatnonzero(near)
        order = found[np.argsort(self.within[tier][found], kind="stable")]
        cuts = np.flatnonzero(np.diff(self.within[tier][order])) + 1
        for members in np.split(order, cuts):
            if (self.cells.tier[members] == tier).any():
                yield int(self.within[tier][members[0]]), members

    def _hide_what_derives(self, members: Integers, tier: int) -> None:
        """Hide by elimination, in the best of a few orders; what the tier above decided stays."""
        cells = self.cells
        above = cells.tier[members] < tier
        shown = cells.published[members] & ~self.hidden[members]
        keep = members[shown]
        guard = members[~self.proven[members] | (above & self.hidden[members])]
        rows = cells.membership[np.concatenate([keep, guard])]
        used, number = merged_columns(rows)
        first = np.unique(number, return_index=True)[1]
        dense = rows[:, used[first]].toarray()
        protected = np.arange(len(keep), len(dense))
        best, least = keep[:0], np.inf
        for order in self._orders(keep, ~above[shown] & ~cells.kept[keep]):
            found = keep[eliminate(dense, candidates=order, protected=protected)]
            found = found[cells.tier[found] == tier]
            lost = float((1 + self.cells.cost[found] / 100).sum())
            if lost < least:
                best, least = found, lost
        self.hidden[best] = True

    def _orders(self, keep: Integers, may_hide: Bools) -> Iterator[Integers]:
        """Yield orders in which to keep cells: coarse first, then large, then with some chance."""
        values, rank = self.cells.values[keep], self.cells.rank[keep]
        random = np.random.default_rng(_SEED)
        for attempt in range(_ATTEMPTS):
            chance = np.exp(_CHANCE * random.standard_normal(len(keep))) if attempt else 1.0
            yield np.lexsort((-values * chance, rank, may_hide))

    def _hide_what_bounds(self, block: int, members: Integers, tier: int) -> None:
        """Hide what is needed inside one block; in the finest tier, prove it there if it can be."""
        above = self.cells.tier[members] < tier
        columns, published = None, members[self.cells.published[members]]
        if tier == self.cells.n_tiers - 1:
            columns = np.flatnonzero(self.cells.base_blocks[tier] == block)
            published = self._touching(columns)
        targets = members[~self.proven[members] & ~above | above & self.hidden[members]]
        if not len(targets):
            return
        far = ~np.isin(published, members)
        own = ~far & (self.cells.tier[published] == tier)
        problem = Problem(self.cells, published, targets, self.width[targets], columns=columns)
        if not problem.look(self.hidden, ignore=far).all():
            problem.repair(self.hidden, may_hide=own, ignore=far)
        if problem.n_repairs and len(problem.truth) <= _SMALL:
            spare = own & ~self.cells.sensitive[published]  # elimination alone hides none too many
            found = problem.show_again(self.hidden, may_show=spare, ignore=far)
            self.effort["shown_again"] += found
        self.effort["repairs"] += problem.n_repairs

    def _prove(self, blocks: Integers, *, quick: bool = True, mend: bool = False) -> None:
        """Prove what is still open, block by block with all else known; at last, mend it."""
        open_ = np.flatnonzero(~self.proven)
        within = _within(self.cells, blocks)[open_]
        for block in np.unique(within[within >= 0]):
            targets = open_[within == block]
            columns = np.flatnonzero(blocks == block)
            published = self._touching(columns)
            problem = Problem(self.cells, published, targets, self.width[targets], columns=columns)
            wide = problem.look(self.hidden, quick=quick)
            if mend and not wide.all():
                problem.repair(self.hidden, may_hide=np.ones(len(published), dtype=bool))
                wide = problem.ranges.wide
            self.proven[targets[wide]] = True
            self.effort["repairs"] += problem.n_repairs

    def _touching(self, columns: Integers) -> Integers:
        """Find the published cells with a part in these base cells."""
        cut = self.cells.membership[:, columns]
        return np.flatnonzero((np.diff(cut.indptr) > 0) & self.cells.published)


def _wider(tiers: Integers) -> Iterator[Integers]:
    """Yield blocks that grow: those of the finest tier, then four, sixteen of them together."""
    order = np.lexsort(tiers[::-1])
    numbers = np.empty_like(order)
    numbers[order] = np.cumsum(np.r_[0, np.diff(tiers[-1][order]) != 0])
    while True:
        yield numbers
        if not numbers.any():
            return
        numbers = numbers // _GROWTH


def _within(cells: Cells, blocks: Integers) -> Integers:
    """Give each cell the number of the block it lies in; -1 where it lies in several."""
    rows = cells.membership
    blocks = blocks[rows.indices]
    low = np.minimum.reduceat(blocks, rows.indptr[:-1])
    return np.where(low == np.maximum.reduceat(blocks, rows.indptr[:-1]), low, -1)
