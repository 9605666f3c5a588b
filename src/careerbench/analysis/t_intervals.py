"""Student's t further on: shares on the log-odds scale, and changes with their test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.intervals import t_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_SLACK = 1e-12


def logit_interval(
    share: ArrayLike, error: ArrayLike, freedom: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound a share of clustered answers by Student's t on the log-odds scale.

    Between 0 and 1 by construction, and closer to its coverage than on the scale of the share
    itself when that is near an end; what R gives as ``svyciprop(method = "logit")`` with another
    error and its degrees of freedom. Missing where the share is 0 or 1.

    Examples
    --------
    >>> low, high = logit_interval(0.9, 0.05, 9)
    >>> round(float(low), 4), round(float(high), 4)
    (0.7192, 0.9693)
    """
    share = np.asarray(share, dtype=np.float64)
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    odds, variance = np.log(inside / (1 - inside)), inside * (1 - inside)
    error = np.asarray(error, dtype=np.float64) / variance
    low, high = t_interval(odds, error, freedom, confidence=confidence)
    return 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))


def change_facts(found: Sequence[float], *, confidence: float = 0.95) -> dict[str, object]:
    """Add interval and two-sided test to a change, or say why there is none.

    Parameters
    ----------
    found : sequence of three floats
        The change, its standard error and its degrees of freedom; missing where there are none.
    confidence : float, default 0.95
        Coverage, a proportion in (0, 1).

    Returns
    -------
    dict
        ``change``, ``std_error``, ``df``, ``low``, ``high``, ``p`` and ``reason``: None, or
        ``nobody``, ``too few schools`` or ``no spread``.

    Examples
    --------
    >>> round(change_facts((0.75, 0.25, 2.0))["p"], 6)  # R: 2 * pt(-3, 2)
    0.095466
    """
    from scipy.special import stdtr

    change, error, df = found
    reason = None
    if np.isnan(change):
        reason = "nobody"
    elif np.isnan(error) or not df > 0:
        reason = "too few schools"
    elif error <= _SLACK * max(1.0, abs(change)):
        reason = "no spread"
    if reason is not None:
        error = df = np.nan
    low, high = t_interval(change, error, df, confidence=confidence)
    p = np.nan if reason is not None else float(2 * stdtr(df, -abs(change / error)))
    facts = {"change": change, "std_error": error, "df": df, "low": float(low)}
    return facts | {"high": float(high), "p": p, "reason": reason}
