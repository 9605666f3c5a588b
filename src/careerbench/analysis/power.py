"""How small an effect a number of schools can show, before the study begins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.analysis.designs import (
    BeforeAfter,
    ClusterTrial,
    Design,
    MultisiteTrial,
    SchoolsBeforeAfter,
)
from careerbench.analysis.mcnemar_power import mcnemar_power
from careerbench.analysis.planning_results import Planning
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TOO_FEW = "too few schools"
_NO_ERROR = "this design leaves nothing to chance"
_OUT_OF_REACH = "not within reach of any change"


def power(
    design: Design,
    *,
    effect: float,
    share_before: float | None = None,
    n_schools: Iterable[int] | None = None,
    significance: float = 0.05,
    two_sided: bool = True,
    mid_p: bool = False,
) -> Planning:
    """Say how likely a study is to show an effect of a given size.

    Parameters
    ----------
    design : ClusterTrial, MultisiteTrial, BeforeAfter or SchoolsBeforeAfter
        How the study is laid out.
    effect : float
        The effect to be shown: in standard deviations of pupils; as a difference of shares
        (proportions) where ``share_before`` is given; for ``SchoolsBeforeAfter`` the net change
        in the share of schools achieving.
    share_before : float, optional
        For an outcome of yes or no: the share of the comparison arm, or at the start.
    n_schools : iterable of int, optional
        Other numbers of schools to try, a row for each. Default: that of the design.
    significance : float, default 0.05
        Level of the test, in (0, 1).
    two_sided : bool, default True
        Whether the test looks both ways.
    mid_p : bool, default False
        For ``SchoolsBeforeAfter``: McNemar's mid-p test in place of the exact one.

    Returns
    -------
    Planning
        One row per number of schools: ``effect``, ``power`` (0 to 1), ``std_error``, ``df``, and
        why there is no answer (``planning_reason``).

    Raises
    ------
    BadArgumentError
        If the design, or a number, cannot be.

    Notes
    -----
    Cluster and multisite trials follow Dong and Maynard [1]_ as R's PowerUpR has them
    (``power.cra2``, ``power.bira2``): a noncentral t. Unequal schools multiply the part between
    schools by ``1 + size_cv**2`` [2]_. Before and after follows Feldman and McKinlay [3]_. For
    shares each arm has the variance ``share * (1 - share)``. The power of McNemar's test is
    added up over all that can happen, with nothing approximated.

    References
    ----------
    .. [1] Dong, N. and Maynard, R. (2013). J. Research on Educational Effectiveness, 6, 24-67.
    .. [2] Eldridge, S. M., Ashby, D. and Kerry, S. (2006). Int. J. Epidemiology, 35, 1292-1300.
    .. [3] Feldman, H. A. and McKinlay, S. M. (1994). Statistics in Medicine, 13, 61-78.

    Examples
    --------
    >>> trial = ClusterTrial(n_schools=20, pupils_per_school=4, icc=0.2)
    >>> planned = power(trial, effect=0.5, n_schools=[20, 40]).to_frame()
    >>> planned[["n_schools", "df", "power"]].round(3)
       n_schools  df  power
    0         20  18  0.387
    1         40  38  0.683
    """
    step = "power"
    designs = _designs(design, n_schools, significance, two_sided=two_sided, mid_p=mid_p, step=step)
    _require_number(effect, name="effect", step=step)
    _check_share(design, share_before, step=step)
    rows = []
    for one in designs:
        if isinstance(one, SchoolsBeforeAfter):
            gained = effect + one.share_lost
            _require_shares(gained, one.share_lost, step=step)
            found = mcnemar_power(one.n_schools, gained, one.share_lost, significance,
                                  two_sided=two_sided, mid_p=mid_p)  # fmt: skip
            rows.append(_row(one, effect, found))
            continue
        error = _error_of(one, share_before, step=step)(effect)
        if error == 0:
            rows.append({**_row(one, effect, math.nan, error), "planning_reason": _NO_ERROR})
            continue
        found = _t_power(effect / error, one.freedom, significance, two_sided=two_sided)  # type: ignore[attr-defined]
        rows.append(_row(one, effect, found, error))
    return _planning(rows, design, share_before, significance, two_sided=two_sided, mid_p=mid_p)


def minimum_detectable_effect(
    design: Design,
    *,
    power: float = 0.8,
    share_before: float | None = None,
    n_schools: Iterable[int] | None = None,
    significance: float = 0.05,
    two_sided: bool = True,
    mid_p: bool = False,
) -> Planning:
    """Say how small an effect this many schools can show.

    Parameters
    ----------
    design, share_before, n_schools, significance, two_sided, mid_p
        As for :func:`power`.
    power : float, default 0.8
        How likely the effect is to be shown, in (0, 1).

    Returns
    -------
    Planning
        As for :func:`power`. ``effect`` is the smallest that will do: in standard deviations, as
        a rise of the share, or as a net gain of schools achieving.

    Raises
    ------
    BadArgumentError
        If the design, or a number, cannot be.

    Notes
    -----
    The standard error times the sum of two quantiles of Student's t [1]_, as R's PowerUpR has it
    (``mdes.cra2``, ``mdes.bira2``); for shares the effect at which the two meet. The power of a
    noncentral t at that effect is a little off ``power`` with few schools. For
    ``SchoolsBeforeAfter`` it is exact.

    References
    ----------
    .. [1] Bloom, H. S. (1995). Evaluation Review, 19, 547-556.

    Examples
    --------
    >>> schools = SchoolsBeforeAfter(n_schools=40, share_lost=0.05)
    >>> minimum_detectable_effect(schools, n_schools=[10, 20, 40]).to_frame()[
    ...     ["n_schools", "effect"]].round(2)
       n_schools  effect
    0         10    0.77
    1         20    0.46
    2         40    0.27
    """
    step = "minimum_detectable_effect"
    designs = _designs(design, n_schools, significance, two_sided=two_sided, mid_p=mid_p, step=step)
    checks.require_between(power, 0, 1, name="power", step=step)
    _check_share(design, share_before, step=step)
    rows = []
    for one in designs:
        if isinstance(one, SchoolsBeforeAfter):
            found = _smallest_gain(one, power, significance, two_sided=two_sided, mid_p=mid_p)
            rows.append(_row(one, found, power))
            continue
        error = _error_of(one, share_before, step=step)
        factor = _multiplier(power, one.freedom, significance, two_sided=two_sided)  # type: ignore[attr-defined]
        found = _meeting(factor, error, share_before)
        rows.append(_row(one, found, power, error(0.0 if math.isnan(found) else found)))
    return _planning(rows, design, share_before, significance, two_sided=two_sided, mid_p=mid_p)


def _designs(
    design: Design,
    n_schools: Iterable[int] | None,
    significance: float,
    *,
    two_sided: bool,
    mid_p: bool,
    step: str,
) -> list[Design]:
    """Check the design, and write it out for each number of schools."""
    known = (ClusterTrial, MultisiteTrial, BeforeAfter, SchoolsBeforeAfter)
    if not isinstance(design, known):
        raise BadArgumentError(
            f"{step}: design must say how the study is laid out.",
            found=type(design).__name__,
            hint="ClusterTrial(n_schools=40, pupils_per_school=25, icc=0.15)",
        )
    checks.require_between(significance, 0, 1, name="significance", step=step)
    for name, value in (("two_sided", two_sided), ("mid_p", mid_p)):
        checks.require_truth(value, name=name, step=step)
    if n_schools is None:
        return [design]
    numbers = checks.require_several(
        n_schools, name="n_schools", step=step, hint="n_schools=[10, 20, 40, 70]"
    )
    if not numbers:
        raise BadArgumentError(
            f"{step}: n_schools must name at least one number of schools.",
            found=repr(n_schools),
            hint="n_schools=[10, 20, 40, 70]",
        )
    return [design.with_schools(number) for number in numbers]


def _check_share(design: Design, share_before: float | None, *, step: str) -> None:
    """Refuse a share where there is no place for one."""
    if share_before is None:
        return
    checks.require_between(share_before, 0, 1, name="share_before", step=step)
    if isinstance(design, MultisiteTrial | SchoolsBeforeAfter):
        raise BadArgumentError(
            f"{step}: {type(design).__name__} takes no share_before.",
            found=f"share_before={share_before}",
            hint="ClusterTrial or BeforeAfter for shares of pupils",
        )


def _error_of(design: Design, share_before: float | None, *, step: str) -> Callable[[float], float]:
    """Return the standard error as it depends on the effect."""
    if share_before is None or isinstance(design, MultisiteTrial):
        return lambda _: float(design.error())  # type: ignore[attr-defined]

    def error(effect: float) -> float:
        after = share_before + effect
        _require_shares(after, share_before, step=step)
        both = (share * (1 - share) for share in (share_before, after))
        return float(design.error(*both))  # type: ignore[attr-defined]

    return error


def _multiplier(power: float, freedom: int, significance: float, *, two_sided: bool) -> float:
    """Return how many standard errors an effect must be."""
    from scipy.special import stdtrit

    if freedom < 1:
        return math.nan
    tail = significance / 2 if two_sided else significance
    return float(stdtrit(freedom, 1 - tail) + stdtrit(freedom, power))


def _t_power(noncentral: float, freedom: int, significance: float, *, two_sided: bool) -> float:
    """Return the power of a t test."""
    from scipy.special import stdtrit

    if freedom < 1:
        return math.nan
    edge = float(stdtrit(freedom, 1 - (significance / 2 if two_sided else significance)))
    above = 1 - _noncentral_t(edge, freedom, noncentral)
    return above + _noncentral_t(-edge, freedom, noncentral) if two_sided else above


def _noncentral_t(edge: float, freedom: int, noncentral: float) -> float:
    """Return how likely a noncentral t is below an edge; scipy's own fails in the far tail."""
    from scipy.special import ndtr
    from scipy.stats import chi

    low, high = chi.ppf(1e-15, freedom), chi.isf(1e-15, freedom)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    spread = low + (high - low) * (nodes + 1) / 2
    density = weights * (high - low) / 2 * chi.pdf(spread, freedom)
    return float(density @ ndtr(edge * spread / math.sqrt(freedom) - noncentral))


def _meeting(factor: float, error: Callable[[float], float], share_before: float | None) -> float:
    """Find the effect that is as many standard errors as it needs to be."""
    from scipy.optimize import brentq

    if share_before is None or math.isnan(factor):
        return factor * error(0.0)
    top = 1 - share_before
    if factor * error(top) > top:
        return math.nan
    return float(brentq(lambda effect: effect - factor * error(effect), 0.0, top, xtol=1e-13))


def _smallest_gain(
    design: SchoolsBeforeAfter, power: float, significance: float, *, two_sided: bool, mid_p: bool
) -> float:
    """Find the net gain at which McNemar's test has the power asked for."""
    from scipy.optimize import brentq

    def short(gained: float) -> float:
        found = mcnemar_power(design.n_schools, gained, design.share_lost, significance,
                              two_sided=two_sided, mid_p=mid_p)  # fmt: skip
        return found - power

    low, top = design.share_lost, 1 - design.share_lost
    if short(top) < 0:
        return math.nan
    if short(low) > 0:
        return 0.0
    return float(brentq(short, low, top, xtol=1e-13)) - design.share_lost


def _row(design: Design, effect: float, power: float, error: float = math.nan) -> dict[str, object]:
    """Lay one answer out."""
    freedom = getattr(design, "freedom", None)
    reason = None
    if math.isnan(effect) or math.isnan(power):
        reason = _TOO_FEW if freedom is not None and freedom < 1 else _OUT_OF_REACH
    return {
        "n_schools": design.n_schools, "pupils_per_school": design.pupils,
        "df": freedom if freedom is None or freedom > 0 else None, "std_error": error,
        "effect": effect, "power": power, "planning_reason": reason,
    }  # fmt: skip


def _planning(
    rows: list[dict[str, object]], design: Design, share_before: float | None,
    significance: float, *, two_sided: bool, mid_p: bool,
) -> Planning:  # fmt: skip
    import pandas as pd

    table = pd.DataFrame(rows).astype({"df": "Int64", "planning_reason": "str"})
    return Planning(
        table, design=design, share_before=share_before, significance=significance,
        two_sided=two_sided, mid_p=mid_p,
    )  # fmt: skip


def _require_number(value: float, *, name: str, step: str) -> None:
    if not checks.is_number(value) or abs(value) > groups.LARGEST:
        raise BadArgumentError(
            f"{step}: {name} must be a number.", found=checks.said(value), hint=f"{name}=0.25"
        )


def _require_shares(first: float, second: float, *, step: str) -> None:
    """Refuse an effect that takes a share out of 0 to 1."""
    if not (-1e-12 <= first <= 1 + 1e-12 and 0 <= second <= 1):
        raise BadArgumentError(
            f"{step}: effect takes a share out of 0 to 1.",
            found=f"a share of {first:.3g}",
            hint="effect as a difference of proportions, such as 0.15",
        )
