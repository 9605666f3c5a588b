"""Change at a common starting point, and what would be expected of schools that did nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import ends, groups, intervals
from careerbench.analysis.least_squares import Fit, fit_least_squares, p_of
from careerbench.analysis.results_change import AdjustedChange
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "adjusted_change"
_COLUMNS = (
    "n_pairs", "n_unmatched", "n_at_floor", "n_at_ceiling", "mean_before", "mean_after", "change",
    "adjusted_change", "std_error", "df", "low", "high", "p", "expected_change",
    "beyond_expected", "reason",
)  # fmt: skip


def adjusted_change(
    data: pd.DataFrame,
    *,
    outcome: str,
    before: str,
    after: str,
    by: str | Iterable[str] | None = None,
    covariates: str | Iterable[str] | None = None,
    reliability: float | None = None,
    reference_mean: float | None = None,
    limits: tuple[float, float] | None = None,
    confidence: float = 0.95,
) -> AdjustedChange:
    """Estimate the change of schools as if all had begun at the same point.

    Parameters
    ----------
    data : DataFrame
        One row per school and wave: ``school_urn``, ``wave``, the outcome, and ``by`` and
        ``covariates`` as they were at the first wave.
    outcome : str
        Column with the number, such as ``n_achieved`` of ``number_achieved(scores).schools``.
    before, after : str
        The two waves.
    by : str or list of str, optional
        Columns to take apart; all groups share one slope.
    covariates : str or list of str, optional
        Further columns of the first wave held at their means: numbers as they are, anything else
        category by category.
    reliability : float, optional
        How alike two audits of a school in one state are, in (0, 1). It gives what regression to
        the mean alone would do.
    reference_mean : float, optional
        The mean that schools regress to: of all schools of the kind, where those in the study
        were chosen or volunteered. Default: of the matched schools, all groups together.
    limits : tuple of float, optional
        Ends of the scale, such as ``(0, 8)``. Default: least and greatest number seen.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    AdjustedChange
        One row per group: pairs, those who began at an end of the scale, means, ``change``,
        ``adjusted_change`` with interval and ``p``, ``expected_change`` and ``beyond_expected``.
        ``terms`` has the coefficients: groups against the first, ``before`` (the slope) and the
        covariates. ``reason`` says why numbers are missing: ``too few schools``, ``no spread``.

    Raises
    ------
    MissingColumnsError, BadArgumentError, TableProblemsError
        As for :func:`wilcoxon_change`; also if covariates cannot be told apart.

    Notes
    -----
    Analysis of covariance by ordinary least squares, what R gives for ``lm(after ~ group +
    I(before - mean(before)))`` and its means at the common start, less that start. The start
    is taken as given. With one group and no covariate ``adjusted_change`` is the mean change.
    ``expected_change`` is ``(1 - reliability) * (reference_mean - mean_before)`` [1]_.

    References
    ----------
    .. [1] Barnett, A. G., van der Pols, J. C. and Dobson, A. J. (2005). International J. of
       Epidemiology, 34(1), 215-220.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"school_urn": list("1234") * 2, "n": [1, 2, 3, 4, 3, 3, 5, 4]})
    >>> data["wave"] = ["baseline"] * 4 + ["year 1"] * 4
    >>> found = adjusted_change(data, outcome="n", before="baseline", after="year 1")
    >>> found.to_frame()[["n_pairs", "change", "adjusted_change", "std_error"]].round(3)
       n_pairs  change  adjusted_change  std_error
    0        4    1.25             1.25      0.433
    """
    import pandas as pd

    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    if reliability is not None:
        checks.require_between(reliability, 0, 1, name="reliability", step=_STEP)
    if reference_mean is not None:
        end = groups.LARGEST
        checks.require_between(reference_mean, -end, end, name="reference_mean", step=_STEP)
    names = groups.free_names(by, (*_COLUMNS, "wave", "school_urn", outcome), step=_STEP)
    more = [name for name in checks.as_names(covariates) if name not in names]
    rows, value = ends.numbers_at(
        data, outcome, [before, after], names=["before", "after"], by=[], step=_STEP
    )
    groups.require_table(rows, [*names, *more], step=_STEP, hint="columns of the data")
    pairs, unmatched = _matched(rows, value, (before, after), [*names, *more])
    kept = pairs.dropna(subset=more) if more else pairs
    everyone = pd.concat([kept[names], unmatched[names]]) if names else None
    group, table = groups.group_rows(kept if everyone is None else everyone, names)
    if everyone is None and not len(table):
        table = pd.DataFrame(index=[0])
    owner, lost = group[: len(kept)], group[len(kept) :] if names else np.zeros(len(unmatched), int)
    used = np.unique(owner)
    start = float(kept["_before"].mean()) if len(kept) else np.nan
    design, labels = _design(kept, owner, used, more, start)
    fit = fit_least_squares(design, kept["_after"].to_numpy(), labels, step=_STEP)
    regress_to = start if reference_mean is None else float(reference_mean)
    _describe(table, kept, owner, np.bincount(lost, minlength=len(table)), _limits(limits, value))
    _add_adjusted(table, fit, used, start, confidence)
    fall = np.nan if reliability is None else 1 - reliability
    table["expected_change"] = fall * (regress_to - table["mean_before"])
    table["beyond_expected"] = table["change"] - table["expected_change"]
    table["reason"] = [fit.reason if n else "no pairs" for n in table["n_pairs"]]
    terms = _terms(fit, [_label(table.iloc[at], names) for at in used], labels, confidence)
    return AdjustedChange(
        table, terms, outcome=outcome, before=before, after=after, confidence=confidence,
        reliability=reliability, start=start, reference_mean=regress_to, covariates=tuple(more),
        by=tuple(names), n_dropped=len(pairs) - len(kept),
    )  # fmt: skip


def _matched(
    rows: pd.DataFrame, value: NDArray[np.float64], waves: tuple[str, str], names: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return schools with a number at both ends, and the first row of every other school."""
    here = rows.assign(_value=value)
    first, second = (here[here["wave"] == wave].set_index("school_urn") for wave in waves)
    lead = first[names].assign(_before=first["_value"])
    both = lead.join(second["_value"].rename("_after"), how="left")
    pairs = both.dropna(subset=["_before", "_after"])
    once = here.drop_duplicates("school_urn").set_index("school_urn")
    return pairs, once.loc[~once.index.isin(pairs.index), names]


def _design(
    kept: pd.DataFrame, owner: NDArray, used: NDArray, covariates: list[str], start: float
) -> tuple[NDArray[np.float64], list[str]]:
    """Lay out one column per group, the centred start, and centred covariates."""
    import pandas as pd

    columns = [(owner == number).astype(np.float64) for number in used]
    columns.append(kept["_before"].to_numpy() - start)
    labels = ["before"]
    for name in covariates:
        values = kept[name]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            numbers = groups.require_numbers(values, step=_STEP)
            parts = {name: numbers}
        else:
            texts = values.astype("str").to_numpy()
            parts = {f"{name}: {word}": (texts == word).astype(np.float64)
                     for word in sorted(set(texts))[1:]}  # fmt: skip
        for label, numbers in parts.items():
            columns.append(numbers - (numbers.mean() if len(numbers) else 0.0))
            labels.append(label)
    return np.stack(columns, axis=1), labels


def _limits(limits: tuple[float, float] | None, value: NDArray[np.float64]) -> tuple[float, float]:
    """Read the ends of the scale, or take the least and greatest number seen."""
    if limits is None:
        known = value[~np.isnan(value)]
        return (float(known.min()), float(known.max())) if len(known) else (np.nan, np.nan)
    pair = limits if isinstance(limits, tuple | list) else ()
    numbers = all(checks.is_number(end) for end in pair)
    if len(pair) != 2 or not numbers or not pair[0] < pair[1]:
        raise BadArgumentError(
            f"{_STEP}: limits must be the lower and the upper end of the scale.",
            found=checks.said(limits),
            hint="limits=(0, 8)",
        )
    return float(limits[0]), float(limits[1])


def _describe(
    table: pd.DataFrame,
    kept: pd.DataFrame,
    owner: NDArray,
    n_lost: NDArray,
    limits: tuple[float, float],
) -> None:
    """Add counts and means as they are to one row per group."""
    first, second = kept["_before"].to_numpy(), kept["_after"].to_numpy()
    n = np.bincount(owner, minlength=len(table))
    table["n_pairs"], table["n_unmatched"] = n, n_lost
    for name, end in zip(("n_at_floor", "n_at_ceiling"), limits, strict=True):
        table[name] = np.bincount(owner[first == end], minlength=len(table))
    for name, values in (("mean_before", first), ("mean_after", second)):
        table[name] = groups.ratio(np.bincount(owner, values, minlength=len(table)), n)
    table["change"] = table["mean_after"] - table["mean_before"]


def _add_adjusted(
    table: pd.DataFrame, fit: Fit, used: NDArray, start: float, confidence: float
) -> None:
    """Add each group's change at the common start."""
    change, error = (np.full(len(table), np.nan) for _ in range(2))
    change[used] = fit.beta[: len(used)] - start
    error[used] = np.sqrt(np.diag(fit.cover)[: len(used)])
    table["adjusted_change"], table["std_error"] = change, error
    table["df"] = np.where(np.isnan(error), np.nan, fit.freedom)
    table["low"], table["high"] = intervals.t_interval(
        change, error, table["df"], confidence=confidence
    )
    table["p"] = p_of(change, error, fit.freedom)


def _terms(fit: Fit, used: list[str], labels: list[str], confidence: float) -> pd.DataFrame:
    """List the coefficients: groups against the first, the slope, the covariates."""
    import pandas as pd

    k, width = len(used), len(fit.beta)
    turn = np.eye(width)
    turn[1:k, 0] = -1
    estimate, cover = turn @ fit.beta, turn @ fit.cover @ turn.T
    error = np.sqrt(np.diag(cover))
    low, high = intervals.t_interval(estimate, error, fit.freedom, confidence=confidence)
    names = [f"{each} less {used[0]}" for each in used[1:]] + labels
    return pd.DataFrame(
        {
            "term": names,
            "estimate": estimate[min(k, 1) :],
            "std_error": error[min(k, 1) :],
            "df": fit.freedom,
            "low": low[min(k, 1) :],
            "high": high[min(k, 1) :],
            "p": p_of(estimate, error, fit.freedom)[min(k, 1) :],
        }
    )


def _label(row: pd.Series, names: list[str]) -> str:
    return ", ".join(str(row[name]) for name in names) or "all"
