"""What one row is: tables checked before they are counted, and groups in a steady order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.errors import (
    BadArgumentError,
    FrameworkError,
    TableProblemsError,
    did_you_mean,
    quoted,
)
from careerbench.periods import order_year_groups
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

LARGEST = 1e70


def check_scores(scores: pd.DataFrame, *, by: Iterable[str] = (), step: str) -> None:
    """Refuse Benchmark scores that cannot be counted: one row per school, wave, Benchmark."""
    hint = "scoring.score_benchmarks(audits, framework)"
    require_table(scores, ["school_urn", "benchmark", "state", *by], step=step, hint=hint)
    require_plain(scores, given(scores, "wave"), step=step)
    require_filled(scores, ["school_urn", "benchmark"], step=step)
    _require_states(scores["state"], step=step)
    if "framework" not in by:
        require_one_framework(scores, step=step)
    key = ["school_urn", *given(scores, "wave"), "benchmark"]
    require_unique(
        scores,
        [*key, *(["framework"] if "framework" in by else [])],
        step=step,
        hint="one row for each: panel.choose_audits picks one audit per school and wave",
    )


def editions(table: pd.DataFrame) -> tuple[str, ...]:
    """Name the editions that schools were scored under; none where the table does not say.

    Examples
    --------
    >>> import pandas as pd
    >>> editions(pd.DataFrame({"framework": ["gatsby-2025", "gatsby-2025"]}))
    ('gatsby-2025',)
    """
    if "framework" not in table:
        return ()
    return tuple(str(name) for name in table["framework"].dropna().unique())


def require_table(frame: pd.DataFrame, needed: list[str], *, step: str, hint: str) -> None:
    """Refuse what is no table, a table without the columns, and columns of odd things."""
    checks.require_frame(frame, step=step, hint=hint)
    checks.require_columns(frame.columns, needed, step=step, hint=hint)
    require_plain(frame, needed, step=step)


def require_plain(frame: pd.DataFrame, names: Iterable[str], *, step: str) -> None:
    """Refuse columns whose values cannot be told apart or written down, such as lists."""
    for name in dict.fromkeys(names):
        odd = _odd_values(frame[name])
        if odd:
            raise TableProblemsError(
                f"{step}: column '{name}' holds {odd}.",
                found=f"type {frame[name].dtype}",
                hint=f"text, numbers, dates or truth values in '{name}'",
            )


def _odd_values(column: pd.Series) -> str:
    """Name what a column holds that no table should; nothing where all is well."""
    import pandas as pd

    if getattr(column.dtype, "kind", "O") == "c":
        return "complex numbers"
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _odd_values(column.cat.categories.to_series())
    if column.dtype != object:
        return ""
    try:
        distinct = pd.Series(pd.unique(column), dtype=object).dropna()
    except TypeError:
        return "lists or other collections"
    if any(isinstance(value, complex | tuple | frozenset) for value in distinct):
        return "lists or other collections, or complex numbers"
    try:
        "".join(value for value in distinct if isinstance(value, str)).encode("utf-8")
    except UnicodeEncodeError:
        return "text that is not sound Unicode"
    return ""


def given(frame: pd.DataFrame, name: str) -> list[str]:
    """Name a column where the frame has it (once) with at least one value."""
    if list(frame.columns).count(name) > 1:
        raise TableProblemsError(
            f"The table has several columns called '{name}'.",
            found=f"{len(frame.columns)} columns",
            hint="a name for each column",
        )
    return [name] if name in frame.columns and frame[name].notna().any() else []


def free_names(
    by: str | Iterable[str] | None, taken: Iterable[str], *, step: str, implied: Iterable[str] = ()
) -> list[str]:
    """Read ``by``; what is always a key is left out, what the result calls its own is refused."""
    own = list(taken)
    for name in own:
        checks.require_name(name, name="a column", step=step)
    names = [name for name in checks.as_names(by) if name not in set(implied)]
    clash = [name for name in names if name in own]
    if clash:
        raise BadArgumentError(
            f"{step}: by names {quoted(clash)}, which the result has a column for itself.",
            found=quoted(names),
            hint="a characteristic of the schools, such as by='la_name'",
        )
    return names


def require_filled(frame: pd.DataFrame, names: list[str], *, step: str) -> None:
    """Refuse rows in which an identifier is missing."""
    for name in names:
        n_missing = int(frame[name].isna().sum())
        if n_missing:
            raise TableProblemsError(
                f"{step}: {n_missing} of {len(frame)} rows have no '{name}'.",
                found=f"{n_missing} missing values",
                hint=f"table.dropna(subset=['{name}']), after asking where they come from",
            )


def require_unique(frame: pd.DataFrame, key: list[str], *, step: str, hint: str) -> None:
    """Refuse a table that counts the same thing twice."""
    n_repeated = int(frame.duplicated(key).sum())
    if n_repeated:
        raise TableProblemsError(
            f"{step}: {n_repeated} of {len(frame)} rows repeat another with the same "
            f"{quoted(key)}.",
            found=f"{len(frame) - n_repeated} different rows",
            hint=hint,
        )


def require_numbers(column: pd.Series, *, step: str, squared: bool = True) -> NDArray[np.float64]:
    """Refuse text, truth values and infinities where numbers belong; missing becomes NaN.

    Numbers too large or too small to be squared are refused as well, where they are ``squared``.
    """
    import pandas as pd

    name, kinds = column.name, pd.api.types
    no_numbers = not kinds.is_numeric_dtype(column.dtype) or kinds.is_bool_dtype(column.dtype)
    if no_numbers or kinds.is_complex_dtype(column.dtype):
        if len(column) and column.notna().any():
            raise TableProblemsError(
                f"{step}: column '{name}' does not hold numbers.",
                found=f"type {column.dtype}",
                hint=f"pd.to_numeric(table['{name}']), once every word has a number or a reason",
            )
        return np.full(len(column), np.nan)
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        raise TableProblemsError(
            f"{step}: column '{name}' holds infinite values.",
            found=f"{int(np.isinf(values).sum())} infinite values",
            hint="a missing value with its reason",
        )
    if squared:
        require_size(values, name=str(name), step=step)
    return values


def require_size(values: NDArray[np.float64], *, name: str, step: str) -> None:
    """Refuse numbers whose squares and fourth powers a computer cannot hold."""
    most = float(np.nanmax(np.abs(values))) if (~np.isnan(values)).any() else 0.0
    if most > LARGEST or 0 < most < 1 / LARGEST:
        raise TableProblemsError(
            f"{step}: '{name}' holds numbers too {'large' if most > 1 else 'small'} to work with.",
            found=f"numbers {'beyond' if most > 1 else 'all below'} "
            f"{LARGEST if most > 1 else 1 / LARGEST:.0e}",
            hint="the column in other units",
        )


def require_one_framework(scores: pd.DataFrame, *, step: str) -> None:
    """Refuse scores under several framework editions: they are different variables."""
    editions = scores["framework"].dropna().unique() if "framework" in scores.columns else []
    if len(editions) > 1:
        raise FrameworkError(
            f"{step}: scores under {len(editions)} framework editions are "
            f"{len(editions)} variables, not one.",
            found=quoted(editions),
            hint="one edition at a time, or by='framework' to keep them apart",
        )


def _require_states(state: pd.Series, *, step: str) -> None:
    """Refuse a state that is none of the four words."""
    n_missing = int(state.isna().sum())
    if n_missing:
        raise TableProblemsError(
            f"{step}: {n_missing} of {len(state)} rows have no 'state'.",
            found=f"{n_missing} missing values",
            hint="'not scored' where a school could not be scored",
        )
    unknown = [word for word in state.unique() if word not in STATES]
    if unknown:
        raise TableProblemsError(
            f"{step}: column 'state' holds {quoted(unknown)}, which is no state of a Benchmark.",
            found=quoted(unknown),
            hint=did_you_mean(unknown[0], STATES),
        )


def group_rows(frame: pd.DataFrame, keys: list[str]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Give the rows that share their keys one number, and name each group.

    Returns
    -------
    tuple of array and DataFrame
        The group of each row, from 0; and one row per group with its keys: categories in their
        order, year groups from youngest to oldest, all else in the order met, missing last.
    """
    code = np.zeros(len(frame), dtype=np.int64)
    for key in keys:
        rank = _ranks(frame[key])
        code = code * (rank.max(initial=0) + 1) + rank
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    return group, frame[keys].iloc[first].reset_index(drop=True)


def _ranks(column: pd.Series) -> NDArray[np.int64]:
    """Rank each value by the order of its kind; missing values rank last."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy(dtype=np.int64)
    else:
        codes, distinct = pd.factorize(column)
        if column.name == "year_group" and len(distinct):
            place = {year: rank for rank, year in enumerate(order_year_groups(distinct))}
            order = np.array([place[str(year)] for year in distinct], dtype=np.int64)
            codes = np.where(codes < 0, -1, order[codes])
    return np.where(codes < 0, codes.max(initial=-1) + 1, codes)


def count_in(
    group: NDArray[np.int64], n_groups: int, where: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Count rows per group, all of them or those where a condition holds."""
    return np.bincount(group if where is None else group[where], minlength=n_groups)


def ratio(part: NDArray, whole: NDArray) -> NDArray[np.float64]:
    """Divide; nothing out of nothing is missing, not zero."""
    whole = np.asarray(whole, dtype=np.float64)
    return np.asarray(part, dtype=np.float64) / np.where(whole == 0, np.nan, whole)
