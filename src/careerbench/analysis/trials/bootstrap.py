"""How much the effect size moves if schools, pupils or their residuals are drawn anew."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis.trials import draws as drawing
from careerbench.analysis.trials import effects, resample, sums
from careerbench.analysis.trials.design import read_trial
from careerbench.analysis.trials.estimate import described, effect_table, ordered
from careerbench.analysis.trials.results import BootstrapEffect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.trials.design import Trial
    from careerbench.analysis.trials.effects import Sizes
    from careerbench.analysis.trials.sums import Base, Cells

KINDS = ("schools", "pupils", "both", "residuals", "wild")


def bootstrap_effect(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    covariates: str | Iterable[str] | None = (),
    group: str | None = None,
    design: str = "cluster",
    control: object = None,
    resample: str = "schools",
    n: int = 1000,
    seed: int | None = None,
    draws: object = None,
    confidence: float = 0.95,
) -> BootstrapEffect:
    """Size the effect of a trial with bootstrap intervals: every replicate a full refit.

    Parameters
    ----------
    data, outcome, arm, covariates, group, design, control, confidence
        As for :func:`trial_effect`.
    resample : {"schools", "pupils", "both", "residuals", "wild"}
        What is drawn: schools; pupils within their schools; schools and then pupils within them;
        the school effects and pupil residuals of the conditional model; or a sign for the
        residuals of each school. In the simple design rows stand for schools and for pupils.
    n : int, default 1000
        Number of replicates, at most a million; with ``draws`` it is their number that counts.
    seed : int, optional
        Makes the draws repeatable.
    draws : array or pair of arrays, optional
        The draws themselves, one row per replicate, whole numbers from 0:

        - "schools": ``(n, n_schools)`` positions in the record's ``schools``, which stand in the
          order they first appear among the rows used; a school drawn twice is two schools;
        - "pupils": ``(n, any)`` positions of rows of ``data`` as given; each stays in its school;
        - "both": the pair ``(schools, pupils)``; schools as above, pupils
          ``(n, n_schools, largest)`` positions within the school drawn in that place, in the
          order of its rows (only as many as the school has are looked at);
        - "residuals": the pair ``(schools, pupils)``: ``(n, n_schools)`` schools whose effects
          are taken, ``(n, n_pupils)`` positions of rows of ``data`` whose residuals are taken, in
          the order of the rows used (in the simple design the second array alone);
        - "wild": ``(n, n_schools)`` numbers, 1 or -1 (or another distribution's).

    Returns
    -------
    BootstrapEffect
        As :func:`trial_effect`, with percentile intervals, the standard deviation of the
        replicates as ``std_error``, ``n_replicates`` and ``n_failed``; ``replicates`` is a frame
        with one row per replicate and row of the table, ``schools`` names the schools in order.

    Raises
    ------
    MissingColumnsError, TableProblemsError, BadArgumentError
        As :func:`trial_effect`; also where draws have another shape or point outside the table.

    Notes
    -----
    Each replicate refits both models by restricted maximum likelihood and sizes the effect as
    :func:`trial_effect` does, with the schools and sizes it has. Unlike eefAnalytics, a school
    drawn twice counts as two, nothing is rounded, the cluster-size factor is in every
    replicate, the small-sample factor is in those of the simple design, and schools are
    drawn by default: drawing pupils alone says nothing about other schools. Drawn replicates
    without one of the arms are drawn again; given ones are kept, without an estimate, and
    counted in ``n_failed``.

    Residuals follow [1]_: predicted school effects and pupil residuals are centred and given the
    estimated variances, and both models are refitted to the same made outcome. The wild bootstrap
    turns whole schools' residuals from the conditional model [2]_.

    References
    ----------
    .. [1] Carpenter, J. R., Goldstein, H. and Rasbash, J. (2003). J. Royal Statistical Society C,
       52(4), 431-443.
    .. [2] Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Review of Economics and
       Statistics, 90(3), 414-427.

    Examples
    --------
    >>> import pandas as pd
    >>> pupils = pd.DataFrame({
    ...     "school_urn": list("aaabbbcccddd"), "arm": ["control"] * 6 + ["programme"] * 6,
    ...     "score": [3, 5, 4, 6, 7, 4, 6, 8, 7, 7, 9, 8],
    ... })
    >>> draws = [[0, 1, 2, 3], [1, 1, 2, 3]]
    >>> found = bootstrap_effect(
    ...     pupils, outcome="score", arm="arm", group="school_urn", draws=draws
    ... )
    >>> found.replicates.query("denominator == 'within' and variance == 'conditional'")
       replicate        arm denominator     variance  estimate reason
    0          0  programme      within  conditional  2.309401    NaN
    4          1  programme      within  conditional  1.505297    NaN
    """
    step = "bootstrap_effect"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    checks.require_one_of(resample, KINDS, name="resample", step=step)
    n = drawing.require_number(n, step=step)
    drawing.require_seed(seed, step=step)
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
    again = _Again()
    replicates = _replicates(trial, base, sizes, resample, (n, seed, draws), again)
    estimates, reasons = gathered(trial, replicates)
    add_percentiles(table, estimates, confidence)
    table["std_error"] = _spread(estimates)
    return BootstrapEffect(
        ordered(table.drop(columns="df")),
        confidence=confidence,
        interval="percentile",
        seed=seed,
        given=draws is not None,
        schools=units(trial),
        estimates=estimates,
        reasons=reasons,
        n_redrawn=again.count,
        resample=resample,
        **described(trial, sizes, outcome=outcome, arm=arm, covariates=covariates, group=group),
    )


class _Again:
    """How many draws were made again."""

    count = 0


def _replicates(
    trial: Trial,
    base: Base,
    sizes: Sizes,
    kind: str,
    asked: tuple[int, int | None, object],
    again: _Again,
) -> Iterator[Cells]:
    """Give the sums of the replicates, some at a time."""
    n, seed, draws = asked
    fits = sizes.conditional
    if draws is not None:
        given = drawing.read_draws(draws, trial, base, kind)
        for part in drawing.chunks(len(given[0]), trial, base):
            yield resample.resampled(trial, base, fits, kind, tuple(one[part] for one in given))
        return
    rng, draw = np.random.default_rng(seed), drawing.drawer(trial, base, kind)
    needed = kind in {"schools", "both", "pupils"}

    def usable(drawn: drawing.Draw) -> NDArray[np.bool_]:
        if not needed:
            return np.ones(len(drawn[0]), dtype=bool)
        return _all_arms(trial, base, kind, drawn)

    for part in drawing.chunks(n, trial, base):
        drawn, repeated = drawing.redrawn(draw, usable, rng, part.stop - part.start)
        again.count += repeated
        yield resample.resampled(trial, base, fits, kind, drawn)


def _all_arms(trial: Trial, base: Base, kind: str, drawn: drawing.Draw) -> NDArray[np.bool_]:
    """Find draws in which every arm has pupils."""
    if kind == "pupils" or trial.design == "simple":
        arms = trial.arm[drawn[0]]
        return np.all([(arms == code).any(axis=1) for code in range(trial.n_arms)], axis=0)
    cells = base.cells
    has = [
        ((cells.arm[0] == code) & (cells.size[0] > 0)).any(axis=1) for code in range(trial.n_arms)
    ]
    found = np.all([one[drawn[0]].any(axis=1) for one in has], axis=0)
    if kind == "both" and trial.design == "multisite" and found.any():
        made = resample.resampled(trial, base, None, kind, drawn)  # type: ignore[arg-type]
        found &= (made.arm_sums(0) > 0).all(axis=1)
    return found


def gathered(
    trial: Trial, replicates: Iterable[Cells], *, empty: object = None
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Size the effects of all replicates: (n, rows of the table), and why one has none."""
    estimates, reasons = [], []
    for cells in replicates:
        sizes = effects.estimate(trial, cells, empty=empty)  # type: ignore[arg-type]
        bad = sizes.reason != ""
        found = sizes.estimate.reshape(len(bad), -1)
        estimates.append(np.where(bad[:, None], np.nan, found))
        reasons.append(sizes.reason)
    return np.concatenate(estimates), np.concatenate(reasons)


def add_percentiles(table: pd.DataFrame, estimates: NDArray[np.float64], confidence: float) -> None:
    """Add percentile limits and the number of replicates that have an estimate."""
    good = np.isfinite(estimates)
    limits = np.full((2, estimates.shape[1]), np.nan)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    whole = good.all(axis=0)
    limits[:, whole] = np.quantile(estimates[:, whole], tails, axis=0)
    for column in np.flatnonzero(~whole & good.any(axis=0)):
        limits[:, column] = np.quantile(estimates[good[:, column], column], tails)
    table["low"], table["high"] = limits
    table["n_replicates"] = good.sum(axis=0)
    table["n_failed"] = len(estimates) - good.sum(axis=0)


def units(trial: Trial) -> tuple[object, ...]:
    """Name what draws of schools point to: schools, or rows of the table in the simple design."""
    return tuple(trial.rows.tolist()) if trial.design == "simple" else trial.schools


def _spread(estimates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the standard deviation of the replicates; missing where there are fewer than two."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all missing, or one only
        return np.nanstd(estimates, axis=0, ddof=1)
