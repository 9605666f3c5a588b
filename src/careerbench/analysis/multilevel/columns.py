"""One column at a time: numbers, truth values or words, and what is none of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import groups
from careerbench.errors import TableProblemsError, counted, quoted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_MANY_WORDS = 12


def usable_column(column: pd.Series, *, said: list[str], step: str) -> pd.Series:
    """Return a column without missing values as numbers, truth values or categories.

    Words become categories in the order of the alphabet; categories without rows are left out
    and ``said``.
    """
    import pandas as pd

    kinds = pd.api.types
    column = column.reset_index(drop=True)
    if column.dtype == object:
        column = column.infer_objects()
    if isinstance(column.dtype, pd.CategoricalDtype):
        found = _without_unused(column, said)
    elif kinds.is_bool_dtype(column.dtype):
        return column.astype(bool)
    elif kinds.is_integer_dtype(column.dtype):
        return column.astype(np.int64)
    elif kinds.is_numeric_dtype(column.dtype) and not kinds.is_complex_dtype(column.dtype):
        values = groups.require_numbers(column, step=step)
        return pd.Series(values, name=column.name)
    else:
        found = _words(column, step)
    _require_two_values(found, step)
    return found


def used_categories(column: pd.Series) -> tuple[NDArray[np.int64], pd.Index]:
    """Give the number of each row's category among those that have rows, and their names."""
    codes, categories = column.cat.codes.to_numpy(dtype=np.int64), column.cat.categories
    used = np.bincount(codes, minlength=len(categories)) > 0
    if used.all():
        return codes, categories
    return (np.cumsum(used) - 1)[codes], categories[used]


def _without_unused(column: pd.Series, said: list[str]) -> pd.Series:
    """Leave out the categories that no row has."""
    import pandas as pd

    codes, kept = used_categories(column)
    if len(kept) == len(column.cat.categories):
        return column
    gone = column.cat.categories.difference(kept, sort=False)
    said.append(
        f"{column.name}: no row has the value {quoted(map(str, gone))}, so the model has no "
        "term for it."
    )
    return pd.Series(pd.Categorical.from_codes(codes, categories=kept), name=column.name)


def _words(column: pd.Series, step: str) -> pd.Series:
    """Make categories of a column of text, unless it holds numbers or a mixture."""
    import pandas as pd

    kind = pd.api.types.infer_dtype(column, skipna=True)
    codes, distinct = pd.factorize(column)
    if kind != "string":
        raise TableProblemsError(
            f"{step}: column '{column.name}' holds neither numbers nor words.",
            found=f"type {kind}",
            hint=f"pd.to_numeric(table['{column.name}']), or text",
        )
    words = pd.Index(distinct)
    n_numbers = int(pd.to_numeric(pd.Series(words), errors="coerce").notna().sum())
    if len(words) > _MANY_WORDS and n_numbers > len(words) / 2:
        raise TableProblemsError(
            f"{step}: column '{column.name}' holds text where numbers belong.",
            found=f"{counted(len(words), 'different value')}, of which {n_numbers} read as numbers",
            hint=f"pd.to_numeric(table['{column.name}']), once every word has a number or a reason",
        )
    order = np.argsort(words.to_numpy(dtype=object))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    values = pd.Categorical.from_codes(rank[codes], categories=words.to_numpy(dtype=object)[order])
    return pd.Series(values, name=column.name)


def _require_two_values(column: pd.Series, step: str) -> None:
    """Refuse a categorical term with which nothing can be compared."""
    if len(column.cat.categories) < 2:
        raise TableProblemsError(
            f"{step}: '{column.name}' has one value in all rows, so there is nothing to compare.",
            found=f"the same value in {counted(len(column), 'row')}",
            hint=f"rows with at least two values of '{column.name}', or the formula without it",
        )
