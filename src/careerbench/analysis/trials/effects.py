"""Effect sizes in their four definitions, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.trials import slopes, solver

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.trials.design import Trial
    from careerbench.analysis.trials.solver import Fits
    from careerbench.analysis.trials.sums import Cells

BOTH = (
    ("within", "conditional"),
    ("total", "conditional"),
    ("within", "unconditional"),
    ("total", "unconditional"),
)
SIMPLE = (("total", "conditional"), ("total", "unconditional"))


@dataclass(frozen=True, eq=False)
class Sizes:
    """Effect sizes of many replicates: arrays (R, arms - 1, definitions)."""

    estimate: NDArray[np.float64]
    sd: NDArray[np.float64]
    error: NDArray[np.float64]
    conditional: Fits
    empty: Fits

    @property
    def reason(self) -> NDArray[np.object_]:
        """Why a replicate has no estimate; empty where it has one."""
        first = self.conditional.reason
        return np.where(first == "", np.resize(self.empty.reason, len(first)), first)


def definitions(design: str) -> tuple[tuple[str, str], ...]:
    """Name the definitions of a design, each a denominator and the model of its variance."""
    return SIMPLE if design == "simple" else BOTH


def estimate(trial: Trial, cells: Cells, *, empty: Fits | None = None) -> Sizes:
    """Fit both models to every replicate and size the effects."""
    conditional = _fit_conditional(trial, cells)
    if empty is None:
        empty = fit_empty(trial, cells)
    counts = [cells.arm_sums(power) for power in range(4)]
    with np.errstate(divide="ignore", invalid="ignore"):
        if trial.design == "simple":
            found, sd, error = _simple(conditional, empty, counts)
        elif trial.design == "cluster":
            found, sd, error = _cluster(conditional, empty, counts)
        else:
            found, sd, error = _multisite(conditional, empty, cells, counts)
    return Sizes(found, sd, error, conditional, empty)


def fit_empty(trial: Trial, cells: Cells) -> Fits:
    """Fit the model with nothing but an intercept (and schools), for unconditional variances."""
    clustered = trial.design != "simple"
    return solver.fit_intercept(cells.schools(), arms=False, clustered=clustered)


def _fit_conditional(trial: Trial, cells: Cells) -> Fits:
    """Fit the model with arms and covariates; a covariate without spread in it is left out."""
    fits = _fit_columns(trial, cells)
    absent = (cells.arm_sums(0) == 0).any(axis=1)
    fits.reason[absent] = "an arm without schools"
    patterns: dict[tuple[int, ...], list[int]] = {}
    for row in np.flatnonzero(fits.reason == "columns repeat each other"):
        keep = _apart(cells.take(np.array([row])))
        if keep is not None:
            patterns.setdefault(keep, []).append(int(row))
    for keep, rows in patterns.items():
        again = _fit_columns(trial, cells.take(np.array(rows)).columns(list(keep)))
        fits.put(np.array(rows), again)
    return fits


def _fit_columns(trial: Trial, cells: Cells) -> Fits:
    if trial.design == "multisite":
        return slopes.fit_slopes(cells)
    clustered = trial.design == "cluster"
    return solver.fit_intercept(cells, arms=True, clustered=clustered, known_arms=trial.n_arms)


def _apart(cells: Cells) -> tuple[int, ...] | None:
    """Name the columns of one replicate that say something of their own; None if an arm does not.

    Covariates come before arms, so that an arm that follows from covariates is found out.
    """
    n_values, n_arms = cells.mean.shape[3], cells.n_arms
    lead = [np.ones((*cells.size.shape, 1)), cells.mean[..., :-1]]
    dummies = np.asarray(cells.arm[..., None] == np.arange(1, n_arms), dtype=np.float64)
    means = np.concatenate([*lead, dummies], axis=-1)[0].reshape(-1, n_values + n_arms - 1)
    count = (cells.weight[0][:, None] * cells.size[0]).ravel()
    gram = (means * count[:, None]).T @ means
    gram[1:n_values, 1:n_values] += cells.within[0][:-1, :-1]
    own = np.diag(gram).copy()
    kept = []
    for place in range(len(gram)):
        if gram[place, place] > 1e-10 * max(own[place], 1e-300):
            kept.append(place)
            gram -= np.outer(gram[place], gram[place]) / gram[place, place]
    if any(place not in kept for place in range(n_values, len(own))):
        return None
    return (*(place - 1 for place in kept if 0 < place < n_values), n_values - 1)


def _simple(conditional: Fits, empty: Fits, counts: list[NDArray]) -> tuple[NDArray, ...]:
    """Hedges' g: the difference over the residual standard deviation, corrected for few pupils."""
    treated, control = counts[1][:, 1:], counts[1][:, :1]
    n = treated + control
    small = 1 - 3 / (4 * (n - 2) - 1)
    variances = np.stack([conditional.within, np.resize(empty.within, len(n))], axis=1)
    sd = np.repeat(np.sqrt(variances)[:, None], treated.shape[1], axis=1)
    raw = conditional.effect[:, :, None] / sd
    spread = (n / (treated * control))[..., None] + raw**2 / (2 * n)[..., None]
    return raw * small[..., None], sd, small[..., None] * np.sqrt(spread)


def _cluster(conditional: Fits, empty: Fits, counts: list[NDArray]) -> tuple[NDArray, ...]:
    """Hedges (2007): unequal schools, whole schools assigned."""
    parts = []
    for fits in (conditional, empty):
        within = np.resize(fits.within, len(counts[0]))[:, None]
        between = np.resize(fits.between[:, 0, 0], len(counts[0]))[:, None]
        parts += _hedges(conditional.effect, within, between, counts)
    return tuple(np.stack(kind, axis=2) for kind in zip(*parts, strict=True))


def _hedges(
    effect: NDArray, within: NDArray, between: NDArray, counts: list[NDArray]
) -> list[tuple[NDArray, ...]]:
    """Give estimate, divisor and standard error over the pupil and over the total variance."""
    schools, pupils, squares, cubes = (
        (count[:, 1:], np.repeat(count[:, :1], effect.shape[1], axis=1)) for count in counts
    )
    n_t, n_c = pupils
    n, m = n_t + n_c, schools[0] + schools[1]
    total = within + between
    icc = between / total
    even = (n_c * squares[0] / n_t + n_t * squares[1] / n_c) / n
    spare = sum(p - s / p for p, s in zip(pupils, squares, strict=True))
    uneven = sum(
        s + s**2 / p**2 - 2 * c / p for p, s, c in zip(pupils, squares, cubes, strict=True)
    )
    base = n / (n_t * n_c) * (1 + (even - 1) * icc)
    d_within = effect / np.sqrt(within)
    error_within = np.sqrt(base / (1 - icc) + d_within**2 / (2 * (n - m)))
    factor = size_factor(n, spare, icc)
    d_total = effect / np.sqrt(total) * factor
    top = (n - 2) * (1 - icc) ** 2 + uneven * icc**2 + 2 * spare * icc * (1 - icc)
    bottom = 2 * (n - 2) * ((n - 2) - icc * (n - 2 - spare))
    error_total = np.sqrt(base + d_total**2 * top / bottom)
    like = np.ones_like(effect)
    return [
        (d_within, np.sqrt(within) * like, error_within),
        (d_total, np.sqrt(total) / factor, error_total),
    ]


def size_factor(n: NDArray, spare: NDArray, icc: NDArray) -> NDArray[np.float64]:
    """Give the cluster-size factor of the total effect (Hedges 2007, schools of unequal size)."""
    return np.sqrt(1 - icc * (n - 2 - spare) / (n - 2))


def _multisite(
    conditional: Fits, empty: Fits, cells: Cells, counts: list[NDArray]
) -> tuple[NDArray, ...]:
    """Pupils assigned within schools; the effect may differ between schools."""
    pupils = counts[1]
    share = pupils / pupils.sum(axis=1, keepdims=True)
    own = np.einsum("rkk->rk", conditional.between)
    total = conditional.within + (share * own).sum(axis=1)
    variance, freedom = _multisite_variance(conditional, cells, pupils)
    n_t, n_c = pupils[:, 1:], pupils[:, :1]
    n = n_t + n_c
    spare = (n_t - counts[2][:, 1:] / n_t) + (n_c - counts[2][:, :1] / n_c)
    plain, schools = np.resize(empty.within, len(n)), np.resize(empty.between[:, 0, 0], len(n))
    factor = size_factor(n, spare, (schools / (schools + plain))[:, None])
    ones = np.ones_like(n)
    sd = np.stack(
        [
            np.sqrt(conditional.within)[:, None] * ones,
            np.sqrt(total)[:, None] * ones,
            np.sqrt(plain)[:, None] * ones,
            np.sqrt(plain + schools)[:, None] / factor,
        ],
        axis=2,
    )
    found = conditional.effect[:, :, None] / sd
    error = np.sqrt(variance[:, :, None] / sd**2 + found**2 / (2 * freedom)[:, :, None])
    return found, sd, np.where((freedom > 0)[:, :, None], error, np.nan)


def multisite_freedom(fits: Fits, cells: Cells) -> NDArray[np.float64]:
    """Give Satterthwaite's degrees of freedom of each arm's difference, for one data set."""
    size, control = cells.size[0, :, 1:], cells.size[0, :, :1]
    both = (size > 0) & (control > 0)
    harmonic = size * control / np.where(both, size + control, 1.0)
    weight = both / (fits.slope[0] + fits.within[0] / np.where(both, harmonic, 1.0))
    variance = 1 / weight.sum(axis=0)
    of_schools = variance**2 * (weight**2 * fits.slope[0]).sum(axis=0)
    schools = both.sum(axis=0) - 1.0
    pupils = np.maximum(((size + control) * both).sum(axis=0) - 2 * (schools + 1), 1.0)
    of_pupils = variance - of_schools
    return variance**2 / (of_schools**2 / schools + of_pupils**2 / pupils)


def _multisite_variance(
    fits: Fits, cells: Cells, pupils: NDArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the variance of each arm's difference, and pupils less two per school, per arm."""
    size, control = cells.size[:, :, 1:], cells.size[:, :, :1]
    harmonic = size * control / np.where(size + control > 0, size + control, 1.0)
    known = np.where(harmonic > 0, 1.0, 0.0)
    spread = fits.slope[:, None] + fits.within[:, None, None] / np.where(known > 0, harmonic, 1.0)
    weight = cells.weight[:, :, None]
    variance = 1 / (weight * known / spread).sum(axis=1)
    n_schools = (weight * ((size + control) > 0)).sum(axis=1)
    return variance, pupils[:, 1:] + pupils[:, :1] - 2 * n_schools
