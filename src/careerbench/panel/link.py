"""Joins that account for every row kept and lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.checks import as_names, require_columns, require_frame, require_one_of
from careerbench.errors import CareerBenchError, quoted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_STEP = "link"
_HOW = ("inner", "left", "outer")
_SIDES = {"both": "both", "left_only": "left only", "right_only": "right only"}


@dataclass(frozen=True, eq=False)
class Linked(Result):
    """Two tables joined, and what became of every row of both.

    ``table`` is the joined table; ``account`` has one row per fate (matched, left only, right
    only, no key) and side with ``n_rows`` and ``n_keys``; ``unmatched`` has one row per key that
    found no partner: the key columns and ``side``.
    """

    account: pd.DataFrame = field(repr=False)
    unmatched: pd.DataFrame = field(repr=False)
    how: str = "inner"

    caption: ClassVar[str] = "Two tables joined"

    @property
    def notes(self) -> tuple[str, ...]:
        """Say how many rows of each side were matched, kept without a partner, and lost."""
        said = [
            f"{row.side}: {row.n_rows} rows ({row.n_keys} keys) {row.fate}"
            + ("" if row.kept else ", not in the joined table")
            for row in self.account.itertuples()
            if row.n_rows
        ]
        return tuple(f"{line}." for line in said)


def link(
    left: pd.DataFrame,
    right: pd.DataFrame,
    *,
    on: str | Iterable[str] = "school_urn",
    how: str = "left",
    many: bool = True,
) -> Linked:
    """Join two tables and account for every row of both.

    Parameters
    ----------
    left, right : DataFrame
        The tables; ``right`` has each key once.
    on : str or iterable of str, default "school_urn"
        Columns that name the same thing in both.
    how : {"left", "inner", "outer"}
        Which rows stay: all of ``left``, those with a partner, or all of both.
    many : bool, default True
        Whether several rows of ``left`` may have one partner.

    Returns
    -------
    Linked
        The joined table (columns of ``left``, then those of ``right``) with the account.

    Raises
    ------
    MissingColumnsError
        If a table lacks a key column.
    CareerBenchError
        If ``right`` has a key twice (or ``left`` has, without ``many``), or both tables have
        another column of the same name: nothing is renamed or multiplied in silence.

    Notes
    -----
    A row without a key has no partner, whatever the other table holds, and is counted as such.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "3"], "share": [0.1, 0.2, 0.3]})
    >>> schools = pd.DataFrame({"school_urn": ["1", "2", "9"], "la_name": ["A", "B", "C"]})
    >>> for note in link(scores, schools, how="inner").notes:
    ...     print(note)
    left: 2 rows (2 keys) matched.
    left: 1 rows (1 keys) without a partner, not in the joined table.
    right: 2 rows (2 keys) matched.
    right: 1 rows (1 keys) without a partner, not in the joined table.
    """
    keys = as_names(on)
    require_one_of(how, _HOW, name="how", step=_STEP)
    for side, table in (("left", left), ("right", right)):
        require_frame(table, step=f"{_STEP} ({side})", hint="a table with the key columns")
        require_columns(table.columns, keys, step=f"{_STEP} ({side})", hint=f"on={keys}")
    _refuse_kinds(left, right, keys)
    _refuse_shared(left, right, keys)
    _refuse_repeated(right, keys, "right")
    if not many:
        _refuse_repeated(left, keys, "left")
    joined, unmatched = _join(left, right, keys, how)
    account = _account(left, right, keys, how)
    return Linked(joined, account, unmatched, how)


def _join(
    left: pd.DataFrame, right: pd.DataFrame, keys: list[str], how: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    keyed = right[right[keys].notna().all(axis=1)]
    joined = left.merge(keyed, on=keys, how="outer" if how == "outer" else how, sort=False)
    if how == "outer":
        keyless = right[right[keys].isna().any(axis=1)]
        joined = pd.concat([joined, keyless], ignore_index=True) if len(keyless) else joined
    sides = left[keys].drop_duplicates().merge(
        right[keys].drop_duplicates(), on=keys, how="outer", indicator="side"
    )  # fmt: skip
    lonely = sides[sides["side"] != "both"]
    named = lonely.assign(side=lonely["side"].astype("str").map(_SIDES))
    return joined, named.reset_index(drop=True)


def _account(left: pd.DataFrame, right: pd.DataFrame, keys: list[str], how: str) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for side, mine, other in (("left", left, right), ("right", right, left)):
        has_key = mine[keys].notna().all(axis=1)
        there = _in(mine, other, keys) & has_key
        stays = how == "outer" or (how == "left" and side == "left")
        for fate, mask, kept in (
            ("matched", there, True),
            ("without a partner", has_key & ~there, stays),
            ("without a key", ~has_key, stays),
        ):
            n_keys = len(mine.loc[mask, keys].drop_duplicates())
            rows.append((side, fate, int(mask.sum()), n_keys, kept))
    return pd.DataFrame(rows, columns=["side", "fate", "n_rows", "n_keys", "kept"])


def _in(mine: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> pd.Series:
    import pandas as pd

    known = pd.MultiIndex.from_frame(other[keys].dropna().drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(mine[keys]).isin(known), index=mine.index)


def _refuse_kinds(left: pd.DataFrame, right: pd.DataFrame, keys: list[str]) -> None:
    """Refuse keys that are numbers on one side and text on the other: none would match."""
    from pandas.api.types import is_numeric_dtype

    for name in keys:
        if is_numeric_dtype(left[name]) != is_numeric_dtype(right[name]):
            raise CareerBenchError(
                f"{_STEP}: '{name}' is {left[name].dtype} on the left and {right[name].dtype} on "
                "the right.",
                found="keys of two kinds, of which none would match",
                hint=f"table.astype({{'{name}': 'str'}}): identifiers are text",
            )


def _refuse_shared(left: pd.DataFrame, right: pd.DataFrame, keys: list[str]) -> None:
    shared = [name for name in right.columns if name in left.columns and name not in keys]
    if shared:
        raise CareerBenchError(
            f"{_STEP}: both tables have the column {quoted(shared)}.",
            found=f"keys {quoted(keys)}",
            hint="drop or rename it in one of them, or name it in on=",
        )


def _refuse_repeated(table: pd.DataFrame, keys: list[str], side: str) -> None:
    keyed = table.loc[table[keys].notna().all(axis=1), keys]
    repeated = keyed[keyed.duplicated()].drop_duplicates()
    if len(repeated):
        named = [", ".join(map(str, row)) for row in repeated.itertuples(index=False)]
        raise CareerBenchError(
            f"{_STEP}: {len(repeated)} key(s) stand more than once in the {side} table.",
            found=quoted(named, limit=5),
            hint="one row for each key, or more columns in on=",
        )
