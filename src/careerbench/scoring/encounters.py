"""Activity diaries become encounters per school, period and year group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from careerbench.checks import require_columns, require_frame, require_one_of
from careerbench.errors import CareerBenchError, TableProblemsError, quoted
from careerbench.frameworks.words import folded
from careerbench.periods import YEAR_GROUPS, time_period_of
from careerbench.result import Result
from careerbench.scoring.encounter_rules import EncounterRules, load_encounter_rules
from careerbench.scoring.keys import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

_STEP = "count_encounters"
_HINT = "loaders.load_activities(path)"
_REGISTER = "schools=loaders.load_schools(path)"
_MOST = 1_000_000_000
_PERIODS = ("wave", "time_period")
_YES, _NO = ("yes", "y", "true", "1", "1.0"), ("no", "n", "false", "0", "0.0")
_COLUMNS = (
    "year_group", "encounter", "n_activities", "n_with_pupils", "pupils_at_least",
    "pupils_at_most", "pupils_reason", "hours", "n_with_hours", "n_meaningful",
    "n_meaningful_unknown",
)  # fmt: skip
_NONE_KNOWN, _SOME_UNKNOWN = "no number known", "some numbers not known"


@dataclass(frozen=True, eq=False)
class Encounters(Result):
    """Encounters per school, period and year group, from diaries of activities.

    ``diaries`` has a row per school and period with any activity: ``n_activities`` and
    ``n_counted``, rows of the diary. ``uncounted`` lists the kinds of activity that count as no
    encounter, with how many rows have them.
    """

    diaries: pd.DataFrame
    uncounted: pd.DataFrame
    rules: EncounterRules
    period: str

    caption: ClassVar[str] = "Encounters in the diaries"
    formats: ClassVar[Mapping[str, str]] = {"hours": ".1f"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_activities": ("hours",),
        "n_with_pupils": ("pupils_at_least", "pupils_at_most"),
        "n_with_hours": ("hours",),
        "pupils_at_least": (),
        "pupils_at_most": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what counts, how pupils are bounded, and what a diary does not show."""
        n_rows, n_counted = (int(self.diaries[n].sum()) for n in ("n_activities", "n_counted"))
        notes = (
            "n_activities: rows of the diary, one per activity and year group; a missing "
            "year_group is an activity for the whole school, counted there only.",
            "pupils_at_least: the largest single activity, as the same pupils may have come to "
            "all; pupils_at_most: their sum, as they may all have been others.",
            f"{n_rows - n_counted:,} of {n_rows:,} rows are of kinds that count as no encounter; "
            "uncounted lists them.",
            "A diary shows what was written down: where it is blank, nothing is known.",
        )
        return (*notes, *self.rules.notes)


def count_encounters(
    activities: pd.DataFrame,
    *,
    period: str = "wave",
    schools: pd.DataFrame | None = None,
    rules: str | Path | EncounterRules | None = None,
) -> Encounters:
    """Count encounters with employers, workplaces and further education in activity diaries.

    Parameters
    ----------
    activities : DataFrame
        One row per activity and year group, as ``loaders.load_activities`` gives it:
        ``school_urn``, ``activity``, ``year_group`` (missing: the whole school) and, where known,
        ``n_pupils``, ``hours`` and ``meaningful`` (yes or no).
    period : {"wave", "time_period"}
        Count by the column ``wave``, or by the academic year of ``activity_date``.
    schools : DataFrame, optional
        ``school_urn`` and ``number_of_pupils``: no more pupils can be reached than there are.
    rules : str, Path or EncounterRules, optional
        Your own TOML file of which kinds of activity count. Default: the one that comes with
        careerbench, provisional.

    Returns
    -------
    Encounters
        One row per school, period, year group and encounter that the diary has: ``n_activities``,
        ``n_with_pupils`` (activities whose number of pupils is known), ``pupils_at_least``,
        ``pupils_at_most`` and ``pupils_reason`` (why a bound is missing or rests on a part),
        ``hours`` and ``n_with_hours``; with ``meaningful``, ``n_meaningful`` and
        ``n_meaningful_unknown``. A missing wave or date is a period of its own, missing.

    Raises
    ------
    CareerBenchError
        If a column is missing, a number, year group or *meaningful* cannot be read, a school or
        activity is blank, or the rules are not sound.

    Notes
    -----
    Pupils are never added up as if they were different ones: a year group of 28 that meets two
    employers is at least 28 pupils and at most 56. ``pupils_at_most`` is missing where the number
    of some activity is not known, unless the school's roll bounds it.

    Examples
    --------
    >>> import pandas as pd
    >>> diary = pd.DataFrame({"activity": ["Employer talk", "employer visit", "assembly"],
    ...     "n_pupils": [28, 25, 200], "year_group": ["4", "4", None]})
    >>> found = count_encounters(diary.assign(school_urn="900001", wave="baseline"))
    >>> found.to_frame()[["encounter", "n_activities", "pupils_at_least", "pupils_at_most"]]
      encounter  n_activities  pupils_at_least  pupils_at_most
    0  employer             2               28              53
    >>> found.uncounted
       activity  n_activities
    0  assembly             1
    """
    require_frame(activities, step=_STEP, hint=_HINT)
    require_one_of(period, _PERIODS, name="period", step=_STEP)
    known = rules if isinstance(rules, EncounterRules) else load_encounter_rules(rules)
    rows = _rows(activities, period)
    lookup = known.lookup
    kinds = rows["activity"].map({kind: lookup.get(folded(kind), -1) for kind in
                                  rows["activity"].unique()})  # fmt: skip
    rows["_number"] = kinds.to_numpy(dtype=np.int64)
    counted = rows[rows["_number"] >= 0]
    table = _counted(counted, period, known)
    if schools is not None:
        table = _bounded(table, schools)
    return Encounters(
        table,
        diaries=_diaries(rows, period),
        uncounted=_uncounted(rows),
        rules=known,
        period=period,
    )


def _rows(activities: pd.DataFrame, period: str) -> pd.DataFrame:
    """Take the columns that count, checked."""
    import pandas as pd

    needed = ["school_urn", "activity", "year_group"]
    dated = "wave" if period == "wave" else "activity_date"
    require_columns(activities.columns, [*needed, dated], step=_STEP, hint=_HINT)
    rows = pd.DataFrame({name: activities[name] for name in needed}).reset_index(drop=True)
    for name in ("school_urn", "activity"):
        _refuse(rows[name].isna() | (rows[name].astype("str").str.strip() == ""),
                f"have no {name}", "fill it in, or leave the rows out")  # fmt: skip
    rows["school_urn"] = in_words(rows["school_urn"]).astype("str")
    rows["activity"] = rows["activity"].astype("str")
    said = in_words(rows["year_group"]).astype("str").astype("object")
    rows["year_group"] = said.where(said.notna(), None)
    odd = rows["year_group"].notna() & ~rows["year_group"].isin(YEAR_GROUPS)
    _refuse(odd, "have a year_group that is none", f"one of {quoted(YEAR_GROUPS, limit=4)}")
    rows[period] = _period(activities[dated].reset_index(drop=True), period)
    for name in ("n_pupils", "hours"):
        rows[name] = _numbers(activities, name)
    if "meaningful" in activities:
        rows["_meaningful"] = _meaningful(activities["meaningful"].reset_index(drop=True))
    return rows


def _period(values: pd.Series, period: str) -> pd.Series:
    import pandas as pd

    if period == "wave":
        return values
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        raise CareerBenchError(
            f"{_STEP}: activity_date does not hold dates.", found=f"type {values.dtype}", hint=_HINT
        )
    years = [None if pd.isna(day) else time_period_of(day) for day in values]
    return pd.Series(years, dtype="str")


def _numbers(activities: pd.DataFrame, name: str) -> pd.Series:
    """Read a column of numbers from 0; a column that is not there is not known."""
    import pandas as pd

    if name not in activities:
        return pd.Series(np.nan, index=range(len(activities)))
    values = activities[name].reset_index(drop=True)
    if not pd.api.types.is_numeric_dtype(values.dtype) and values.notna().any():
        raise TableProblemsError(
            f"{_STEP}: column '{name}' does not hold numbers.",
            found=f"type {values.dtype}",
            hint=_HINT,
        )
    numbers = pd.Series(values.to_numpy(dtype=np.float64, na_value=np.nan))
    bad = (numbers < 0) | (numbers > _MOST)
    _refuse(bad, f"have a {name} below 0 or above {_MOST:,}", "mend them, or leave them blank")
    return numbers


def _meaningful(said: pd.Series) -> pd.Series:
    """Read yes as 1, no as 0 and a blank as not known."""
    words = said.map(folded, na_action="ignore")
    read = {**dict.fromkeys(_YES, 1.0), **dict.fromkeys(_NO, 0.0)}
    numbers = words.map(read).astype("float64")
    odd = said.notna() & (words != "") & numbers.isna()
    _refuse(odd, "have a 'meaningful' that is neither yes nor no", "yes, no or blank")
    return numbers


def _refuse(bad: pd.Series, problem: str, hint: str) -> None:
    if bad.any():
        places = np.flatnonzero(bad.to_numpy(dtype=bool))
        raise TableProblemsError(
            f"{_STEP}: {len(places):,} rows {problem}.",
            found=f"rows {', '.join(str(place + 1) for place in places[:6])}"
            + (" and more" if len(places) > 6 else ""),
            hint=hint,
        )


def _counted(rows: pd.DataFrame, period: str, rules: EncounterRules) -> pd.DataFrame:
    """Count per school, period, year group and encounter."""
    place = {year: number for number, year in enumerate(YEAR_GROUPS)}
    rows = rows.assign(_year=rows["year_group"].map(place).fillna(len(place)).astype("int64"))
    keys = ["school_urn", period, "_year", "_number"]
    totals = {
        "n_activities": ("activity", "size"),
        "n_with_pupils": ("n_pupils", "count"),
        "pupils_at_least": ("n_pupils", "max"),
        "pupils_at_most": ("n_pupils", "sum"),
        "hours": ("hours", "sum"),
        "n_with_hours": ("hours", "count"),
    }
    if "_meaningful" in rows:
        totals |= {"n_meaningful": ("_meaningful", "sum"), "_said": ("_meaningful", "count")}
    grouped = rows.groupby(keys, dropna=False, observed=True, sort=True)
    table = grouped.agg(**totals).reset_index()
    some = table["n_with_pupils"] > 0
    complete = table["n_with_pupils"] == table["n_activities"]
    table["pupils_at_least"] = table["pupils_at_least"].round().astype("Int64")
    table["pupils_at_most"] = table["pupils_at_most"].where(complete).round().astype("Int64")
    table["pupils_reason"] = _texts(
        None if whole else _SOME_UNKNOWN if part else _NONE_KNOWN
        for whole, part in zip(complete, some, strict=True)
    )
    table["hours"] = table["hours"].where(table["n_with_hours"] > 0)
    names = [*YEAR_GROUPS, None]
    table["year_group"] = _texts([names[year] for year in table["_year"]])
    table["encounter"] = _texts([rules.encounters[number].id for number in table["_number"]])
    if "_said" in table:
        table["n_meaningful"] = table["n_meaningful"].astype("int64")
        table["n_meaningful_unknown"] = table["n_activities"] - table["_said"]
    return table[["school_urn", period, *(name for name in _COLUMNS if name in table)]]


def _texts(words: Iterable[str | None]) -> object:
    import pandas as pd

    return pd.array(list(words), dtype="str")


def _bounded(table: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Let no activity reach more pupils than the school has, unless its own number says so."""
    require_frame(schools, step=_STEP, hint=_REGISTER)
    require_columns(schools.columns, ["school_urn", "number_of_pupils"], step=_STEP, hint=_REGISTER)
    urns = in_words(schools["school_urn"]).astype("str").reset_index(drop=True)
    _refuse(urns.duplicated(), "of schools have a school again", "one row for each school")
    rolls = _numbers(schools, "number_of_pupils").set_axis(urns)
    roll = table["school_urn"].map(rolls).astype("Float64")
    most = table["pupils_at_most"].astype("Float64")
    bound = most.where(roll.isna() | (most <= roll), roll).fillna(roll)
    least = table["pupils_at_least"].astype("Float64").fillna(0)
    bound = bound.where(bound.isna() | (bound >= least), least)
    return table.assign(pupils_at_most=bound.astype("Int64"))


def _diaries(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    grouped = rows.assign(_in=rows["_number"] >= 0).groupby(
        ["school_urn", period], dropna=False, observed=True
    )
    table = grouped.agg(n_activities=("activity", "size"), n_counted=("_in", "sum"))
    return table.reset_index()


def _uncounted(rows: pd.DataFrame) -> pd.DataFrame:
    """List the kinds that count as nothing, most frequent first."""
    kinds = rows.loc[rows["_number"] < 0, "activity"].map(lambda kind: " ".join(kind.split()))
    table = kinds.value_counts().rename_axis("activity").rename("n_activities").reset_index()
    return table.astype({"activity": "str"})
