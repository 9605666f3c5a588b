"""The sums of every replicate, from draws: no replicate is ever laid out as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.trials import sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.trials.design import Trial
    from careerbench.analysis.trials.draws import Draw
    from careerbench.analysis.trials.solver import Fits
    from careerbench.analysis.trials.sums import Base, Cells


@dataclass(frozen=True, eq=False)
class Parts:
    """The trial's outcome taken apart by its conditional model, rows sorted by cell."""

    fitted: NDArray[np.float64]  # (N,)
    residual: NDArray[np.float64]  # (N,) outcome less fitted
    school_effect: NDArray[np.float64]  # (J, C) centred and reflated
    pupil: NDArray[np.float64]  # (N,) residual less school effect, centred and reflated


def counts_of(drawn: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Count how often each position stands in each row: (R, n)."""
    rows = np.arange(len(drawn))[:, None] * n
    found = np.bincount((rows + drawn).ravel(), minlength=len(drawn) * n)
    return found.reshape(len(drawn), n).astype(np.float64)


def resampled(trial: Trial, base: Base, fits: Fits, resample: str, draw: Draw) -> Cells:
    """Give the sums of the replicates that the draws make."""
    if resample == "schools" or (resample == "pupils" and trial.design == "simple"):
        return sums.reweighted(base, counts_of(draw[0], base.shape[0]))
    if resample == "pupils":
        return sums.recounted(base, counts_of(draw[0], trial.n_pupils))
    if resample == "both":
        return _both(trial, base, *draw)
    parts = take_apart(trial, base, fits)
    if resample == "wild":
        return _wild(base, parts, draw[0])
    if trial.design == "simple":
        return _residuals(base, parts, None, draw[0])
    return _residuals(base, parts, draw[0], draw[1])


def take_apart(trial: Trial, base: Base, fits: Fits) -> Parts:
    """Split each outcome into fitted value, school effect and what is left."""
    n_schools, n_cells = base.shape
    count = np.diff(base.starts, append=len(base.order))
    cell = np.repeat(base.filled, count)
    values, arm = trial.columns[base.order], trial.arm[base.order]
    fitted = fits.level[0][arm] + values[:, :-1] @ fits.coefficient[0]
    residual = values[:, -1] - fitted
    size = base.cells.size[0]
    mean = np.zeros(n_schools * n_cells)
    mean[base.filled] = np.add.reduceat(residual, base.starts) / count
    if trial.design == "simple":
        effect = np.zeros((n_schools, n_cells))
    else:
        ratio = fits.between[0] / fits.within[0]
        root = np.sqrt(size)
        inner = np.eye(n_cells) + root[:, :, None] * ratio * root[:, None, :]
        scaled = (root * mean.reshape(n_schools, n_cells))[..., None]
        effect = (root * np.linalg.solve(inner, scaled)[..., 0]) @ ratio
    pupil = residual - effect.ravel()[cell]
    pupil -= pupil.mean()
    spread = float((pupil**2).mean())
    if spread > 0:
        pupil *= np.sqrt(float(fits.within[0]) / spread)
    return Parts(fitted, residual, _reflated(effect, fits.between[0]), pupil)


def _reflated(effect: NDArray[np.float64], variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre predicted effects and give them the estimated covariance (Carpenter et al. 2003)."""
    centred = effect - effect.mean(axis=0)
    spread = centred.T @ centred / len(centred)
    tiny = 1e-12 * max(float(np.trace(variance)), 1e-300)
    if np.linalg.eigvalsh(spread)[0] > tiny and np.linalg.eigvalsh(variance)[0] > tiny:
        change = np.linalg.cholesky(variance) @ np.linalg.inv(np.linalg.cholesky(spread))
        return centred @ change.T
    own, axes = np.linalg.eigh(spread)
    back = np.where(own > tiny, 1 / np.sqrt(np.maximum(own, tiny)), 0.0)
    new, new_axes = np.linalg.eigh(variance)
    forth = new_axes * np.sqrt(np.maximum(new, 0.0)) @ new_axes.T
    return centred @ (axes * back @ axes.T) @ forth


def _both(trial: Trial, base: Base, schools: NDArray[np.int64], pupils: NDArray[np.int64]) -> Cells:
    """Make one school of each school drawn, from the pupils drawn in it."""
    n_cells = base.shape[1]
    size = base.cells.size[0].sum(axis=1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    own = np.arange(trial.n_pupils) if trial.design == "simple" else trial.school
    row = np.argsort(own, kind="stable")  # rows by school, as given within each
    used = np.arange(pupils.shape[2]) < size[schools][:, :, None]
    place = row[np.where(used, first[schools][:, :, None] + pupils, 0)]
    sorted_place = np.empty(trial.n_pupils, dtype=np.int64)
    sorted_place[base.order] = np.arange(trial.n_pupils)
    deviation = base.deviation[sorted_place[place]]  # (R, J, M, V)
    mean = base.cells.mean[0][schools]
    sizes, shifts = [], []
    for cell in range(n_cells):
        inside = used & (trial.arm[place] == cell) if n_cells > 1 else used
        sizes.append(inside.sum(axis=2).astype(np.float64))
        total = np.einsum("rjmv,rjm->rjv", deviation, inside.astype(np.float64))
        shifts.append(total / np.where(sizes[-1] > 0, sizes[-1], 1.0)[..., None])
    count, shift = np.stack(sizes, axis=2), np.stack(shifts, axis=2)
    deviation *= used[..., None]
    flat = deviation.reshape(len(schools), -1, deviation.shape[3])
    lost = (shift * count[..., None]).reshape(len(schools), -1, shift.shape[3])
    within = flat.transpose(0, 2, 1) @ flat
    within -= lost.transpose(0, 2, 1) @ shift.reshape(lost.shape)
    return replace(
        base.cells,
        weight=np.ones(schools.shape),
        size=count,
        arm=base.cells.arm[0][schools],
        mean=mean + shift,
        within=within,
    )


def _wild(base: Base, parts: Parts, signs: NDArray[np.float64]) -> Cells:
    """Turn the residuals of each school by its sign."""
    count = np.diff(base.starts, append=len(base.order))
    cell = np.repeat(base.filled, count)
    sign = signs[:, cell // base.shape[1]]
    return _with_outcome(base, parts.fitted + sign * parts.residual)


def _residuals(
    base: Base, parts: Parts, schools: NDArray[np.int64] | None, pupils: NDArray[np.int64]
) -> Cells:
    """Add school effects and pupil residuals drawn anew to the fitted values."""
    count = np.diff(base.starts, append=len(base.order))
    cell = np.repeat(base.filled, count)
    place = np.empty(len(base.order), dtype=np.int64)
    place[base.order] = np.arange(len(base.order))
    outcome = parts.fitted + parts.pupil[place[pupils]][:, base.order]
    if schools is not None:
        made = parts.school_effect[schools].reshape(len(schools), -1)
        outcome += made[:, cell]
    return _with_outcome(base, outcome)


def _with_outcome(base: Base, outcome: NDArray[np.float64]) -> Cells:
    """Sum the trial up with other outcomes (R, N), rows sorted by cell."""
    cells = base.cells
    n, (n_schools, n_cells) = len(outcome), base.shape
    count = np.diff(base.starts, append=len(base.order))
    means = np.add.reduceat(outcome, base.starts, axis=1) / count
    rest = outcome - np.repeat(means, count, axis=1)
    covariates = base.deviation[:, :-1]
    n_values = base.deviation.shape[1]
    within = np.empty((n, n_values, n_values))
    within[:, :-1, :-1] = cells.within[0, :-1, :-1]
    within[:, -1, :-1] = within[:, :-1, -1] = rest @ covariates
    within[:, -1, -1] = np.einsum("rn,rn->r", rest, rest)
    mean = np.repeat(cells.mean.reshape(1, n_schools * n_cells, n_values), n, axis=0)
    mean[:, base.filled, -1] = means
    shape = (n, n_schools, n_cells, n_values)
    weight = np.ones((n, n_schools))
    return replace(cells, weight=weight, mean=mean.reshape(shape), within=within)
