"""Tables made elsewhere, read as what an attacker would know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench import checks
from careerbench.disclosure.axes import ALL
from careerbench.disclosure.reading import require_reachable
from careerbench.errors import TableProblemsError, counted, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from scipy import sparse

    from careerbench.disclosure.axes import Dimension

    Floats = NDArray[np.float64]

NOT_LISTED = "(not listed)"
_BELOW = re.compile(r"<\s*(\d+)")
_HINT = "audit(tables, by=['school', 'sex'], count='n')"


@dataclass(frozen=True, eq=False)
class Listed:
    """Everything listed in some tables, as sums of the finest cells with bounds.

    Attributes
    ----------
    names : tuple of str
        The dimension columns.
    inner : DataFrame
        The finest cells that somebody can be in.
    cells : DataFrame
        Every cell that is listed, once.
    rows, low, high : sparse array, arrays
        Each listed cell as a sum of finest cells, and what is known of it.
    """

    names: tuple[str, ...]
    dimensions: Sequence[Dimension]
    inner: pd.DataFrame
    cells: pd.DataFrame
    rows: sparse.csr_array
    low: Floats
    high: Floats

    @property
    def is_shown(self) -> NDArray[np.bool_]:
        """Whether each listed cell is known exactly."""
        return np.asarray(self.low == self.high)

    @property
    def shown(self) -> dict[tuple[str, ...], int]:
        """The value of every cell that is shown."""
        known = self.cells[self.is_shown].itertuples(index=False, name=None)
        return {
            cell: int(value) for cell, value in zip(known, self.low[self.is_shown], strict=True)
        }

    def label(self, row: int) -> str:
        """Say which cell a row is: what is filled, or All."""
        filled = [str(value) for value in self.cells.iloc[row] if value != ALL]
        return ", ".join(filled) or ALL

    def every_cell(self) -> tuple[pd.DataFrame, sparse.csr_array]:
        """Return every cell of every combination of depths, listed or not."""
        import pandas as pd

        parts = []
        depths = [[d.names[:n] for n in range(len(d.names) + 1)] for d in self.dimensions]
        for form in product(*depths):
            filled = [name for part in form for name in part]
            found = self.inner[filled].drop_duplicates() if filled else self.inner.iloc[:1, :0]
            parts.append(found.reindex(columns=list(self.names)).astype("object").fillna(ALL))
        cells = pd.concat(parts, ignore_index=True).astype("str")
        return cells, sums_of(cells, self.inner)


def read_listed(
    frames: Mapping[str, pd.DataFrame],
    dimensions: Sequence[Dimension],
    count: str,
    *,
    others: bool = False,
) -> Listed:
    """Bring tables together: the same cell in two of them must say the same.

    ``others`` allows for categories that no table lists, such as late answers that only a second
    table counts in.
    """
    import pandas as pd

    names = tuple(name for dimension in dimensions for name in dimension.names)
    if not frames:
        raise TableProblemsError("audit: there is no table.", found="nothing", hint=_HINT)
    parts = [_with_every_column(frame, names, count, said) for said, frame in frames.items()]
    whole = pd.concat(parts, ignore_index=True)
    bounds = np.array([_bounds(value) for value in whole["_value"]], dtype=float).reshape(-1, 2)
    whole["_low"], whole["_high"] = bounds[:, 0], bounds[:, 1]
    once = whole.groupby(list(names), sort=False).agg(_low=("_low", "max"), _high=("_high", "min"))
    n_off = int((once["_low"] > once["_high"]).sum())
    if n_off:
        raise TableProblemsError(
            f"audit: {counted(n_off, 'cell')} have two different counts.",
            found=quoted(frames),
            hint="tables that were rounded or perturbed do; audit them before that",
        )
    cells = once.reset_index()
    inner = _inner(cells, dimensions, others=others)
    return Listed(
        names=names,
        dimensions=dimensions,
        inner=inner,
        cells=cells[list(names)],
        rows=sums_of(cells[list(names)], inner),
        low=cells["_low"].to_numpy(),
        high=cells["_high"].to_numpy(),
    )


def sums_of(cells: pd.DataFrame, inner: pd.DataFrame) -> sparse.csr_array:
    """Write every cell as a sum of finest cells."""
    from scipy import sparse

    names = list(cells.columns)
    filled = (cells != ALL).to_numpy()
    rows, columns = [], []
    numbered = inner.assign(_inner=np.arange(len(inner)))
    for form in np.unique(filled, axis=0):
        of_form = np.flatnonzero((filled == form).all(axis=1))
        keys = [name for name, is_filled in zip(names, form, strict=True) if is_filled]
        chosen = cells.iloc[of_form][keys].assign(_row=of_form)
        how: Any = {"on": keys} if keys else {"how": "cross"}
        found = chosen.merge(numbered[[*keys, "_inner"]], **how)
        rows.append(found["_row"].to_numpy())
        columns.append(found["_inner"].to_numpy())
    where = (np.concatenate(rows), np.concatenate(columns))
    ones = np.ones(len(where[0]))
    return sparse.csr_array((ones, where), shape=(len(cells), len(inner)))


def _with_every_column(
    frame: pd.DataFrame, names: tuple[str, ...], count: str, said: str
) -> pd.DataFrame:
    """Take a table's cells; a dimension it lacks is a margin."""
    checks.require_frame(frame, step=f"audit: {said}", hint=_HINT)
    checks.require_columns(frame.columns, [count], step=f"audit: {said}", hint=_HINT)
    here = [name for name in names if name in frame.columns]
    checks.require_columns(frame.columns, here or names[:1], step=f"audit: {said}", hint=_HINT)
    cells = frame[here].astype("object").where(frame[here].notna(), ALL).astype("str")
    values, reason = frame[count].astype("object"), f"{count}_reason"
    if reason in frame.columns:
        values = values.where(values.notna(), frame[reason].astype("object"))
    cells = cells.reindex(columns=list(names), fill_value=ALL)
    return cells.assign(_value=values.to_numpy())


def _bounds(value: object) -> tuple[float, float]:
    """Read what one listed value says: a number, nobody, a bound, or nothing."""
    said = str(value).strip().replace(",", "")
    if said == "z":
        return 0.0, 0.0
    if below := _BELOW.fullmatch(said):
        return 0.0, float(below[1]) - 1
    try:
        number = float(said)
    except ValueError:
        return 0.0, np.inf
    if np.isnan(number):
        return 0.0, np.inf
    if number < 0 or number != np.floor(number) or np.isinf(number):
        raise TableProblemsError(
            "audit: a count is negative or not whole.",
            found="a number that counts nobody",
            hint="counts of people; leave percentages and means out, and hidden ones blank",
        )
    return number, number


def _inner(cells: pd.DataFrame, dimensions: Sequence[Dimension], *, others: bool) -> pd.DataFrame:
    """Cross the finest categories that any table names."""
    whole: pd.DataFrame | None = None
    size = 1
    for dimension in dimensions:
        names = list(dimension.names)
        known = cells[names].drop_duplicates()
        for depth in range(len(names), 0, -1):
            leaves = known[(known[names[:depth]] != ALL).all(axis=1)]
            known = _drop_parents(known, leaves, names, depth)
        leaves = known if len(known) else cells[names].iloc[:1]
        leaves = _with_others(leaves, names) if others else leaves
        size *= len(leaves)
        require_reachable(size, names, step="audit")
        whole = leaves if whole is None else whole.merge(leaves, how="cross")
    assert whole is not None
    return whole.reset_index(drop=True)


def _with_others(leaves: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Add, under every node, what no table lists."""
    import pandas as pd

    parts = [leaves]
    for depth in range(len(names)):
        above = leaves[names[:depth]].drop_duplicates() if depth else leaves.iloc[:1, :0]
        parts.append(above.reindex(columns=names, fill_value=NOT_LISTED))
    return pd.concat(parts, ignore_index=True)


def _drop_parents(
    known: pd.DataFrame, leaves: pd.DataFrame, names: list[str], depth: int
) -> pd.DataFrame:
    """Leave a node out where a finer one is listed below it."""
    above = names[: depth - 1]
    is_parent = (known[names[depth - 1 :]] == ALL).all(axis=1)
    if above:
        parents = leaves[above].drop_duplicates().assign(_has=True)
        has = known[above].merge(parents, on=above, how="left")["_has"].notna().to_numpy()
        is_parent &= has & (known[above] != ALL).all(axis=1).to_numpy()
    else:
        is_parent &= len(leaves) > 0
    return known[~is_parent]
