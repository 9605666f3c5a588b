"""Which schools differ by more than chance, given how many pupils each has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.fair_results import Funnel
from careerbench.analysis.school_counts import Counted, read_counts
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

WITHIN = "within the limits: no more different from the target than chance allows"
WATCH = "outside 95% only: one school in 20 is, by chance alone"
_FAR = "{} the 99.8% limits: worth asking why, first of the data"


def funnel(
    data: pd.DataFrame,
    *,
    numerator: str,
    denominator: str,
    school: str = "school_urn",
    target: float | None = None,
    adjustment: str = "additive",
    trim: float = 0.1,
) -> Funnel:
    """Set each school's share against limits that allow for its size.

    Parameters
    ----------
    data : DataFrame
        One row per school: its number and two counts.
    numerator, denominator : str
        Columns of the counts: pupils (or items) that did, and all.
    school : str, default "school_urn"
        Column that names the schools.
    target : float, optional
        The share to compare with, in (0, 1). Default: that of all schools taken together.
    adjustment : {"additive", "multiplicative", "none"}
        How over-dispersion widens the ``od_`` limits, where there is any (``phi`` above 1): by a
        variance between schools, by the root of ``phi``, or not at all.
    trim : float, default 0.1
        Share of schools at each end whose z-scores are pulled in (Winsorised) before ``phi``.

    Returns
    -------
    Funnel
        One row per school, in the order given: ``share``, exact limits at 95% and 99.8%
        (``low_95`` to ``high_998``), limits widened for over-dispersion (``od_low_95`` ...),
        ``z``, ``z_adjusted`` and a ``verdict`` in words by the widened limits. ``target``,
        ``phi`` and ``tau2`` stand on the record. ``share_reason`` says why a school is not
        compared.

    Raises
    ------
    MissingColumnsError, TableProblemsError
        If a column is missing, counts are text, negative, no whole numbers, or the numerator is
        above the denominator; if a school is there twice.
    BadArgumentError
        If an option is not known, no school has a denominator, or all schools together have
        none or all and no ``target`` is given.

    Notes
    -----
    Exact limits are binomial quantiles with interpolation [1]_. ``z`` is taken on the scale of
    the arcsine of the root of the share; ``phi`` is the mean of the squared, Winsorised z;
    ``tau2`` is the variance between schools that follows from it (method of moments) [2]_; the
    widened limits come back from that scale. This is what R's FunnelPlotR does with
    ``data_type = "PR"``, save that a limit that would leave 0 to 1 on that scale stops there.
    With multiplicative adjustment limits are ``sqrt(phi)`` times as far. ``phi`` below 1 is
    taken as 1. A school without a denominator is counted and compared with nothing.

    References
    ----------
    .. [1] Spiegelhalter, D. J. (2005). Statistics in Medicine, 24, 1185-1202, appendix A.1.1.
    .. [2] Spiegelhalter, D. J., Sherlaw-Johnson, C., Bardsley, M., Blunt, I., Wood, C. and
       Grigg, O. (2012). J. Royal Statistical Society A, 175(1), 1-47.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"met": [12, 30, 50], "asked": [82, 98, 125]})
    >>> counts = counts.assign(school_urn=list("abc"))
    >>> found = funnel(counts, numerator="met", denominator="asked")
    >>> found.to_frame()[["school_urn", "share", "low_95", "high_95", "z"]].round(2)
      school_urn  share  low_95  high_95     z
    0          a   0.15    0.20     0.40 -3.42
    1          b   0.31    0.21     0.39  0.10
    2          c   0.40    0.22     0.38  2.31
    """
    step = "funnel"
    options = ("additive", "multiplicative", "none")
    checks.require_one_of(adjustment, options, name="adjustment", step=step)
    if not (checks.is_number(trim) and trim == 0):
        checks.require_between(trim, 0, 0.5, name="trim", step=step)
    counted = read_counts(data, numerator, denominator, school, step=step)
    goal = _target(counted, target, step=step)
    z, error = z_scores(counted, goal)
    phi = dispersion(z, trim)
    tau2 = between_variance(phi, error)
    n_winsorised = int(np.sum(_winsorised(z, trim)[1]))
    table = data[[school]].reset_index(drop=True)
    table["numerator"], table["denominator"] = counted.part, counted.whole
    table["share"], table["share_reason"] = counted.share, _texts(counted.reason)
    added = tau2 if adjustment == "additive" else 0.0
    factor = phi if adjustment == "multiplicative" and phi > 1 else 1.0
    found = Funnel(
        table, target=goal, phi=phi, tau2=tau2, adjustment=adjustment, trim=float(trim),
        n_winsorised=n_winsorised, target_given=target is not None,
    )  # fmt: skip
    limits = found.limits(np.where(counted.there, counted.whole, 0))
    for name in limits.columns.drop("denominator"):
        table[name] = limits[name]
    table["z"], table["z_adjusted"] = z, z * error / np.sqrt((error**2 + added) * factor)
    table["verdict"] = _verdicts(table)
    return found


def z_scores(counted: Counted, target: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far each school is from the target in standard errors, and these errors."""
    size = np.where(counted.there, counted.whole, np.nan)
    error = 1 / (2 * np.sqrt(size))
    return (np.arcsin(np.sqrt(counted.share)) - np.arcsin(np.sqrt(target))) / error, error


def dispersion(z: NDArray, trim: float) -> float:
    """Return phi: the mean of the squared z-scores, Winsorised; missing for one school."""
    there = z[~np.isnan(z)]
    return float(np.mean(_winsorised(there, trim)[0] ** 2)) if len(there) > 1 else float("nan")


def between_variance(phi: float, error: NDArray) -> float:
    """Return tau squared: the variance between schools that phi points to; 0 where none."""
    weight = 1 / error[~np.isnan(error)] ** 2
    n = len(weight)
    if n < 2 or n * phi < n - 1:
        return 0.0
    return float(max(0.0, (n * phi - (n - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())))


def _winsorised(z: NDArray, trim: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Pull in the ends, and say which were pulled."""
    there = z[~np.isnan(z)]
    if not len(there):
        return z, np.zeros(len(z), dtype=bool)
    low, high = np.quantile(there, [trim, 1 - trim])
    return np.clip(z, low, high), (z < low) | (z > high)


def _target(counted: Counted, target: float | None, *, step: str) -> float:
    """Take the share to compare with, or that of all schools together."""
    if not counted.there.any():
        raise BadArgumentError(
            f"{step}: no school has both counts and a denominator above 0.",
            found=f"{len(counted.reason)} rows",
            hint="a table with at least one school to compare",
        )
    if target is not None:
        checks.require_between(target, 0, 1, name="target", step=step)
        return float(target)
    if counted.there.sum() < 2:
        raise BadArgumentError(
            f"{step}: one school cannot be compared with itself.",
            found="1 school with counts",
            hint="more schools, or target= the share to compare it with",
        )
    share = counted.part[counted.there].sum() / counted.whole[counted.there].sum()
    if not 0 < share < 1:
        raise BadArgumentError(
            f"{step}: all schools together have {'none' if share == 0 else 'all'}, so none "
            "differs from another.",
            found=f"{int(counted.part[counted.there].sum())} of "
            f"{int(counted.whole[counted.there].sum())}",
            hint="target= a share to compare them with",
        )
    return float(share)


def _verdicts(table: pd.DataFrame) -> object:
    """Say in words where each school lies."""
    import pandas as pd

    share = table["share"]
    conditions = [
        share.isna(),
        share > table["od_high_998"],
        share < table["od_low_998"],
        (share > table["od_high_95"]) | (share < table["od_low_95"]),
    ]
    words = ["not compared: no counts", _FAR.format("above"), _FAR.format("below"), WATCH]
    return pd.array(np.select(conditions, words, default=WITHIN), dtype="str")


def _texts(reason: NDArray[np.object_]) -> object:
    import pandas as pd

    return pd.array(reason, dtype="str")
