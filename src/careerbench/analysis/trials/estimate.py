"""How large the effect of a trial was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.intervals import t_interval
from careerbench.analysis.trials import effects, sums
from careerbench.analysis.trials.design import Trial, read_trial
from careerbench.analysis.trials.results import TrialEffect

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.trials.effects import Sizes
    from careerbench.analysis.trials.solver import Fits


def trial_effect(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    covariates: str | Iterable[str] | None = (),
    group: str | None = None,
    design: str = "cluster",
    control: object = None,
    confidence: float = 0.95,
    interval: str = "t",
) -> TrialEffect:
    """Size the effect of each arm of a trial, in each definition of an effect size.

    Parameters
    ----------
    data : DataFrame
        One row per pupil (or per school, design "simple"). Rows with a blank in a column used are
        left out and counted.
    outcome : str
        Column of numbers.
    arm : str
        Column with the arm of each row.
    covariates : str or list of str, optional
        Columns to adjust for. Words and categories become one column per level but the first.
    group : str, optional
        Column that names the school; needed unless the design is "simple".
    design : {"cluster", "multisite", "simple"}
        Whole schools assigned; pupils assigned within schools; or independent rows: one row per
        school, or pupils assigned one by one within one school.
    control : value of ``arm``, optional
        The arm the others are compared with; by default the first: least number, first word in
        the alphabet, first category.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).
    interval : {"t", "normal"}
        Student's t, or the normal distribution as in the published formulas and in eefAnalytics.

    Returns
    -------
    TrialEffect
        One row per arm and definition: ``arm``, ``denominator`` (within, total), ``variance``
        (conditional, unconditional), ``estimate`` in standard deviations, ``std_error``, ``df``,
        ``low``, ``high``, ``difference`` in points of the outcome, ``sd`` (their ratio is the
        estimate, but for the small-sample factor of the simple design) and counts. ``models``
        holds the variances of both models.

    Raises
    ------
    MissingColumnsError
        If ``data`` lacks a column.
    TableProblemsError
        If the table does not fit the design, or nothing is left to tell chance by.
    BadArgumentError
        If an argument has no such value.

    Notes
    -----
    *Conditional* variances come from the model with arms and covariates, *unconditional* ones
    from the model with neither (intercept and schools only). In a cluster trial the model has a
    random intercept; ``within`` divides by the standard deviation within schools, ``total`` by
    that of all pupils, multiplied by the cluster-size factor, and standard errors are those of
    Hedges [1]_ for schools of unequal size with the variances of the model put in, as in
    eefAnalytics [2]_. In a multisite trial the model has a random intercept and a random effect
    of every arm, with their covariance; the conditional total variance is that of a pupil,
    averaged over the arms, and standard errors weigh the schools with both arms, as in [2]_.
    Models are fitted by restricted maximum likelihood, to the same optimum as lme4 when its
    tolerance is made tight.

    What is not as in eefAnalytics: nothing is rounded; intervals use Student's t with the number
    of schools less the number of columns that do not vary within schools (cluster), rows less
    columns (simple), or Satterthwaite's mixture of the two sources of error (multisite: schools
    with both arms less one for the effect's own variance, pupils less two per such school for
    the variance within) as degrees of freedom, because
    the normal distribution is too narrow for ten or twenty schools; with three arms each is
    compared with the control only, where eefAnalytics counts the other arms as controls; and
    unconditional standard errors of a multisite trial are those of a multisite trial, where
    eefAnalytics uses those of a cluster trial.

    References
    ----------
    .. [1] Hedges, L. V. (2007). J. Educational and Behavioral Statistics, 32(4), 341-370.
    .. [2] Uwimpuhwe, G. and others (2025). eefAnalytics 1.1.5, R package.

    Examples
    --------
    >>> import pandas as pd
    >>> pupils = pd.DataFrame({
    ...     "school_urn": list("aaabbbcccddd"), "arm": ["control"] * 6 + ["programme"] * 6,
    ...     "score": [3, 5, 4, 6, 7, 4, 6, 8, 7, 7, 9, 8],
    ... })
    >>> found = trial_effect(pupils, outcome="score", arm="arm", group="school_urn")
    >>> found.to_frame()[["arm", "denominator", "variance", "estimate"]].round(2)
             arm denominator       variance  estimate
    0  programme      within    conditional      2.31
    1  programme       total    conditional      1.86
    2  programme      within  unconditional      2.31
    3  programme       total  unconditional      1.16
    """
    step = "trial_effect"
    check_options(confidence, interval, step=step)
    trial = read_trial(
        data,
        outcome=outcome,
        arm=arm,
        covariates=covariates,
        group=group,
        design=design,
        control=control,
        step=step,
    )
    base = sums.base_of(trial)
    sizes = effects.estimate(trial, base.cells)
    table = effect_table(trial, base.cells, sizes)
    df = table["df"] if interval == "t" else np.full(len(table), np.inf)
    table["low"], table["high"] = t_interval(
        table["estimate"], table["std_error"], df, confidence=confidence
    )
    return TrialEffect(
        ordered(table),
        confidence=confidence,
        interval=interval,
        **described(trial, sizes, outcome=outcome, arm=arm, covariates=covariates, group=group),
    )


def check_options(confidence: float, interval: str, *, step: str) -> None:
    """Refuse a coverage or a kind of interval that is none."""
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    checks.require_one_of(interval, ("t", "normal"), name="interval", step=step)


def described(
    trial: Trial,
    sizes: Sizes,
    *,
    outcome: str,
    arm: str,
    covariates: str | Iterable[str] | None,
    group: str | None,
) -> dict:
    """Gather what every result on a trial says of it."""
    return {
        "outcome": str(outcome),
        "arm": str(arm),
        "control": trial.arms[0],
        "covariates": tuple(checks.as_names(covariates)),
        "group": group,
        "design": trial.design,
        "n_schools": trial.n_schools,
        "n_pupils": trial.n_pupils,
        "missing": trial.missing,
        "unused": trial.unused,
        "n_dropped": trial.n_rows - trial.n_pupils,
        "models": models_table(trial, sizes),
    }


def effect_table(trial: Trial, cells: sums.Cells, sizes: Sizes) -> pd.DataFrame:
    """Lay the estimates of the trial itself out, one row per arm and definition."""
    import pandas as pd

    from careerbench.errors import TableProblemsError

    reason = sizes.reason[0]
    if reason:
        raise TableProblemsError(
            f"{trial.step}: the model has no estimate: {reason}.",
            found=f"{trial.n_pupils} rows in {trial.n_schools} schools",
            hint="an outcome that differs between pupils of one school, and fewer covariates",
        )
    kinds = effects.definitions(trial.design)
    arms = list(trial.arms[1:])
    n_schools, n_pupils = cells.arm_sums(0)[0].astype(int), cells.arm_sums(1)[0].astype(int)
    if trial.design == "simple" and trial.n_schools == 1:
        n_schools = np.ones(trial.n_arms, dtype=int)
    difference = sizes.conditional.effect[0] * trial.outcome_scale
    return pd.DataFrame(
        {
            "arm": [label for label in arms for _ in kinds],
            "denominator": [kind[0] for kind in kinds] * len(arms),
            "variance": [kind[1] for kind in kinds] * len(arms),
            "estimate": sizes.estimate[0].ravel(),
            "std_error": sizes.error[0].ravel(),
            "df": np.repeat(degrees_of_freedom(trial, cells, sizes), len(kinds)),
            "difference": np.repeat(difference, len(kinds)),
            "sd": (sizes.sd[0] * trial.outcome_scale).ravel(),
            "n_schools": np.repeat(n_schools[1:], len(kinds)),
            "n_schools_control": n_schools[0],
            "n_pupils": np.repeat(n_pupils[1:], len(kinds)),
            "n_pupils_control": n_pupils[0],
        }
    )


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Put the interval beside the estimate."""
    first = ["arm", "denominator", "variance", "estimate", "low", "high", "std_error"]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def degrees_of_freedom(trial: Trial, cells: sums.Cells, sizes: Sizes) -> NDArray[np.float64]:
    """Give the degrees of freedom of each arm's effect."""
    if trial.design == "multisite":
        return effects.multisite_freedom(sizes.conditional, cells)
    if trial.design == "simple":
        left = trial.n_pupils - trial.n_arms - len(trial.names)
    else:
        left = trial.n_schools - trial.n_arms - trial.n_school_columns
    return np.full(trial.n_arms - 1, float(left))


def models_table(trial: Trial, sizes: Sizes) -> pd.DataFrame:
    """Lay out the variances of the conditional and the unconditional model."""
    import pandas as pd

    scale = trial.outcome_scale**2
    covariates = 2 * np.log(trial.scales[:-1]).sum()
    rows = []
    for name, fits, n_columns, shift in (
        ("conditional", sizes.conditional, trial.n_arms + len(trial.names), covariates),
        ("unconditional", sizes.empty, 1, 0.0),
    ):
        within, between = float(fits.within[0]) * scale, fits.between[0] * scale
        rest = trial.n_pupils - n_columns
        deviance = float(fits.deviance[0]) + shift + rest * np.log(scale)
        average = _between(trial, fits) * scale
        rows.append(
            {
                "model": name,
                "between": average,
                "within": within,
                "slope": float(fits.slope[0].mean()) * scale if len(between) > 1 else np.nan,
                "total": average + within,
                "icc": average / (average + within),
                "log_likelihood": -deviance / 2,
                "singular": trial.design != "simple" and _singular(fits),
            }
        )
    return pd.DataFrame(rows)


def _between(trial: Trial, fits: Fits) -> float:
    """Average the variance between schools over the pupils' arms."""
    own = np.diag(fits.between[0])
    if len(own) == 1:
        return float(own[0])
    return float(own @ np.bincount(trial.arm, minlength=trial.n_arms) / trial.n_pupils)


def _singular(fits: Fits) -> bool:
    """Say whether the covariance of school effects lies on its boundary."""
    least = np.linalg.eigvalsh(fits.between[0])[0]
    return bool(least <= 1e-8 * fits.within[0])
