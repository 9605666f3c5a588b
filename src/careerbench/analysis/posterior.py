"""Schools' own values given what was seen of each and of all: two models, one way to use them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_COARSE, _FINE, _DEEP = 48, 28, 14.0
_HALVINGS = 36


@dataclass(frozen=True)
class Fitted:
    """The most likely spread, and every other spread with how likely it is.

    ``one`` and ``two`` have a row for each way schools may spread (``chance`` of each) and a
    column for each school: the two parameters of the school's distribution, beta or normal. Of
    the normal, ``pull`` and ``doubt`` say how the school follows the unknown mean.
    """

    kind: str
    centre: float
    spread: float
    shrunken: NDArray[np.float64]
    weight: NDArray[np.float64]
    chance: NDArray[np.float64]
    one: NDArray[np.float64]
    two: NDArray[np.float64]
    pull: NDArray[np.float64]
    doubt: NDArray[np.float64]


def fit(part: NDArray, whole: NDArray, kind: str) -> Fitted:
    """Fit one of the two models: counts of counts, or estimates with standard errors."""
    return _fit_counts(part, whole) if kind == "beta-binomial" else _fit_normal(part, whole)


def bounds(fitted: Fitted, confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle of each school's distribution, averaged over the ways to spread."""
    tail = (1 - confidence) / 2
    each, back = _distinct(fitted)
    return _quantile(each, tail)[back], _quantile(each, 1 - tail)[back]


def _distinct(fitted: Fitted) -> tuple[Fitted, NDArray[np.int64]]:
    """Keep one of the schools with the same counts, and say where each school finds its own."""
    if fitted.kind != "beta-binomial":
        return fitted, np.arange(fitted.one.shape[1])
    counts = np.stack([fitted.one[0], fitted.two[0]])
    _, first, back = np.unique(counts, axis=1, return_index=True, return_inverse=True)
    one, two = fitted.one[:, first], fitted.two[:, first]
    return replace(fitted, one=one, two=two), back.reshape(-1)


def draw(fitted: Fitted, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the schools' values together, a row for each draw."""
    row = rng.choice(len(fitted.chance), size=n, p=fitted.chance)
    if fitted.kind == "beta-binomial":
        return rng.beta(fitted.one[row], fitted.two[row])
    shared = rng.standard_normal((n, 1)) * fitted.doubt[row][:, None]
    noise = rng.standard_normal((n, fitted.one.shape[1]))
    return fitted.one[row] + fitted.pull[row] * shared + noise * fitted.two[row]


def spread_out(values: NDArray, there: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Put values back beside the schools they belong to; missing for the others."""
    full = np.full(len(there), np.nan)
    full[there] = values
    return full


def _quantile(fitted: Fitted, probability: float) -> NDArray[np.float64]:
    """Halve the way to the quantile of the averaged distribution."""
    low, high, below = _distribution(fitted)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        under = fitted.chance @ below(middle) < probability
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2


def _distribution(
    fitted: Fitted,
) -> tuple[NDArray, NDArray, Callable[[NDArray], NDArray]]:
    """Return ends that hold each school's value, and its distribution function."""
    from scipy.special import betainc, ndtr

    if fitted.kind == "beta-binomial":
        n = fitted.one.shape[1]
        return np.zeros(n), np.ones(n), lambda x: betainc(fitted.one, fitted.two, x)
    spread = np.sqrt(fitted.two**2 + (fitted.pull * fitted.doubt[:, None]) ** 2)
    low = (fitted.one - 12 * spread).min(axis=0)
    high = (fitted.one + 12 * spread).max(axis=0)
    safe = np.where(spread > 0, spread, 1e-300)
    return low, high, lambda x: ndtr((x - fitted.one) / safe)


def _likely(log_density: Callable[[NDArray], NDArray], low: float, high: float) -> NDArray:
    """Return places between two ends that cover all that is likely."""
    for _ in range(2):
        step = (high - low) / _COARSE
        places = low + step * (np.arange(_COARSE) + 0.5)
        density = log_density(places)
        near = places[density > density.max() - _DEEP]
        low, high = near.min() - step / 2, near.max() + step / 2
    return low + (high - low) / _FINE * (np.arange(_FINE) + 0.5)


def _chances(log_weight: NDArray) -> NDArray[np.float64]:
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


# Estimates with standard errors: normal around a normal --------------------------------------


def _fit_normal(y: NDArray, error: NDArray) -> Fitted:
    """Fit by restricted likelihood, and weigh every spread by it."""
    scale = max(float(np.std(y)), float(np.median(error)))

    def density(u: NDArray) -> NDArray[np.float64]:
        return _restricted(y, error, (scale * u / (1 - u)) ** 2) - 2 * np.log1p(-u)

    u = _likely(density, 0.0, 0.999)
    tau2 = (scale * u / (1 - u)) ** 2
    centre, doubt = _centre(y, error, tau2)
    keep = tau2[:, None] / (tau2[:, None] + error**2)
    best = _most_likely_tau2(y, error)
    mean, _ = _centre(y, error, np.array([best]))
    weight = best / (best + error**2)
    return Fitted(
        "normal", float(mean[0]), float(np.sqrt(best)), weight * y + (1 - weight) * mean[0],
        weight, _chances(density(u)), keep * y + (1 - keep) * centre[:, None],
        np.sqrt(keep) * error, 1 - keep, doubt,
    )  # fmt: skip


def _centre(y: NDArray, error: NDArray, tau2: NDArray) -> tuple[NDArray, NDArray]:
    """Return the mean of schools and its standard error, for each spread."""
    weight = 1 / (tau2[:, None] + error**2)
    total = weight.sum(axis=1)
    return (weight * y).sum(axis=1) / total, 1 / np.sqrt(total)


def _restricted(y: NDArray, error: NDArray, tau2: NDArray) -> NDArray[np.float64]:
    """Compute the restricted log-likelihood of each spread."""
    weight = 1 / (tau2[:, None] + error**2)
    centre, doubt = _centre(y, error, tau2)
    off = (weight * (y - centre[:, None]) ** 2).sum(axis=1)
    return np.asarray((np.log(weight).sum(axis=1) - off) / 2 + np.log(doubt))


def _slope(y: NDArray, error: NDArray, tau2: float) -> float:
    """Compute how the restricted log-likelihood rises with the variance between schools."""
    weight = 1 / (tau2 + error**2)
    centre = (weight * y).sum() / weight.sum()
    pull = (weight**2 * (y - centre) ** 2).sum()
    return float((pull - weight.sum() + (weight**2).sum() / weight.sum()) / 2)


def _most_likely_tau2(y: NDArray, error: NDArray) -> float:
    """Find the variance between schools with the highest restricted likelihood; 0 at the edge."""
    from scipy.optimize import brentq

    y = y - np.median(y)  # where the numbers lie says nothing of how far they spread
    top = 4 * float(np.var(y)) + float(np.min(error) ** 2)
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-8, top * 4, 400)])
    at = int(np.argmax(_restricted(y, error, grid)))
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)]
    if _slope(y, error, low) <= 0:
        return 0.0
    if _slope(y, error, high) >= 0:
        return float(grid[at])
    return float(brentq(lambda t: _slope(y, error, t), low, high, xtol=1e-14 * top, rtol=1e-14))


# Counts of counts: binomial around a beta ----------------------------------------------------


def _fit_counts(part: NDArray, whole: NDArray) -> Fitted:
    """Fit by marginal likelihood, and weigh every spread and mean by it."""
    size = _most_likely_size(part, whole)
    pooled = float(part.sum() / whole.sum())
    mean = float(_share(_mean_at(part, whole, np.array([size]))[0])[0]) if size < np.inf else pooled
    u = _likely(lambda t: _profile(part, whole, t), 1e-3, 1 - 1e-3)
    sizes = 1 / u**2 - 1
    logit, curve = _mean_at(part, whole, sizes, flat=True)
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    place = logit[:, None] + nodes / np.sqrt(curve)[:, None]
    log_weight = np.log(weights) + nodes**2 / 2 - np.log(curve)[:, None] / 2
    m = _share(place)
    s = np.broadcast_to(sizes[:, None], m.shape)
    log_weight = log_weight + np.log(m) + np.log1p(-m) + _marginal(part, whole, m, s)
    chance = _chances(log_weight.ravel())
    kept = chance > 1e-7
    a, b = (m * s).ravel()[kept, None], ((1 - m) * s).ravel()[kept, None]
    flat = np.zeros((1, 1))
    return Fitted(
        "beta-binomial", mean, float(np.sqrt(mean * (1 - mean) / (size + 1))),
        mean + whole / (whole + size) * (part / whole - mean), whole / (whole + size),
        chance[kept] / chance[kept].sum(), a + part, b + whole - part, flat, flat,
    )  # fmt: skip


def _marginal(part: NDArray, whole: NDArray, mean: NDArray, size: NDArray) -> NDArray[np.float64]:
    """Compute the log-likelihood of a mean and a size (``a + b`` of the beta) for all schools."""
    from scipy.special import betaln

    a, b = (mean * size)[..., None], ((1 - mean) * size)[..., None]
    return np.asarray((betaln(a + part, b + whole - part) - betaln(a, b)).sum(axis=-1))


def _profile(part: NDArray, whole: NDArray, root: NDArray) -> NDArray[np.float64]:
    """Compute the likelihood of each spread, its mean averaged out by its curvature."""
    sizes = 1 / root**2 - 1
    logit, curve = _mean_at(part, whole, sizes, flat=True)
    mean = _share(logit)
    prior = np.log(mean) + np.log1p(-mean)
    return _marginal(part, whole, mean, sizes) + prior - np.log(curve) / 2


def _mean_at(
    part: NDArray, whole: NDArray, sizes: NDArray, *, flat: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the likeliest logit of the mean for each size, and how sharply it is known.

    With ``flat``, that of a mean of which every value is equally likely beforehand.
    """
    from scipy.special import polygamma, psi

    share = (part.sum() + 0.5) / (whole.sum() + 1)
    logit = np.full(len(sizes), np.log(share / (1 - share)))
    s = sizes[:, None]
    for _ in range(60):
        m = _share(logit)
        a, b = m[:, None] * s, (1 - m)[:, None] * s
        rise = sizes * (psi(a + part) - psi(a) - psi(b + whole - part) + psi(b)).sum(axis=1)
        bend = sizes**2 * (
            polygamma(1, a + part) - polygamma(1, a)
            + polygamma(1, b + whole - part) - polygamma(1, b)
        ).sum(axis=1)  # fmt: skip
        v = m * (1 - m)
        curve = -(v**2 * bend + (1 - 2 * m) * v * rise) + 2 * v * flat
        curve = np.where(curve > 0, curve, np.abs(v**2 * bend) + v)
        step = np.clip((v * rise + (1 - 2 * m) * flat) / curve, -1, 1)
        logit = np.clip(logit + step, -30, 30)
        if np.abs(step).max() < 1e-10:
            break
    return logit, curve


def _share(logit: NDArray) -> NDArray[np.float64]:
    from scipy.special import expit

    return np.asarray(expit(logit))


def _size_slope(part: NDArray, whole: NDArray, log_size: float) -> float:
    """Compute how the likelihood rises with the size, the mean following."""
    from scipy.special import psi

    s = float(np.exp(log_size))
    m = float(_share(_mean_at(part, whole, np.array([s]))[0])[0])
    a, b = m * s, (1 - m) * s
    own = m * (psi(a + part) - psi(a)) + (1 - m) * (psi(b + whole - part) - psi(b))
    return float((own - psi(s + whole) + psi(s)).sum())


def _most_likely_size(part: NDArray, whole: NDArray) -> float:
    """Find the size of the beta with the highest likelihood; infinite where none differ."""
    from scipy.optimize import brentq

    if part.sum() in (0, whole.sum()):
        return float("inf")
    grid = np.linspace(-4, 14, 73)
    sizes = np.exp(grid)
    means = _share(_mean_at(part, whole, sizes)[0])
    likely = _marginal(part, whole, means, sizes)
    at, pooled = int(np.argmax(likely)), part.sum() / whole.sum()
    alike = part.sum() * np.log(pooled) + (whole - part).sum() * np.log1p(-pooled)
    if likely[at] - alike < 1e-5:
        return float("inf")
    if at in (0, len(grid) - 1):
        return float("inf") if at else float(sizes[0])
    found = brentq(lambda t: _size_slope(part, whole, t), grid[at - 1], grid[at + 1], xtol=1e-13)
    return float(np.exp(found))
