"""Read a table of counts: what is a cell, what is a margin, what cannot be used."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.disclosure.axes import ALL, Dimension
from careerbench.errors import (
    BadArgumentError,
    DisclosureError,
    TableProblemsError,
    counted,
    quoted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from careerbench.disclosure.parse import Policy

    By = str | Sequence[str | tuple[str, ...]]

_MOST = 2_000_000
_HINT = "protect(counts, by=['school_urn', 'sex'], count='n')"


def read_dimensions(by: By, answer: str | None, *, step: str) -> list[Dimension]:
    """Read ``by``: a name is a dimension, a tuple of names a hierarchy from coarse to fine."""
    parts = (
        [by]
        if isinstance(by, str)
        else checks.require_several(by, name="by", step=step, hint=_HINT)
    )
    paths = [
        (part,)
        if isinstance(part, str)
        else tuple(checks.require_several(part, name="a hierarchy in by", step=step, hint=_HINT))
        for part in parts
    ]
    for name in (name for path in paths for name in path):
        checks.require_name(name, name="a column in by", step=step)
    names = [name for path in paths for name in path]
    if not names or len(set(names)) < len(names) or not all(paths):
        raise BadArgumentError(
            f"{step}: by must name at least one column, and each only once.",
            found=repr(by),
            hint=_HINT,
        )
    if answer is not None and (answer,) not in paths:
        raise BadArgumentError(
            f"{step}: answer must be one of the dimensions in by.",
            found=repr(answer),
            hint=f"answer={names[-1]!r}",
        )
    return [Dimension(path, answer=path == (answer,)) for path in paths]


def read_counts(
    table: pd.DataFrame, names: Sequence[str], count: str, *, step: str
) -> pd.DataFrame:
    """Check a table of counts and return its dimension columns as text with whole counts."""
    checks.require_frame(table, step=step, hint=_HINT)
    checks.require_columns(table.columns, [*names, count], step=step, hint=_HINT)
    for name in names:
        n_missing = int(table[name].isna().sum())
        if n_missing:
            raise TableProblemsError(
                f"{step}: {counted(n_missing, 'row')} have no '{name}'.",
                found=f"{n_missing} missing values",
                hint=f"table.fillna({{'{name}': 'not known'}}), so that they are a group too",
            )
    frame = table[list(names)].astype("str").reset_index(drop=True)
    n_repeated = int(frame.duplicated().sum())
    if n_repeated:
        raise TableProblemsError(
            f"{step}: {counted(n_repeated, 'row')} of the table repeat a cell.",
            found=f"by={quoted(names)}",
            hint=f"table.groupby({list(names)}, as_index=False)['{count}'].sum()",
        )
    frame["n"] = _whole(table[count], count, step=step)
    return frame


def _whole(counts: pd.Series, name: str, *, step: str) -> np.ndarray:
    """Refuse counts that are missing, no numbers, negative or no whole numbers."""
    import pandas as pd

    numbers = pd.to_numeric(counts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    faults = {
        "missing or no number": np.isnan(numbers) | np.isinf(numbers),
        "negative": numbers < 0,
        "not whole": np.isfinite(numbers) & (numbers != np.floor(numbers)),
        "above 10 to the 12th": np.isfinite(numbers) & (numbers > 1e12),
    }
    said = [f"{int(bad.sum())} {what}" for what, bad in faults.items() if bad.any()]
    if said:
        raise TableProblemsError(
            f"{step}: '{name}' must hold whole counts of 0 or more.",
            found=", ".join(said),
            hint="counts of people, before any rounding, weighting or hiding",
        )
    return numbers.astype(np.int64)


def too_few(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    also: Mapping[str, str] | None,
    policy: Policy,
    *,
    margins: bool,
    step: str,
) -> pd.DataFrame:
    """Return the cells with somebody in them and fewer of another unit than the policy asks."""
    names = [name for name in frame.columns if name != "n"]
    few = np.zeros(len(frame), dtype=bool)
    for unit, column in (also or {}).items():
        if unit not in policy.threshold or margins or policy.method != "suppression":
            raise BadArgumentError(
                f"{step}: also cannot be used for '{unit}' here.",
                found=f"thresholds for {', '.join(policy.threshold)}; margins={margins}",
                hint="a suppression policy with a threshold for it, and margins listed as rows",
            )
        checks.require_columns(table.columns, [column], step=step, hint=_HINT)
        numbers = _whole(table[column], column, step=step)
        few |= (numbers < policy.threshold[unit]) & (frame["n"] > 0).to_numpy()
    return frame.loc[few, names]


def finest(frame: pd.DataFrame, dimensions: Sequence[Dimension], *, step: str) -> pd.DataFrame:
    """Return the cells without a margin, completed: what is not listed is a count of 0.

    Groups with nobody in them are left out; without an answer dimension, categories are.
    """
    import pandas as pd

    names = [name for dimension in dimensions for name in dimension.names]
    inner = frame[~(frame[names] == ALL).any(axis=1)]
    if inner.empty:
        return inner
    leaves = [inner[list(d.names)].drop_duplicates() for d in dimensions]
    require_reachable(int(np.prod([float(len(part)) for part in leaves])), names, step=step)
    whole = leaves[0]
    for part in leaves[1:]:
        whole = whole.merge(part, how="cross")
    whole = whole.merge(inner, on=names, how="left")
    whole["n"] = whole["n"].fillna(0).astype("int64")
    keep = np.ones(len(whole), dtype=bool)
    answers = [d for d in dimensions if d.answer]
    lines = (
        [[n for n in names if n != answers[0].columns[0]]]
        if answers
        else [list(d.names) for d in dimensions]
    )
    for line in lines:
        total = whole.groupby(line)["n"].transform("sum") if line else whole["n"].sum()
        keep &= np.asarray(total > 0)
    return pd.DataFrame(whole[keep]).reset_index(drop=True)


def require_reachable(size: int, names: Sequence[str], *, step: str) -> None:
    """Refuse dimensions that cross to more cells than can be worked on."""
    if size > _MOST:
        raise DisclosureError(
            f"{step}: the dimensions cross to {size:,} cells.",
            found=quoted(names),
            hint=f"fewer dimensions, or nested ones as a tuple; at most {_MOST:,} cells",
        )


def forms_given(
    frame: pd.DataFrame, dimensions: Sequence[Dimension], *, step: str
) -> set[tuple[tuple[str, ...], ...]]:
    """Say which margins a table lists: the filled columns of each dimension, row by row."""
    names = [name for dimension in dimensions for name in dimension.names]
    filled = (frame[names] != ALL).drop_duplicates()
    forms = set()
    for row in filled.itertuples(index=False, name=None):
        has = dict(zip(names, row, strict=True))
        form = []
        for dimension in dimensions:
            part = tuple(name for name in dimension.names if has[name])
            if part != dimension.names[: len(part)]:
                raise TableProblemsError(
                    f"{step}: some rows fill {quoted(part)} and leave a coarser column '{ALL}'.",
                    found=f"by has the hierarchy {dimension.names}",
                    hint=f"fill the coarser columns too; '{ALL}' only from the finest side",
                )
            form.append(part)
        forms.add(tuple(form))
    return forms


def impossible_cells(
    positions: pd.DataFrame, frame: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """Return the listed cells that nobody can be in."""
    joined = frame[list(names)].merge(positions, on=list(names), how="left", indicator=True)
    return joined.loc[joined["_merge"] == "left_only", list(names)]


def all_forms(dimensions: Sequence[Dimension]) -> set[tuple[tuple[str, ...], ...]]:
    """Every combination of depths."""
    depths = [[d.names[:n] for n in range(len(d.names) + 1)] for d in dimensions]
    return set(product(*depths))
