"""Whether the items of a scale hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, jackknife
from careerbench.analysis.answers import Answers, check_answers, lay_out
from careerbench.analysis.one_factor import minres_loadings, omega_total
from careerbench.analysis.results import Reliability

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_COLUMNS = (
    "n_items", "n_respondents", "n_complete", "n_dropped", "n_schools", "n_turned",
    "alpha", "low", "high", "alpha_reason", "clustered_low", "clustered_high",
    "omega", "omega_low", "omega_high", "omega_reason", "clustered_reason",
)  # fmt: skip


def scale_reliability(
    answers: pd.DataFrame, *, by: str | Iterable[str] | None = None, confidence: float = 0.95
) -> Reliability:
    """Estimate Cronbach's alpha and McDonald's omega of a set of items.

    Parameters
    ----------
    answers : DataFrame
        One row per respondent and item: ``respondent``, ``item``, ``value`` (number, already
        reversed where the item is; missing where not answered); ``school_urn`` where codes
        of respondents may repeat between schools.
    by : str or list of str, optional
        Columns to take apart, such as ``["scale", "wave"]``.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    Reliability
        One row per group: alpha (at most 1, below 0 where items disagree) with Feldt's interval
        (``low``, ``high``) and one over schools (``clustered_low``, ``clustered_high``); omega
        total with its interval over schools; and why there is none where there is none
        (``alpha_reason``, ``omega_reason``, ``clustered_reason``). ``n_turned`` counts items that
        run against the others: they may want reversing.

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    TableProblemsError
        If values are text, or a respondent has an item twice in one group.

    Notes
    -----
    Only respondents who answered every item are used; the others are counted in ``n_dropped``.
    Feldt's interval [2]_ for alpha [1]_ takes respondents as independent, and is too narrow for
    pupils in schools. The others leave out one school at a time (jackknife of ``log(1 - alpha)``
    with Student's t on ``n_schools - 1`` degrees of freedom). Omega total [3]_ is that of one
    factor, fitted by minimum residuals to the correlations, as ``psych::omega(nfactors = 1)``
    has it, save that no item is turned round for you.

    References
    ----------
    .. [1] Cronbach, L. J. (1951). Psychometrika, 16(3), 297-334.
    .. [2] Feldt, L. S., Woodruff, D. J. and Salih, F. A. (1987). Applied Psychological
       Measurement, 11(1), 93-103.
    .. [3] McDonald, R. P. (1999). Test Theory: A Unified Treatment. Erlbaum.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({
    ...     "respondent": list("aabbcc"), "item": ["q1", "q2"] * 3, "value": [1, 2, 2, 2, 3, 4],
    ... })
    >>> found = scale_reliability(answers).to_frame()
    >>> found[["n_items", "n_complete", "n_dropped", "alpha"]].round(3)
       n_items  n_complete  n_dropped  alpha
    0        2           3          0  0.923
    """
    step = "scale_reliability"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    names = groups.free_names(by, (*_COLUMNS, "respondent", "item", "value"), step=step)
    values = check_answers(answers, names, step=step)
    group, table = groups.group_rows(answers, names)
    rows = []
    for number in range(len(table)):
        here = group == number
        rows.append(_row(lay_out(answers[here], values[here]), confidence))
    for column in _COLUMNS:
        table[column] = [row.get(column) for row in rows]
    return Reliability(table, confidence=confidence, by=tuple(names))


def alpha_of(covariances: NDArray) -> NDArray[np.float64]:
    """Compute Cronbach's alpha from the items' covariances, one matrix or a stack.

    Examples
    --------
    >>> float(alpha_of(np.array([[1.0, 0.5], [0.5, 1.0]])).round(4))
    0.6667
    """
    k = covariances.shape[-1]
    whole = covariances.sum(axis=(-2, -1))
    own = np.trace(covariances, axis1=-2, axis2=-1)
    return k / (k - 1) * (1 - own / np.where(whole > 0, whole, np.nan))


def _row(answers: Answers, confidence: float) -> dict[str, object]:
    """Return counts, coefficients, intervals and reasons of one group."""
    complete = answers.numbers[answers.complete]
    school = answers.school[answers.complete]
    n, k = complete.shape
    row: dict[str, object] = {
        "n_items": k, "n_respondents": len(answers.numbers), "n_complete": n,
        "n_dropped": len(answers.numbers) - n, "n_schools": answers.n_schools, "n_turned": 0,
        **dict.fromkeys((name for name in _COLUMNS if not name.startswith(("n_", "alpha_r"))),
                        np.nan),
        "alpha_reason": None, "omega_reason": None, "clustered_reason": None,
    }  # fmt: skip
    reason = _why_none(complete)
    if reason:
        return row | dict.fromkeys(("alpha_reason", "omega_reason", "clustered_reason"), reason)
    covariance = np.cov(complete, rowvar=False)
    alpha = _cronbach(complete)
    low, high = _feldt(alpha, n, k, confidence)
    row |= {"alpha": alpha, "low": low, "high": high}
    left_out = jackknife.covariances_without(complete, school)
    bounds, why = jackknife.bounds_below_one(alpha, alpha_of(left_out), school, confidence)
    row |= {"clustered_low": bounds[0], "clustered_high": bounds[1], "clustered_reason": why}
    return row | _omega(covariance, left_out, school, confidence)


def _omega(
    covariance: NDArray, left_out: NDArray, school: NDArray, confidence: float
) -> dict[str, object]:
    """Return omega, its interval over schools, and why there is none."""
    if len(covariance) < 3:
        return {"omega_reason": "two items"}
    if np.any(np.diag(covariance) <= 0):
        return {"omega_reason": "constant item"}
    correlation = _correlations(covariance)
    loadings = minres_loadings(correlation)
    if np.isnan(loadings).any():
        return {"omega_reason": "no factor found"}
    row: dict[str, object] = {"n_turned": int((loadings < 0).sum())}
    if np.any(loadings**2 >= 1):
        return row | {"omega_reason": "improper fit"}
    omega = float(omega_total(correlation, loadings))
    others = _correlations(left_out)
    without = omega_total(others, minres_loadings(others, start=loadings))
    (low, high), _ = jackknife.bounds_below_one(omega, without, school, confidence)
    return row | {"omega": omega, "omega_low": low, "omega_high": high}


def _why_none(complete: NDArray) -> str | None:
    """Say why there is no coefficient, if there is none."""
    if complete.shape[1] < 2:
        return "one item"
    if len(complete) < 2:
        return "too few complete"
    return "no spread" if np.ptp(complete.sum(axis=1)) == 0 else None


def _cronbach(complete: NDArray) -> float:
    """Estimate alpha by pingouin; its interval comes rounded and is not used."""
    import pandas as pd
    from pingouin import cronbach_alpha

    return float(cronbach_alpha(data=pd.DataFrame(complete))[0])


def _feldt(alpha: float, n: int, k: int, confidence: float) -> tuple[float, float]:
    """Bound alpha by Feldt's method, respondents taken as independent."""
    from scipy.stats import f

    tail = (1 - confidence) / 2
    quantiles = f.ppf([1 - tail, tail], n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - alpha) * quantiles
    return float(low), float(high)


def _correlations(covariances: NDArray) -> NDArray[np.float64]:
    """Turn covariances into correlations; missing where an item is constant."""
    variance = np.diagonal(covariances, axis1=-2, axis2=-1)
    scale = np.sqrt(np.where(variance > 0, variance, np.nan))
    return covariances / (scale[..., :, None] * scale[..., None, :])
