"""``audit``: what could be worked out from tables made elsewhere, and by which sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.feasible import SLACK, Tables
from careerbench.disclosure.listed import Listed, read_listed
from careerbench.disclosure.parse import Policy
from careerbench.disclosure.policy import load_policy
from careerbench.disclosure.primary import is_sensitive
from careerbench.disclosure.reading import read_dimensions
from careerbench.disclosure.released import Released, Verdict, worst
from careerbench.disclosure.wording import holding_sums
from careerbench.errors import BadArgumentError, TableProblemsError, counted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray


_VERDICTS = {"narrow": Verdict.NARROW, "exact": Verdict.EXACT, "shown": Verdict.EXACT}


@dataclass(frozen=True, eq=False)
class Audit(Result):
    """What could be worked out: a row per count that is shown, exact or too narrow.

    Attributes
    ----------
    table : DataFrame
        The dimension columns; ``finding`` (``shown``, ``exact``, ``narrow``); ``low`` and ``high``,
        between which the count must lie; ``how``, the sums that say so.
    n_checked : int
        How many cells were looked at, listed or not.
    verdict : Verdict
        The worst finding; ``SAFE`` where there is none.
    policy : Policy
        What was taken for small and for narrow.
    """

    n_checked: int
    verdict: Verdict
    policy: Policy

    caption: ClassVar[str] = "What could be worked out"

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was looked at and what was taken to be known."""
        return (
            f"{counted(self.n_checked, 'cell')} looked at under the policy {self.policy.id}: "
            f"{counted(len(self.table), 'finding')}.",
            *self.policy.assumptions,
        )


def audit(
    tables: pd.DataFrame | Released | Sequence[Any] | Mapping[str, Any],
    *,
    by: str | Sequence[str | tuple[str, ...]],
    count: str = "n",
    policy: str | Path | Policy = "default",
    unit: str = "pupils",
    answer: str | None = None,
) -> Audit:
    """Find what could be worked out from tables that someone wants to publish together.

    Parameters
    ----------
    tables : DataFrame, Released, or several of them
        One row per cell. A table that lacks a dimension is a margin over it, and so is a row that
        says ``All``. What is no number is hidden, save ``z`` (nobody can be there) and such as
        ``<5`` (read as a bound).
    by : str or sequence
        Every dimension of any of the tables; a tuple is a hierarchy, coarse to fine.
    count, policy, unit, answer
        As for ``protect``.

    Returns
    -------
    Audit
        One row per finding. No row, and ``verdict`` SAFE, is a proof for these tables together and
        for what the policy assumes an attacker to know; it says nothing about tables not given.

    Raises
    ------
    TableProblemsError
        If the tables contradict each other (rounded or perturbed tables do), or a shown count is
        negative or not whole.

    Examples
    --------
    >>> import pandas as pd
    >>> spoiled = pd.DataFrame({"school": ["A", "B", "C", "All"], "n": ["c", 30, 20, 54]})
    >>> found = audit(spoiled, by="school").to_frame()
    >>> found[["school", "finding", "low", "high"]].to_numpy().tolist()
    [['A', 'exact', 4, 4]]
    >>> found["how"].item()
    '54 (All) − 30 (B) − 20 (C) = 4'
    """
    policy = policy if isinstance(policy, Policy) else load_policy(policy)
    if unit not in policy.threshold:
        raise BadArgumentError(
            f"audit: the policy '{policy.id}' has no threshold for '{unit}'.",
            found=", ".join(policy.threshold),
            hint=f"unit={next(iter(policy.threshold))!r}",
        )
    frames, dimensions = _frames(tables), read_dimensions(by, answer, step="audit")
    for others in (False, True):
        listed = read_listed(frames, dimensions, count, others=others)
        finder = _Finder(listed, policy, unit, answer)
        if finder.fits:
            return finder.audit()
    raise TableProblemsError(
        "audit: the tables contradict each other: no counts fit all of them.",
        found=f"{counted(len(listed.cells), 'cell')} in all",
        hint="tables that were rounded or perturbed do; audit them before that",
    )


def _frames(tables: Any) -> dict[str, pd.DataFrame]:
    """Name the tables."""
    if isinstance(tables, Mapping):
        named = dict(tables)
    elif isinstance(tables, list | tuple):
        named = {f"table {number}": table for number, table in enumerate(tables, 1)}
    else:
        named = {"table": tables}
    return {
        str(name): table.to_frame() if isinstance(table, Released) else table
        for name, table in named.items()
    }


class _Finder:
    """Bounds of every cell, given everything listed."""

    def __init__(self, listed: Listed, policy: Policy, unit: str, answer: str | None) -> None:
        self.listed, self.policy = listed, policy
        self.threshold, self.width = policy.threshold[unit], policy.width_of(unit)
        self.answer = answer
        low, high = listed.low, listed.high
        if policy.zeros_always_shown:
            low = np.where(listed.is_shown, low, np.maximum(low, 1.0))
        self.low, self.high = low, high
        self.tables = Tables(listed.rows, low, high)

    @property
    def fits(self) -> bool:
        """Whether any counts fit everything listed."""
        return self.tables.fits

    def audit(self) -> Audit:
        """Look at every cell of every combination of depths."""
        import pandas as pd

        cells, rows = self.listed.every_cell()
        found = []
        for number in range(len(cells)):
            finding = self._finding(cells.iloc[number], rows, number)
            if finding is not None:
                found.append((*cells.iloc[number], *finding))
        columns = [*self.listed.names, "finding", "low", "high", "how"]
        table = pd.DataFrame(found, columns=columns)
        verdicts = [_VERDICTS[finding] for finding in table["finding"]]
        verdict = worst(verdicts) if verdicts else Verdict.SAFE
        return Audit(table, len(cells), verdict, self.policy)

    def _finding(
        self, cell: pd.Series, rows: Any, number: int
    ) -> tuple[str, int, int | None, str] | None:
        """Say whether one cell is given away."""
        span = slice(rows.indptr[number], rows.indptr[number + 1])
        unknowns, weights = rows.indices[span], rows.data[span]
        if not len(unknowns):
            return None
        key = tuple(cell)
        if key in self.listed.shown:
            value = self.listed.shown[key]
            return (
                ("shown", value, value, "stands in the table") if self._small(value, key) else None
            )
        high = self._end(unknowns, weights)
        if high is None:
            return None
        low = -(self._end(unknowns, -weights) or 0.0)
        least, most = int(np.ceil(low - SLACK)), int(np.floor(high + SLACK))
        if most - least >= self.width or not self._small(least, key, most):
            return None
        row = rows[[number]].toarray()[0]
        above = holding_sums(self.listed, row, self.low, self.high, high)
        if most == least:
            return "exact", least, most, f"{above} = {most}"
        return "narrow", least, most, f"at most {above} = {most}{self._from(row, low, least)}"

    def _from(self, row: NDArray, low: float, least: int) -> str:
        """Say why a count is not lower, where it has to be more than 0."""
        if least <= 0:
            return ""
        below = holding_sums(self.listed, -row, self.low, self.high, -low)
        return f"; at least −({below}) = {least}"

    def _small(self, low: int, key: tuple[str, ...], high: int | None = None) -> bool:
        """Say whether a count may be one that must not be seen."""
        place = self.listed.names.index(self.answer) if self.answer else None
        is_answer = place is None or key[place] != ALL
        may_be = np.arange(low, min(low if high is None else high, self.threshold) + 1)
        sensitive = is_sensitive(
            may_be, np.full(len(may_be), is_answer), self.threshold, self.policy.zeros_sensitive
        )
        return bool(sensitive.any())

    def _end(self, unknowns: NDArray, weights: NDArray) -> float | None:
        """Return the highest weighted sum; None where it has no bound."""
        table = self.tables.extreme(unknowns, weights)
        return None if table is None else float(weights @ table[unknowns])
