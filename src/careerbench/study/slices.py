"""One selection by school, year group, Benchmark, wave and school characteristics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from careerbench.checks import as_names, require_columns, require_frame
from careerbench.errors import BadArgumentError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

Wanted = str | Iterable[str] | None
_STEP = "select"
_KEY = "school_urn"


def select(
    table: pd.DataFrame,
    *,
    school_urn: Wanted = None,
    year_group: Wanted = None,
    benchmark: Wanted = None,
    wave: Wanted = None,
    where: Mapping[str, Wanted] | None = None,
    schools: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Keep the rows of a table that belong to a slice.

    Parameters
    ----------
    table : DataFrame
        Any tidy table of a study: audits, scores, survey answers, scale scores, activities.
    school_urn, year_group, benchmark, wave : str or iterable of str, optional
        Values to keep; None keeps all.
    where : mapping of str to str or iterable of str, optional
        Further columns and the values to keep: ``{"la_name": "Durham"}``. A column that the
        table lacks is looked up by school in ``schools``.
    schools : DataFrame, optional
        One row per school: ``school_urn`` and its characteristics.

    Returns
    -------
    DataFrame
        The rows kept, in their order, with the columns of ``table``. Never changes ``table``.

    Raises
    ------
    BadArgumentError
        If a value stands nowhere in its column: an empty slice is never a spelling mistake.
    MissingColumnsError
        If neither the table nor ``schools`` has a column.

    Notes
    -----
    In a table of audit answers, a row without a year group is about the whole school and stays
    in every year group's slice.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "wave": "baseline", "share": [0.5, 1]})
    >>> schools = pd.DataFrame({"school_urn": ["1", "2"], "la_name": ["Durham", "Gateshead"]})
    >>> select(scores, where={"la_name": "Durham"}, schools=schools)
      school_urn      wave  share
    0          1  baseline    0.5
    """
    require_frame(table, step=_STEP, hint="study.audits, study.scores() or any tidy table")
    named = {_KEY: school_urn, "year_group": year_group, "benchmark": benchmark, "wave": wave}
    wanted = {
        name: value for name, value in (named | dict(where or {})).items() if value is not None
    }
    kept = table
    for name, value in wanted.items():
        values = as_names(value)
        kept = kept[_mask(kept, table, name, values, schools)]
    return kept.copy()


def _mask(
    kept: pd.DataFrame,
    table: pd.DataFrame,
    name: str,
    values: list[str],
    schools: pd.DataFrame | None,
) -> pd.Series:
    known = _column(table, name, schools)
    present = set(known.dropna().astype(str))
    for value in values:
        if value not in present:
            raise BadArgumentError(
                f"{_STEP}: no row has {name} '{value}'.",
                found=f"'{value}'",
                hint=did_you_mean(value, sorted(present)),
            )
    column = known.loc[kept.index] if known.index.is_unique else _column(kept, name, schools)
    mask = column.astype("str").isin(values)
    whole_school = name == "year_group" and "item" in kept and "respondent" not in kept
    return mask | column.isna() if whole_school else mask


def _column(table: pd.DataFrame, name: str, schools: pd.DataFrame | None) -> pd.Series:
    if name in table.columns or schools is None:
        require_columns(table.columns, [name], step=_STEP, hint="schools=study.schools")
        return table[name]
    require_columns(schools.columns, [_KEY, name], step=_STEP, hint="a column of the schools table")
    lookup = schools.set_index(_KEY)[name]
    return table[_KEY].map(lookup)
