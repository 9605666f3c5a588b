"""Who was asked and who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import clusters, groups, intervals, t_intervals
from careerbench.analysis.results_describe import ResponseRates
from careerbench.errors import BadArgumentError, TableProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "response_rates"
_MOST = 1e9
_HINT = "loaders.load_survey(path), or scores of schools with unit='school_urn'"
_TAKEN = (
    "n_asked", "n_answered", "n_schools_asked", "n_schools_answered", "share", "low", "high",
    "interval_basis", "answer", "respondent", "school_urn",
)  # fmt: skip
_BASE = {
    "respondent": "respondents with a row in which something was asked",
    "school_urn": "schools with a row in any wave of the table",
    "asked": "what the table given as asked= says, schools without any answer among them",
}


def response_rates(
    responses: pd.DataFrame,
    *,
    asked: pd.DataFrame | None = None,
    unit: str = "respondent",
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
) -> ResponseRates:
    """Estimate what share of those asked answered.

    Parameters
    ----------
    responses : DataFrame
        One row per respondent (and wave and item) with ``school_urn``, ``respondent`` and
        ``answer``, ``score`` or ``value``, missing where not answered; a row whose
        ``answer_reason`` is ``not_asked`` is no question put. With ``unit="school_urn"`` one row
        per school (and wave and more) with the same, or Benchmark scores with ``state``.
    asked : DataFrame, optional
        One row per school (and wave and ``by``) with ``school_urn`` and ``n_asked``: how many
        were asked there, such as pupils on roll. Schools without an answer count. With
        ``unit="school_urn"`` the rows themselves are the schools asked and ``n_asked`` is not
        needed. Default: those in ``responses``, the schools of all waves in each.
    unit : {"respondent", "school_urn"}
        Who is counted.
    by : str or list of str, optional
        Columns to take apart; ``"item"`` gives the rate of each question. ``wave`` is always.
    confidence : float, default 0.95
        Coverage of the interval, a proportion in (0, 1).

    Returns
    -------
    ResponseRates
        One row per group and wave. ``share`` is ``n_answered`` of ``n_asked``, 0 to 1.
        ``interval_basis`` says what the interval rests on, or why there is none.

    Raises
    ------
    MissingColumnsError, TableProblemsError
        If a column is missing, ``asked`` has a school twice, or more answered than were asked.

    Notes
    -----
    A respondent answers who has at least one answer in the group. For respondents the interval is
    Student's t on the log-odds scale with schools as clusters [1]_ and CR2 errors
    (:func:`careerbench.analysis.clusters.cr2_mean`); for schools it is Wilson's.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1998). Survey Methodology, 24(2), 193-201.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"school_urn": list("aabb"), "answer": ["yes", None, "no", "no"]})
    >>> found = response_rates(answers.assign(respondent=list("1234"))).to_frame()
    >>> found[["n_asked", "n_answered", "n_schools_asked", "share"]]
       n_asked  n_answered  n_schools_asked  share
    0        4           3                2   0.75
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    checks.require_one_of(unit, ("respondent", "school_urn"), name="unit", step=_STEP)
    names = groups.free_names(by, _TAKEN, step=_STEP, implied=("wave",))
    _check(responses, [unit, "school_urn", *names])
    keys = [*names, *groups.given(responses, "wave")]
    per_school = _per_school(responses, keys, unit)
    if asked is not None:
        per_school = _from_roll(per_school, asked, keys, unit)
    elif unit == "school_urn":
        per_school = _every_wave(per_school, keys)
    group, table = groups.group_rows(per_school, keys)
    _add_rates(table, group, per_school, unit, confidence)
    base = _BASE["asked" if asked is not None else unit]
    return ResponseRates(table, confidence=confidence, unit=unit, by=tuple(names), base=base)


def _check(responses: pd.DataFrame, needed: list[str]) -> None:
    groups.require_table(responses, needed, step=_STEP, hint=_HINT)
    answers = [name for name in ("answer", "score", "value", "state", "answer_reason", "wave")
               if groups.given(responses, name)]  # fmt: skip
    groups.require_plain(responses, answers, step=_STEP)
    groups.require_filled(responses, list(dict.fromkeys(needed[:2])), step=_STEP)
    if not {"answer", "score", "value", "state"} & set(responses.columns):
        checks.require_columns(responses.columns, ["answer"], step=_STEP, hint=_HINT)


def _answered(responses: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which rows hold an answer."""
    if "state" in responses.columns:
        return (responses["state"].notna() & (responses["state"] != "not scored")).to_numpy(bool)
    given = next(name for name in ("answer", "score", "value") if name in responses.columns)
    values = responses[given]
    blank = values.astype("str").str.strip().eq("").fillna(value=True)
    return (values.notna() & ~blank).to_numpy(dtype=bool)


def _per_school(responses: pd.DataFrame, keys: list[str], unit: str) -> pd.DataFrame:
    """Count who was asked and who answered in each school and group."""
    answered = _answered(responses)
    put = np.ones(len(responses), dtype=bool)
    if "answer_reason" in responses.columns:
        put = answered | (responses["answer_reason"] != "not_asked").to_numpy(dtype=bool)
    rows = responses.loc[put, list(dict.fromkeys([*keys, "school_urn", unit]))]
    rows = rows.reset_index(drop=True)
    person = list(dict.fromkeys([*keys, "school_urn", unit]))
    people = (
        rows.assign(n_answered=answered[put])
        .groupby(person, dropna=False, observed=True, sort=False)["n_answered"]
        .any()
        .reset_index()
    )
    people["n_answered"] = people["n_answered"].astype("int64")
    return (
        people.assign(n_asked=1)
        .groupby([*keys, "school_urn"], dropna=False, observed=True, sort=False)
        [["n_asked", "n_answered"]].sum().reset_index()
    )  # fmt: skip


def _every_wave(per_school: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Ask every school of the table at every wave (and in its own groups)."""
    if "wave" not in keys:
        return per_school
    rest = [name for name in [*keys, "school_urn"] if name != "wave"]
    waves = per_school[["wave"]].drop_duplicates()
    full = per_school[rest].drop_duplicates().merge(waves, how="cross")
    both = full.merge(per_school[[*rest, "wave", "n_answered"]], how="left", on=[*rest, "wave"])
    both["wave"] = both["wave"].astype(per_school["wave"].dtype)
    return both.assign(n_asked=1, n_answered=both["n_answered"].fillna(0).astype("int64"))


def _from_roll(
    per_school: pd.DataFrame, asked: pd.DataFrame, keys: list[str], unit: str
) -> pd.DataFrame:
    """Take who was asked from a table of its own; who answered must be among them."""
    hint = "asked=one row per school (and wave) with school_urn and n_asked"
    wanted = ["school_urn", *([] if unit == "school_urn" else ["n_asked"])]
    groups.require_table(asked, wanted, step=_STEP, hint=hint)
    on = ["school_urn", *(name for name in keys if name in asked.columns)]
    groups.require_filled(asked, ["school_urn"], step=_STEP)
    groups.require_unique(asked, on, step=_STEP, hint=hint)
    _require_alike(per_school, asked, on)
    roll = asked[on].reset_index(drop=True).assign(
        n_asked=1 if unit == "school_urn" else _asked_numbers(asked["n_asked"])
    )  # fmt: skip
    lacking = [name for name in keys if name not in on]
    if lacking:
        roll = roll.merge(per_school[lacking].drop_duplicates(), how="cross")
    answers = per_school[[*on, *lacking, "n_answered"]]
    both = roll.merge(answers, how="outer", on=[*on, *lacking], indicator="_side")
    _refuse_unasked(both)
    return both.assign(n_answered=both["n_answered"].fillna(0)).drop(columns="_side")


def _require_alike(per_school: pd.DataFrame, asked: pd.DataFrame, on: list[str]) -> None:
    """Refuse keys of two kinds, such as text here and dates there, which never meet."""
    import pandas as pd

    for name in on:
        kinds = [
            pd.api.types.infer_dtype(table[name].astype(object), skipna=True)
            for table in (per_school, asked)
        ]
        if len(set(kinds) - {"empty"}) > 1:
            raise TableProblemsError(
                f"{_STEP}: column '{name}' is of one kind in the responses and of another in "
                "asked=.",
                found=f"{kinds[0]} and {kinds[1]}",
                hint=f"'{name}' as text in both",
            )


def _asked_numbers(column: pd.Series) -> NDArray[np.float64]:
    """Read how many were asked; refuse what no school could ask."""
    numbers = groups.require_numbers(column, step=_STEP)
    n_vast = int((numbers > _MOST).sum())
    if n_vast:
        raise TableProblemsError(
            f"{_STEP}: in {n_vast} of {len(numbers)} rows 'n_asked' is above {_MOST:.0e}.",
            found=f"{n_vast} such rows",
            hint="a number of pupils",
        )
    return numbers


def _refuse_unasked(both: pd.DataFrame) -> None:
    """Refuse schools that answered and were not asked, and more answers than questions."""
    unknown = both["_side"].eq("right_only") | both["n_asked"].isna()
    if (unknown & both["n_answered"].gt(0)).any():
        raise TableProblemsError(
            f"{_STEP}: {int(unknown.sum())} school rows have answers and no number in asked=.",
            found=f"{len(both)} school rows in all",
            hint="asked= with a row and a number for every school",
        )
    too_many = both["n_answered"].gt(both["n_asked"]) | both["n_asked"].lt(0)
    if too_many.any():
        raise TableProblemsError(
            f"{_STEP}: in {int(too_many.sum())} school rows more answered than were asked.",
            found=f"{len(both)} school rows in all",
            hint="n_asked at the time of the survey; respondents counted once in a wave",
        )
    if both["n_asked"].isna().any():
        raise BadArgumentError(
            f"{_STEP}: {int(both['n_asked'].isna().sum())} school rows of asked= have no number.",
            found="missing n_asked",
            hint="0 where nobody was asked, or leave the school out",
        )


def _add_rates(
    table: pd.DataFrame, group: NDArray, per_school: pd.DataFrame, unit: str, confidence: float
) -> None:
    """Add counts, the rate and its interval to one row per group."""
    asked = per_school["n_asked"].to_numpy(dtype=np.float64)
    answered = per_school["n_answered"].to_numpy(dtype=np.float64)
    n = len(table)
    for name, values in (("n_asked", asked), ("n_answered", answered)):
        table[name] = np.bincount(group, values, minlength=n).astype(np.int64)
    n_schools = groups.count_in(group, n, asked > 0)
    table["n_schools_asked"] = n_schools
    table["n_schools_answered"] = groups.count_in(group, n, answered > 0)
    share = groups.ratio(table["n_answered"].to_numpy(), table["n_asked"].to_numpy())
    table["share"] = share
    if unit == "school_urn":
        low, high = intervals.wilson_interval(
            table["n_answered"], table["n_asked"], confidence=confidence
        )
        basis = np.where(np.isnan(share), "nobody asked", "wilson")
    else:
        here = asked > 0
        _, error, df = clusters.cr2_mean(answered[here], asked[here], group[here], n_groups=n)
        alike = error <= 1e-12
        conditions = [np.isnan(share), n_schools < 2, alike]
        words = ["nobody asked", "one school", "no spread"]
        basis = np.select(conditions, words, default="schools")
        error = np.where(basis == "schools", error, np.nan)
        low, high = t_intervals.logit_interval(share, error, df, confidence=confidence)
    table["low"], table["high"] = low, high
    table["interval_basis"] = basis.astype(object)
