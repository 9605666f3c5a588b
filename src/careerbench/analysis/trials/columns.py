"""Columns of a trial's table as numbers: arms, schools, covariates, and their scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.groups import require_numbers
from careerbench.errors import TableProblemsError, counted, quoted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_LARGEST = 1e100


def require_arms_kept(before: pd.Series, after: pd.Series, *, name: str, step: str) -> None:
    """Refuse a trial that loses a whole arm to blanks: the comparison would be another."""
    left = set(after.unique())
    lost = [label for label in before.dropna().unique() if label not in left]
    if lost:
        raise TableProblemsError(
            f"{step}: arm {quoted(lost)} of '{name}' has no row with a value in every column used.",
            found=f"{counted(len(after), 'row')} without a blank, none of them in that arm",
            hint="fewer covariates, or a table without that arm",
        )


def unused_arms(column: pd.Series) -> tuple[object, ...]:
    """Name declared arms of which the table has no row."""
    import pandas as pd

    if not isinstance(column.dtype, pd.CategoricalDtype):
        return ()
    present = set(column.dropna().unique())
    return tuple(label for label in column.cat.categories if label not in present)


def number_arms(
    column: pd.Series, control: object, *, name: str, step: str
) -> tuple[NDArray[np.int64], tuple[object, ...]]:
    """Give the arms numbers, the control first: numbers by size, words by letter, categories."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        present = set(column.unique())
        labels = [label for label in column.cat.categories if label in present]
    else:
        labels = sorted(column.unique().tolist(), key=lambda label: (str(type(label)), label))
    if len(labels) < 2:
        raise TableProblemsError(
            f"{step}: column '{name}' has one arm only, so there is nothing to compare.",
            found=quoted(labels),
            hint="a control arm and at least one other, in rows that are complete",
        )
    if len(labels) > 12:
        raise TableProblemsError(
            f"{step}: column '{name}' has {len(labels)} different values: too many for arms.",
            found=quoted(labels, limit=4),
            hint="a column with the arm each pupil or school was assigned to",
        )
    if control is not None:
        checks.require_one_of(control, labels, name="control", step=step)
        labels = [control, *(label for label in labels if label != control)]
    code = column.map({label: place for place, label in enumerate(labels)})
    return code.to_numpy(dtype=np.int64), tuple(labels)


def number_schools(
    frame: pd.DataFrame, group: str | None
) -> tuple[NDArray[np.int64], tuple[object, ...]]:
    """Give the schools numbers in the order they first appear."""
    import pandas as pd

    if group is None:
        return np.zeros(len(frame), dtype=np.int64), ("all",)
    code, distinct = pd.factorize(frame[group])
    return code.astype(np.int64), tuple(distinct.tolist())


def covariate_columns(
    frame: pd.DataFrame, names: list[str], *, step: str
) -> tuple[list[NDArray[np.float64]], list[str]]:
    """Turn covariates into numbers; words and categories become one column per level but one."""
    import pandas as pd

    columns, labels = [], []
    for name in names:
        column = frame[name]
        if column.nunique() < 2:
            raise TableProblemsError(
                f"{step}: covariate '{name}' has one value only, so it adjusts for nothing.",
                found=f"{counted(len(column), 'row')} with the same value",
                hint=f"covariates without '{name}'",
            )
        if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column):
            columns.append(require_numbers(column, step=step))
            labels.append(name)
            continue
        levels = pd.Categorical(column).remove_unused_categories()
        if len(levels.categories) > max(2, len(frame) // 4):
            raise TableProblemsError(
                f"{step}: covariate '{name}' has {len(levels.categories)} different words in "
                f"{counted(len(frame), 'row')}: too many to adjust for.",
                found=f"type {column.dtype}",
                hint=f"numbers in '{name}', or a few categories",
            )
        for place, level in enumerate(levels.categories[1:], start=1):
            columns.append((levels.codes == place).astype(np.float64))
            labels.append(f"{name}: {level}")
    return columns, labels


def require_squares(columns: NDArray[np.float64], names: list[str], *, step: str) -> None:
    """Refuse numbers whose squares a computer cannot hold."""
    spread = np.ptp(columns / 2, axis=0)
    odd = (np.abs(columns).max(axis=0) > _LARGEST) | (spread < 1 / _LARGEST)
    if odd.any():
        raise TableProblemsError(
            f"{step}: {quoted(np.array(names)[odd])} holds numbers too large or too close together "
            "to be squared.",
            found=f"beyond {_LARGEST:.0e}, or spread over less than {1 / _LARGEST:.0e}",
            hint="the column in other units",
        )


def scaled(columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centre and scale each column, so that sums of squares keep their digits."""
    centred = columns - columns.mean(axis=0)
    centred -= centred.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    return np.ascontiguousarray(centred / scale), scale
