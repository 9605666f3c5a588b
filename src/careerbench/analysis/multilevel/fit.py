"""Pupils in schools: fit a multilevel model of a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.multilevel import likelihood
from careerbench.analysis.multilevel.design import STEP, read_design
from careerbench.analysis.multilevel.intercept import solve_intercept
from careerbench.analysis.multilevel.modes import as_given, require_free_name
from careerbench.analysis.multilevel.results import MultilevelFit
from careerbench.analysis.multilevel.slope import solve_slope
from careerbench.analysis.multilevel.sums import school_sums

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.design import Design
    from careerbench.analysis.multilevel.sums import SchoolSums

_METHODS = ("reml", "ml")
_ERRORS = ("cr2", "model")
_SINGULAR = 1e-4


def fit_multilevel(
    formula: str,
    *,
    group: str,
    data: pd.DataFrame,
    method: str = "reml",
    slope: str | None = None,
    std_errors: str = "cr2",
    confidence: float = 0.95,
) -> MultilevelFit:
    """Fit a linear model of pupils in schools, with a random intercept and at most one slope.

    Parameters
    ----------
    formula : str
        Outcome and fixed effects, as in ``"score ~ arm + pretest"``, read by formulaic: ``:``
        and ``*`` for interactions, ``C(arm, contr.treatment('control'))`` for a reference,
        functions such as ``log``, ``center`` and ``poly``. Random effects are not written here.
    group : str
        Column that names each pupil's school, such as ``"school_urn"``.
    data : DataFrame
        One row per pupil. Text and categories are taken as categorical, with the first value (of
        the alphabet, or of the categories) as reference; truth values as 0 and 1.
    method : {"reml", "ml"}, default "reml"
        Restricted or full maximum likelihood. Compare models that differ in their fixed effects
        by ``"ml"``.
    slope : str, optional
        Column of numbers whose slope differs between schools, correlated with the intercept. It
        is usually in the formula too.
    std_errors : {"cr2", "model"}, default "cr2"
        What ``std_error``, ``df``, ``low``, ``high`` and ``p`` rest on. ``"cr2"`` holds where
        pupils' variances or correlations are not as the model says, and is made for few schools;
        ``"model"`` trusts the model. The table has both.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    MultilevelFit
        One row per term, named as formulaic does: ``Intercept``, ``pretest``,
        ``arm[T.treatment]``, ``arm[T.treatment]:pretest``. Besides: ``variance``, ``icc``,
        ``log_likelihood``, ``aic``, ``bic``, ``modes``, ``singular`` and ``profile()``.

    Raises
    ------
    MissingColumnsError
        If the table lacks a column of the model.
    BadArgumentError
        If the formula cannot be read, or an argument has a value it cannot have.
    TableProblemsError
        If the data cannot tell what the model asks: one school, one pupil per school, an outcome
        that does not differ, terms of which one says what others say, an arm with no other,
        text or infinite values where numbers belong.

    Notes
    -----
    Rows with a missing value in any column of the model, or with no school, are left out and
    counted in the notes. The likelihood is profiled down to the covariance of the random effects
    over the pupils' variance [1]_ and worked out from sums per school; the tables that take
    longer than the fit are worked out when they are first read. For a random intercept a
    grid finds every peak and a bracketed root settles it, so that a fit on the boundary (schools
    do not differ) is found as such. ``log_likelihood``, ``aic`` and ``bic`` are in R's
    convention (``logLik(lmer(...))``): with ``"reml"`` the restricted likelihood, all parameters
    counted, all rows in ``bic``. CR2 errors and their degrees of freedom are those of R's
    clubSandwich [2]_, model-based ones those of lmerTest [3]_.

    References
    ----------
    .. [1] Bates, D., Maechler, M., Bolker, B. and Walker, S. (2015). J. Statistical Software,
       67(1), 1-48.
    .. [2] Pustejovsky, J. E. and Tipton, E. (2018). J. Business and Economic Statistics, 36(4),
       672-683.
    .. [3] Kuznetsova, A., Brockhoff, P. B. and Christensen, R. H. B. (2017). J. Statistical
       Software, 82(13), 1-26.

    Examples
    --------
    >>> import pandas as pd
    >>> pupils = pd.DataFrame({
    ...     "school_urn": list("aaabbbcccddd"),
    ...     "arm": ["control"] * 6 + ["programme"] * 6,
    ...     "score": [3.0, 4.0, 5.0, 4.0, 6.0, 5.0, 7.0, 6.0, 8.0, 5.0, 6.0, 7.0],
    ... })
    >>> fit = fit_multilevel("score ~ arm", group="school_urn", data=pupils)
    >>> fit.fixed[["term", "estimate", "std_error", "df"]].round(3)
                     term  estimate  std_error   df
    0           Intercept       4.5      0.500  1.0
    1  arm[T.programme]       2.0      0.707  2.0
    >>> {name: round(value, 3) for name, value in fit.variance.items()}, round(fit.icc, 3)
    ({'between': 0.167, 'within': 1.0}, 0.143)
    """
    checks.require_one_of(method, _METHODS, name="method", step=STEP)
    checks.require_one_of(std_errors, _ERRORS, name="std_errors", step=STEP)
    checks.require_between(confidence, 0, 1, name="confidence", step=STEP)
    require_free_name(group)
    design = read_design(formula, group=group, data=data, slope=slope)
    sums = school_sums(design)
    reml = method == "reml"
    kernel, theta = _solve(design, sums, reml=reml)
    point = kernel.at(theta)
    found = likelihood.log_likelihood(point, sums, reml=reml)
    n_parameters = sums.n_terms + len(theta) + 1
    return MultilevelFit(
        formula=formula,
        group=group,
        slope=slope,
        method=method,
        std_errors=std_errors,
        confidence=confidence,
        variance=_variance(sums, theta, point, reml=reml),
        log_likelihood=found,
        aic=2 * n_parameters - 2 * found,
        bic=float(np.log(sums.n_rows)) * n_parameters - 2 * found,
        singular=bool((np.abs(theta[[0, -1]]) < _SINGULAR).any()),
        n_pupils=sums.n_rows,
        n_schools=len(sums.n),
        n_missing=design.n_missing,
        n_schools_missing=design.n_schools_missing,
        said=design.said,
        names=design.names,
        labels=design.labels,
        kernel=kernel,
        theta=theta,
    )


def _solve(
    design: Design, sums: SchoolSums, *, reml: bool
) -> tuple[likelihood.Kernel, NDArray[np.float64]]:
    """Find the best relative standard deviations."""
    if design.slope is None:
        plain = likelihood.InterceptKernel(sums)
        return plain, solve_intercept(plain, reml=reml)
    kernel = likelihood.SlopeKernel(sums)
    return kernel, solve_slope(kernel, _intercept_alone(design, reml=reml), reml=reml)


def _intercept_alone(design: Design, *, reml: bool) -> NDArray[np.float64]:
    """Fit without the slope, for a start and a comparison."""
    from dataclasses import replace

    plain = likelihood.InterceptKernel(school_sums(replace(design, slope=None)))
    return solve_intercept(plain, reml=reml)


def _variance(
    sums: SchoolSums, theta: NDArray[np.float64], point: likelihood.Point, *, reml: bool
) -> dict[str, float]:
    """Give the variances in squared units of the outcome."""
    within = sums.scale**2 * point.rss / likelihood.freedom(sums, reml=reml)
    if len(theta) == 1:
        return {"between": float(within * theta[0] ** 2), "within": float(within)}
    lower = as_given(sums) @ likelihood.lower_triangle(theta)
    spread = within * (lower @ lower.T)
    return {
        "between": float(spread[0, 0]),
        "within": float(within),
        "slope": float(spread[1, 1]),
        "covariance": float(spread[0, 1]),
    }
