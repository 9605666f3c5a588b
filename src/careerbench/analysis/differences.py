"""Whether schools in a programme changed more than schools outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.analysis.intervals import t_interval
from careerbench.errors import BadArgumentError, TableProblemsError, counted, quoted
from careerbench.result import Result
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

_ARM = ("before", "after", "change")
_FOUND = ("estimate", "low", "high", "std_error", "p")
_COLUMNS = (
    "arm",
    *_ARM,
    *(f"{name}_control" for name in _ARM),
    *_FOUND,
    "df",
    "n_schools",
    "n_schools_control",
    "n_left_out",
    "reason",
)


@dataclass(frozen=True, eq=False)
class DifferenceInDifferences(Result):
    """Change in each arm less change in the control, with schools as the unit."""

    outcome: str
    arm: str
    control: object
    before: object
    after: object
    confidence: float
    by: tuple[str, ...]
    group: str
    n_no_arm: int
    n_blank: int
    most_rows: int

    caption: ClassVar[str] = "Change in programme schools less change in comparison schools"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys((*_ARM, *(f"{name}_control" for name in _ARM)), ".2f"),
        **dict.fromkeys(("estimate", "low", "high"), "+.2f"),
        **dict.fromkeys(("std_error",), ".2f"),
        "p": ".3f",
        "df": ".1f",
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_schools": (*_ARM, *_FOUND),
        "n_schools_control": (*(f"{name}_control" for name in _ARM), *_FOUND),
        "n_left_out": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is compared, how sure it is, who is missing, and what it rests on."""
        several = (
            f" Where a school has several rows in a wave (at most {self.most_rows}), their mean is "
            "the school's value."
            if self.most_rows > 1
            else ""
        )
        return (
            f"estimate: mean change of '{self.outcome}' from '{self.before}' to '{self.after}' in "
            f"the arm, less that in '{self.control}'. Every school counts the same; only schools "
            f"with a value at both ends are in it.{several}",
            f"low to high: {self.confidence:.0%} interval from the schools' change scores; the "
            "variance may differ between arms (CR2, the standard error of Welch's test), with "
            "Satterthwaite's degrees of freedom.",
            f"n_left_out: schools of the two arms with a value at one end only, or at neither. "
            f"{counted(self.n_no_arm, 'row')} without an arm and {counted(self.n_blank, 'row')} "
            "without a value are in no mean.",
            *(("p is for each row alone: correct it for the number of rows.",) if self.by else ()),
            "It shows what the programme did only if both groups of schools would have changed "
            "alike without it, which these data cannot show.",
        )


def difference_in_differences(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    before: object,
    after: object,
    wave: str = "wave",
    group: str = "school_urn",
    control: object = None,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
) -> DifferenceInDifferences:
    """Compare the change in programme schools with that in comparison schools.

    Parameters
    ----------
    data : DataFrame
        One row per school and wave, or per pupil and wave: the columns named below.
    outcome : str
        Numbers (a mean, a count of Benchmarks), truth values, or the ``state`` of a Benchmark:
        *achieved* counts 1, *partial* and *not achieved* 0, *not scored* as no value.
    arm : str
        Which schools are in the programme; the same in all rows of a school.
    before, after : value of ``wave``
        The two ends.
    wave, group : str
        Columns of the wave and of the school.
    control : value of ``arm``, optional
        The comparison schools; by default the first: False, least number, first word.
    by : str or list of str, optional
        Columns to take apart, such as ``"benchmark"``.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    DifferenceInDifferences
        One row per group and arm, in the units of the outcome (shares from 0 to 1 for truth
        values and states): both ends and the change in the arm and in the control, ``estimate``
        (change less change), its interval, ``df`` and two-sided ``p``. ``reason`` says why there
        is no interval: fewer than two schools in an arm, or no spread.

    Raises
    ------
    MissingColumnsError
        If ``data`` lacks a column.
    TableProblemsError
        If a school is in two arms, a row has no school, the outcome is no number, or a school has
        a Benchmark's state twice in a wave.
    BadArgumentError
        If a wave or control is not there, or both ends are the same.

    Notes
    -----
    The unit is the school: one change score each, the mean over its rows after less that before.
    The variance of the estimate is the sum of the two arms' own, which is also the CR2 estimate of
    a regression on arm, wave and their product with schools as clusters [1]_; degrees of freedom
    are those of Satterthwaite under equal variances [2]_, as in the R package clubSandwich.

    References
    ----------
    .. [1] Pustejovsky, J. E. and Tipton, E. (2018). J. Business and Economic Statistics, 36(4),
       672-683.
    .. [2] Bell, R. M. and McCaffrey, D. F. (2002). Survey Methodology, 28(2), 169-181.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({
    ...     "school_urn": list("abcdabcd"), "wave": ["baseline"] * 4 + ["year_1"] * 4,
    ...     "programme": [True, True, False, False] * 2, "n_achieved": [2, 3, 2, 4, 5, 7, 3, 4],
    ... })
    >>> found = difference_in_differences(
    ...     counts, outcome="n_achieved", arm="programme", before="baseline", after="year_1"
    ... )
    >>> found.to_frame()[["change", "change_control", "estimate", "low", "high"]].round(2)
       change  change_control  estimate  low  high
    0     3.5             0.5       3.0 -0.04  6.04
    """
    step = "difference_in_differences"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    names = groups.free_names(by, (*_COLUMNS, outcome, arm, wave, group), step=step)
    _check(data, [outcome, arm, wave, group, *names], group, step=step)
    _require_ends(data[wave], before, after, step=step)
    labels = _arm_labels(data, arm, group, control, step=step)
    ends = data[data[wave].isin([before, after])]
    value = _numbers(ends, outcome, [group, wave, *names], step=step)
    known = ends[arm].notna().to_numpy()
    scores = ends.assign(
        _value=value, _after=(ends[wave] == after).to_numpy(), _known=known & ~np.isnan(value)
    )
    table, most = _rows(scores, names, (arm, group), labels, confidence)
    return DifferenceInDifferences(
        table,
        outcome=str(outcome),
        arm=str(arm),
        control=labels[0],
        before=before,
        after=after,
        confidence=confidence,
        by=tuple(names),
        group=str(group),
        n_no_arm=int((~known).sum()),
        n_blank=int((known & np.isnan(value)).sum()),
        most_rows=most,
    )


def _check(data: pd.DataFrame, needed: list[str], group: str, *, step: str) -> None:
    """Refuse a table that lacks columns or schools."""
    hint = "one row per school (or pupil) and wave, with the columns of outcome, arm, wave, group"
    groups.require_table(data, needed, step=step, hint=hint)
    if not len(data):
        raise TableProblemsError(f"{step}: the table has no rows.", found="0 rows", hint=hint)
    groups.require_filled(data, [group], step=step)


def _require_ends(waves: pd.Series, before: object, after: object, *, step: str) -> None:
    """Refuse waves that are not there, and two ends that are one."""
    known = waves.dropna().unique().tolist()
    for name, end in (("before", before), ("after", after)):
        checks.require_one_of(end, known, name=name, step=step)
    if before == after:
        raise BadArgumentError(
            f"{step}: before and after are the same wave.",
            found=f"'{before}'",
            hint=f"two of {quoted(known)}",
        )


def _arm_labels(
    data: pd.DataFrame, arm: str, group: str, control: object, *, step: str
) -> list[object]:
    """Name the arms, the control first; refuse schools in two of them."""
    pairs = data[[group, arm]].dropna().drop_duplicates()
    n_several = int(pairs.duplicated(group).sum())
    if n_several:
        raise TableProblemsError(
            f"{step}: column '{arm}' varies within schools.",
            found=f"{len(pairs)} pairs of school and arm for {len(pairs) - n_several} schools",
            hint=f"one value of '{arm}' for all rows of a school",
        )
    labels = sorted(data[arm].dropna().unique().tolist(), key=lambda one: (str(type(one)), one))
    if not 2 <= len(labels) <= 12:
        raise TableProblemsError(
            f"{step}: column '{arm}' has {counted(len(labels), 'different value')}; two arms or "
            "a few are needed.",
            found=quoted(labels, limit=4),
            hint="programme schools and comparison schools in one table",
        )
    if control is None:
        return labels
    checks.require_one_of(control, labels, name="control", step=step)
    return [control, *(label for label in labels if label != control)]


def _numbers(
    frame: pd.DataFrame, outcome: str, key: list[str], *, step: str
) -> NDArray[np.float64]:
    """Read the outcome as numbers: truth values and states of a Benchmark become 1 and 0."""
    import pandas as pd

    column = frame[outcome]
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    if not pd.api.types.is_numeric_dtype(column.dtype) and column.dropna().isin(STATES).all():
        groups.require_unique(frame, key, step=step, hint="by='benchmark', one audit per wave")
        worth = {"achieved": 1.0, "partial": 0.0, "not achieved": 0.0, "not scored": np.nan}
        return column.map(worth).to_numpy(dtype=np.float64, na_value=np.nan)
    return groups.require_numbers(column, step=step)


def _rows(
    scores: pd.DataFrame,
    names: list[str],
    roles: tuple[str, str],
    labels: list[object],
    confidence: float,
) -> tuple[pd.DataFrame, int]:
    """Make one row per group and arm; also the most rows one school has in a wave."""
    import pandas as pd

    arm, group = roles
    code, keys = groups.group_rows(scores, names)
    if not names:
        keys = pd.DataFrame(index=[0])
    rows, most = [], 0
    for number in range(len(keys)):
        part = scores[code == number].reset_index(drop=True)
        there = part[part["_known"]].groupby([group, "_after"], observed=True)["_value"]
        wide = there.mean().unstack().reindex(columns=[False, True])  # noqa: PD010 - unique
        most = max(most, int(there.size().max()) if len(wide) else 0)
        arms = part.dropna(subset=[arm]).groupby(group, observed=True)[arm].first()
        for label in labels[1:]:
            row = _compare(wide, arms, label, labels[0], confidence)
            rows.append({**keys.iloc[number].to_dict(), **row})
    order = [*names, "arm", "estimate", "low", "high"]
    table = pd.DataFrame(rows)
    return table[[*order, *(name for name in table.columns if name not in order)]], most


def _compare(
    wide: pd.DataFrame, arms: pd.Series, label: object, control: object, confidence: float
) -> dict[str, object]:
    """Compare the change scores of one arm with those of the control."""
    from scipy.special import stdtr

    both = wide.dropna()
    ends = [both[both.index.isin(arms.index[arms == one])].to_numpy() for one in (label, control)]
    change = [end[:, 1] - end[:, 0] for end in ends]
    n = [len(one) for one in change]
    row: dict[str, object] = {"arm": label}
    for suffix, end in (("", ends[0]), ("_control", ends[1])):
        means = end.mean(axis=0) if len(end) else np.array([np.nan, np.nan])
        row[f"before{suffix}"], row[f"after{suffix}"] = means
        row[f"change{suffix}"] = means[1] - means[0]
    row["estimate"] = row["change"] - row["change_control"]  # type: ignore[operator]
    error, df, reason = np.nan, np.nan, "fewer than two schools in an arm"
    if min(n) > 1:
        error = float(np.sqrt(sum(one.var(ddof=1) / len(one) for one in change)))
        top = sum(1 / one for one in n) ** 2
        df = top / sum(1 / (one**2 * (one - 1)) for one in n)
        scale = max(float(np.abs(end).max()) for end in ends)
        reason = "" if error > 1e-12 * scale else "no spread"
    known = not reason
    low, high = t_interval(row["estimate"], error, df, confidence=confidence)  # type: ignore[arg-type]
    row["low"], row["high"] = (float(low), float(high)) if known else (np.nan, np.nan)
    row["std_error"], row["df"] = error, df
    ratio = abs(float(row["estimate"])) / error if known else np.nan  # type: ignore[arg-type]
    row["p"] = 2 * float(stdtr(df, -ratio)) if known else np.nan
    row["n_schools"], row["n_schools_control"] = n
    row["n_left_out"] = int(arms.isin([label, control]).sum()) - sum(n)
    row["reason"] = reason or None
    return row
