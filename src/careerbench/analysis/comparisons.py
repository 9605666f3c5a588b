"""Many comparisons: a declared family is adjusted as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.analysis.families import ADJUSTMENTS, CONTROLS, adjusted_p
from careerbench.errors import BadArgumentError, counted, quoted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

_STEP = "adjust"


@dataclass(frozen=True, eq=False)
class Adjusted(Result):
    """Tests of a declared family, each p-value beside what is left of it."""

    method: str
    family: str
    p: str
    within: tuple[str, ...] = ()

    caption: ClassVar[str] = "Tests adjusted for how many there were"
    formats: ClassVar[Mapping[str, str]] = {"p": ".3f", "p_adjusted": ".3f"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {"n_in_family": ("p_adjusted",)}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what the family is, which method it is and what that keeps in check."""
        n_missing = int(self.table[self.p].isna().sum())
        apart = f", one family for each {' and '.join(self.within)}" if self.within else ""
        return (
            f"Family: {self.family}{apart}; {counted(len(self.table) - n_missing, 'test')}. "
            f"{n_missing} without a p-value are in no family.",
            f"p_adjusted: '{self.p}' by {ADJUSTMENTS[self.method]}, which limits "
            f"{CONTROLS[self.method]}.",
            "A family chosen after seeing the results protects from nothing.",
        )


def adjust(
    found: Result | pd.DataFrame | ArrayLike,
    *,
    family: str,
    method: str = "holm",
    p: str | None = None,
    within: str | Iterable[str] | None = None,
) -> Adjusted:
    """Adjust p-values for how many tests the declared family holds.

    Parameters
    ----------
    found : Result, DataFrame or array
        A result with tests, its table, or p-values from 0 to 1 (missing ones stay out).
    family : str
        What the tests have in common, in words: "the eight Benchmarks of all schools".
    method : {"holm", "hommel", "benjamini-hochberg", "benjamini-yekutieli"}
        Holm [1]_ and Hommel [2]_ limit the chance of even one false alarm; Benjamini and Hochberg
        [3]_ and Benjamini and Yekutieli [4]_ the share of false alarms among what is found.
    p : str, optional
        Column with the p-values. Default: the one that the result calls its test.
    within : str or list of str, optional
        Columns that split the table into families. Default: one family.

    Returns
    -------
    Adjusted
        The table with ``p_adjusted`` (in place of one that was there) and ``n_in_family``.

    Raises
    ------
    BadArgumentError
        If the family is not declared, the method is not known, or there is no telling which
        column holds the tests.
    TableProblemsError
        If p-values are text.

    References
    ----------
    .. [1] Holm, S. (1979). Scandinavian J. of Statistics, 6(2), 65-70.
    .. [2] Hommel, G. (1988). Biometrika, 75(2), 383-386.
    .. [3] Benjamini, Y. and Hochberg, Y. (1995). J. Royal Statistical Society B, 57(1), 289-300.
    .. [4] Benjamini, Y. and Yekutieli, D. (2001). Annals of Statistics, 29(4), 1165-1188.

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03], family="three questions to pupils").to_frame()
          p  p_adjusted  n_in_family
    0  0.01        0.03            3
    1  0.04        0.06            3
    2  0.03        0.06            3
    """
    checks.require_one_of(method, ADJUSTMENTS, name="method", step=_STEP)
    if not isinstance(family, str) or not family.strip():
        raise BadArgumentError(
            f"{_STEP}: the family must be declared in words.",
            found=repr(family),
            hint="family='the eight Benchmarks of all schools'",
        )
    table, name = table_of(found, p)
    values = p_values(table, name)
    names = checks.as_names(within)
    groups.require_table(table, names, step=_STEP, hint="within=None for one family")
    group, families = groups.group_rows(table, names)
    adjusted = np.full(len(table), np.nan)
    for number in range(len(families)):
        adjusted[group == number] = adjusted_p(values[group == number], method)
    table["p_adjusted"] = adjusted
    n = groups.count_in(group, len(families), ~np.isnan(values))
    table["n_in_family"] = n[group]
    return Adjusted(table, method=method, family=family.strip(), p=name, within=tuple(names))


def table_of(found: object, p: str | None) -> tuple[pd.DataFrame, str]:
    """Read a result, a table or bare p-values as a table and the name of its tests."""
    import pandas as pd

    if isinstance(found, Result):
        tests = [p] if p is not None else tests_of(found)
        table = _tested(found).copy()
    elif isinstance(found, pd.DataFrame):
        tests, table = [p] if p is not None else _alike(found), found.copy()
    else:
        tests, table = ["p"], pd.DataFrame({"p": _listed(found)})
    if len(tests) != 1:
        raise BadArgumentError(
            f"{_STEP}: {'no column' if not tests else 'more than one column'} of the table holds "
            "p-values.",
            found=quoted(tests or table.columns),
            hint="p='name of the column'",
        )
    checks.require_columns(table.columns, tests, step=_STEP, hint="p='name of the column'")
    return table, tests[0]


def _listed(found: object) -> pd.Series:
    """Read bare p-values; nothing else will do."""
    import pandas as pd

    if not isinstance(found, list | tuple | pd.Series | np.ndarray) or np.ndim(found) != 1:
        raise BadArgumentError(
            f"{_STEP}: a result, a table or a list of p-values is needed.",
            found=type(found).__name__,
            hint="adjust([0.01, 0.04], family='...')",
        )
    values = pd.Series(found)
    return values.astype("float64") if not len(values) or values.isna().all() else values


def tests_of(found: Result) -> list[str]:
    """Name the column that a result calls its test; of several the first that holds any."""
    table = _tested(found)
    said = [name for name in getattr(found, "tests", ()) if name in table.columns]
    filled = [name for name in said if table[name].notna().any()]
    return (filled or said)[:1] or _alike(table)


def _tested(found: Result) -> pd.DataFrame:
    """Find the table with the tests: some results keep it beside their own."""
    return getattr(found, "tested", found.table)


def _alike(table: pd.DataFrame) -> list[str]:
    names = [str(name) for name in table.columns]
    return ["p"] if "p" in names else [
        name for name in names if name.startswith("p_") and name != "p_adjusted"
    ]  # fmt: skip


def p_values(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Read p-values; what lies outside 0 to 1 is none."""
    values = groups.require_numbers(table[name], step=_STEP, squared=False)
    outside = (values < 0) | (values > 1)
    if outside.any():
        raise BadArgumentError(
            f"{_STEP}: {int(outside.sum())} of {len(values)} values of '{name}' are no p-values.",
            found="values below 0 or above 1",
            hint="numbers from 0 to 1, or missing",
        )
    return values
