"""``Dimension``: a hierarchy that a cube crosses, and how its nodes lie over the base cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from careerbench.errors import DisclosureError, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

ALL = "All"
_WIDE = 1_000


@dataclass(frozen=True)
class Dimension:
    """Columns that nest, coarse to fine, such as region, local authority, school.

    Attributes
    ----------
    columns : tuple of str
        Coarse to fine.
    also : tuple of tuple of str
        Other ways to group the finest column, coarse to fine, without that column: an overlapping
        hierarchy.
    total : bool
        Whether the sum over the whole dimension is counted; False for waves or items, which are
        never added up.
    answer : bool
        Whether the categories are answers (or states) of the groups that the other dimensions make.
    """

    columns: tuple[str, ...]
    also: tuple[tuple[str, ...], ...] = ()
    total: bool = True
    answer: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of the dimension, once."""
        others = [name for path in self.also for name in path]
        return tuple(dict.fromkeys([*self.columns[:-1], *others, self.columns[-1]]))


@dataclass(frozen=True, eq=False)
class Level:
    """One depth of a dimension: a node number for every base cell, and the nodes' labels."""

    filled: tuple[str, ...]
    codes: Integers
    labels: Mapping[str, NDArray]
    virtual: bool = False

    @property
    def n_nodes(self) -> int:
        """How many nodes there are."""
        return int(self.codes.max(initial=-1)) + 1


@dataclass(frozen=True, eq=False)
class Axis:
    """A dimension laid over base cells, level by level from ``All`` to the finest."""

    dimension: Dimension
    levels: list[Level]
    path: tuple[int, ...]

    @property
    def breadth(self) -> int:
        """How many finest nodes there are; the broadest axis cuts the cube into blocks."""
        return 0 if self.dimension.answer or not self.dimension.total else self.levels[-1].n_nodes

    def depth_of(self, level: int) -> int:
        """How deep a level lies on the first path; 0 for ``All`` and for other paths."""
        return self.path.index(level) if level in self.path else 0


def read_axes(base: pd.DataFrame, dimensions: Sequence[Dimension]) -> list[Axis]:
    """Lay every dimension over the base cells; the broadest is cut where a block would be wide."""
    axes = [_axis(base, dimension) for dimension in dimensions]
    main = max(range(len(axes)), key=lambda number: axes[number].breadth)
    axes[main] = _cut(axes[main])
    return axes


def blocks_of(axes: list[Axis], main: int) -> Integers:
    """Give numbers to the blocks, tier by tier, that the broadest axis cuts the base cells into.

    Dimensions that are never added up cut every tier.
    """
    apart = np.zeros(len(axes[main].levels[0].codes), dtype=np.int64)
    for axis in axes:
        if not axis.dimension.total:
            apart = apart * axis.levels[-1].n_nodes + axis.levels[-1].codes
    levels = [axes[main].levels[number] for number in axes[main].path]
    tiers = [apart * level.n_nodes + level.codes for level in levels[:-1]] or [apart]
    return np.stack([np.unique(tier, return_inverse=True)[1] for tier in tiers])


def _axis(base: pd.DataFrame, dimension: Dimension) -> Axis:
    finest = dimension.columns[-1]
    for path in (dimension.columns, *((*other, finest) for other in dimension.also)):
        for coarse, fine in pairwise(path):
            _require_nested(base, coarse, fine)
    levels = [Level((), np.zeros(len(base), dtype=np.int64), {})]
    depths = range(1, len(dimension.columns))
    levels += [_level(base, dimension.columns[:depth]) for depth in depths]
    for other in dimension.also:
        levels += [_level(base, other[:depth]) for depth in range(1, len(other) + 1)]
    levels.append(_level(base, dimension.names))
    return Axis(dimension, levels, (*range(len(dimension.columns)), len(levels) - 1))


def _level(base: pd.DataFrame, columns: tuple[str, ...]) -> Level:
    codes = base.groupby(list(columns), sort=True, observed=True).ngroup().to_numpy(np.int64)
    labels = {name: base[name].astype("str").to_numpy(dtype=object) for name in columns}
    return Level(columns, codes, labels)


def _require_nested(base: pd.DataFrame, coarse: str, fine: str) -> None:
    """Refuse a finer category that lies in two coarser ones."""
    n_coarse = base.groupby(fine, observed=True)[coarse].nunique()
    n_split = int((n_coarse > 1).sum())
    if n_split:
        raise DisclosureError(
            f"the columns '{coarse}' and '{fine}' do not nest: {counted(n_split, 'value')} of "
            f"'{fine}' in more than one '{coarse}'.",
            found=f"by=({coarse!r}, {fine!r})",
            hint="two dimensions instead of one, or one finer category for each part",
        )


def _cut(axis: Axis) -> Axis:
    """Put a level that nobody sees above the finest where a block would be wide."""
    above, finest = axis.levels[axis.path[-2]], axis.levels[-1]
    n_wide = np.bincount(above.codes).max(initial=0)
    if n_wide <= _WIDE:
        return axis
    parts = np.zeros(len(finest.codes), dtype=np.int64)
    size = np.bincount(finest.codes)
    first = np.unique(finest.codes, return_index=True)[1]
    number, filled, parent = 0, 0, -1
    of_node = np.zeros(finest.n_nodes, dtype=np.int64)
    for node in np.argsort(above.codes[first], kind="stable"):
        if above.codes[first[node]] != parent or filled + size[node] > _WIDE // 2:
            number, filled, parent = number + 1, 0, int(above.codes[first[node]])
        filled += int(size[node])
        of_node[node] = number - 1
    parts = of_node[finest.codes]
    if len(np.unique(of_node)) in (len(of_node), above.n_nodes):
        return axis
    virtual = Level(above.filled, parts, above.labels, virtual=True)
    levels = [*axis.levels[:-1], virtual, finest]
    path = (*axis.path[:-1], len(levels) - 2, len(levels) - 1)
    return Axis(axis.dimension, levels, path)
