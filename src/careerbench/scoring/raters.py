"""Who assessed: a school itself, a moderator, a peer; planned or delivered. Never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import narwhals as nw

from careerbench.checks import require_columns, require_frame
from careerbench.errors import BadArgumentError, CareerBenchError, FrameworkError, quoted
from careerbench.result import Result
from careerbench.scoring import states

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

KEPT_APART = ("rater", "basis")
"""Columns of audits whose values are never scored together."""

_KEYS = ["school_urn", "wave", "benchmark"]
_BESIDE = "beside"
_SAME, _HIGHER, _LOWER, _ONE_ONLY = "same", "first higher", "second higher", "only one scored"
_HINT = "scoring.score_benchmarks(audits, framework), of one rater at a time"


def refuse_mixed(frame: nw.DataFrame | nw.LazyFrame, *, step: str) -> None:
    """Refuse audits of several raters, or of what is planned beside what is delivered.

    A blank is a value of its own where others are named: nobody knows whose it is. Of a lazy table
    the distinct values of these columns are computed, and no more.
    """
    for name in KEPT_APART:
        if name not in frame.collect_schema().names():
            continue
        distinct = frame.select(said(name)).unique()
        known = distinct.collect() if isinstance(distinct, nw.LazyFrame) else distinct
        values = known.get_column(name).to_list()
        if len(values) > 1:
            names = sorted(value or "(blank)" for value in values)
            raise CareerBenchError(
                f"{step}: the audits hold {len(values)} kinds of {name}, which are never mixed.",
                found=quoted(names),
                hint=f"audits of one {name}, or scoring.score_by_rater(audits, framework)",
            )


def said(name: str) -> nw.Expr:
    """Read a column of raters or bases as text; a blank is an empty text."""
    return nw.col(name).cast(nw.String).fill_null("").str.strip_chars()


def raters_in(frame: nw.DataFrame) -> list[dict[str, str]]:
    """List the raters, and what they judged, in the order met; an empty text is a blank."""
    names = [name for name in KEPT_APART if name in frame.columns]
    rows = frame.select(said(name) for name in names).unique(maintain_order=True)
    return list(rows.iter_rows(named=True))


@dataclass(frozen=True, eq=False)
class Beside(Result):
    """Two assessments of the same schools, side by side."""

    first: str
    second: str

    caption: ClassVar[str] = "Two assessments side by side"
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is compared and what is not."""
        return (
            f"first: {self.first}; second: {self.second}. Each state is as that rater's answers "
            "give it; the two are never joined into one.",
            f"{_ONE_ONLY}: the other rater gave no score, or did not look at the school.",
        )

    def by_benchmark(self) -> pd.DataFrame:
        """Count, per wave and Benchmark, how often the two agree.

        Returns
        -------
        DataFrame
            One row per wave and Benchmark: ``n_both`` (schools scored by both), ``n_same`` (of
            them, the same state), ``n_first_higher``, ``n_second_higher``, ``n_one_only``
            (scored by one of the two) and ``share_same`` (of ``n_both``, 0 to 1).
        """
        keys = ["wave", "benchmark"]
        counts = self.table[keys].copy()
        for name, word in (("n_same", _SAME), ("n_first_higher", _HIGHER),
                           ("n_second_higher", _LOWER), ("n_one_only", _ONE_ONLY)):  # fmt: skip
            counts[name] = (self.table["comparison"] == word).astype("int64")
        table = counts.groupby(keys, sort=False, observed=True).sum().reset_index()
        n_both = table["n_same"] + table["n_first_higher"] + table["n_second_higher"]
        table.insert(2, "n_both", n_both)
        table["share_same"] = table["n_same"] / n_both.where(n_both > 0)
        return table


def beside(
    first: pd.DataFrame, second: pd.DataFrame, *, names: tuple[str, str] = ("self", "moderated")
) -> Beside:
    """Put two raters' scores of the same schools side by side.

    Parameters
    ----------
    first, second : DataFrame
        Tables of ``score_benchmarks``, one rater each, under the same framework.
    names : tuple of two str
        What to call them; part of the column names.

    Returns
    -------
    Beside
        One row per school, wave and Benchmark in either: ``state_<name>``, ``share_<name>``,
        ``n_met_<name>`` and ``n_applicable_<name>`` of each, missing where that rater has no row,
        and ``comparison``: same, first higher, second higher, or only one scored; "neither
        scored" where both looked and neither could score. ``by_benchmark()`` counts them.

    Raises
    ------
    CareerBenchError
        If a table lacks a column, has a school, wave and Benchmark twice (two raters in one
        table), the frameworks differ, or the names are the same.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["900001"], "wave": ["baseline"],
    ...     "benchmark": ["p1"], "state": ["achieved"], "share": [1.0], "n_met": [5],
    ...     "n_applicable": [5]})
    >>> moderated = scores.assign(state="partial", share=0.8, n_met=4)
    >>> beside(scores, moderated).to_frame()[["state_self", "state_moderated", "comparison"]]
      state_self state_moderated    comparison
    0   achieved         partial  first higher
    """
    _check_names(names)
    for table in (first, second):
        _check_scores(table)
    editions = [set(t["framework"].unique()) for t in (first, second) if "framework" in t]
    if len(set().union(*editions)) > 1:
        raise FrameworkError(
            f"{_BESIDE}: the two were scored under different framework editions.",
            found=quoted(sorted(set().union(*editions))),
            hint="both under one edition; across editions scoring.bridge",
        )
    values = ["state", "share", "n_met", "n_applicable"]
    sides = [
        table[[*_KEYS, *values]]
        .astype({"school_urn": "str", "benchmark": "str"})
        .rename(columns={value: f"{value}_{name}" for value in values})
        for table, name in zip((first, second), names, strict=True)
    ]
    if sides[0]["wave"].dtype != sides[1]["wave"].dtype:
        sides = [side.astype({"wave": "str"}) for side in sides]
    joined = sides[0].merge(sides[1], on=_KEYS, how="outer", sort=False)
    for name in names:
        for count in ("n_met", "n_applicable"):
            joined[f"{count}_{name}"] = joined[f"{count}_{name}"].astype("Int64")
    joined["comparison"] = _comparison(*(joined[f"state_{name}"] for name in names))
    return Beside(joined, first=names[0], second=names[1])


def _comparison(first: pd.Series, second: pd.Series) -> Any:
    """Compare two columns of states in words."""
    import numpy as np
    import pandas as pd

    rank = {state: place for place, state in enumerate(reversed(states.STATES[:3]), start=1)}
    one, other = (state.map(rank).fillna(0).to_numpy(dtype=int) for state in (first, second))
    words = np.select(
        [(one == 0) & (other == 0), (one == 0) | (other == 0), one == other, one > other],
        ["neither scored", _ONE_ONLY, _SAME, _HIGHER],
        default=_LOWER,
    )
    return pd.array(words, dtype="str")


def _check_names(names: object) -> None:
    two = isinstance(names, tuple | list) and len(names) == 2 and names[0] != names[1]
    if not two or not all(isinstance(name, str) and name for name in names):  # type: ignore[attr-defined]
        raise BadArgumentError(
            f"{_BESIDE}: names must be two different words.",
            found=repr(names),
            hint="names=('self', 'moderated')",
        )


def _check_scores(table: pd.DataFrame) -> None:
    require_frame(table, step=_BESIDE, hint=_HINT)
    needed = [*_KEYS, "state", "share", "n_met", "n_applicable"]
    require_columns(table.columns, needed, step=_BESIDE, hint=_HINT)
    n_twice = int(table.duplicated(_KEYS).sum())
    if n_twice:
        raise CareerBenchError(
            f"{_BESIDE}: {n_twice:,} rows repeat a school, wave and Benchmark.",
            found="more than one rater, or table, in one",
            hint="scores[scores['rater'] == 'self']",
        )
