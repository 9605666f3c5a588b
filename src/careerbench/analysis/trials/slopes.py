"""Models whose schools differ in level and in each arm's effect, a thousand replicates at once.

The school effects of the arms have a free covariance matrix: the model lme4 writes as
``(1 + arm | school)``, here with one effect per arm and school, which is the same model. The
restricted likelihood is a smooth function of a triangular root of that matrix, also where the
matrix is singular; Newton's method with a safeguard follows it down from several starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.trials.solver import Fits, sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.trials.sums import Cells

_ALIKE = 1e-10
_ROUNDS = 80
_STARTS = ((1.0, 0.3), (0.3, 0.1), (0.05, 0.05))
_NUDGE = 1e-6
_FLOOR = 1e-4


class Surface:
    """The profiled restricted likelihood of the arm-by-school model, for each replicate."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.k, self.v = cells.n_arms, cells.mean.shape[3]
        self.q = self.k + self.v
        self.n = (cells.weight * cells.size.sum(axis=2)).sum(axis=1)
        self.root = np.sqrt(cells.size).transpose(2, 0, 1)  # (K, R, J)
        self.mean = np.ascontiguousarray(cells.mean.transpose(2, 3, 0, 1))  # (K, V, R, J)
        self.lower = np.tril_indices(self.k)
        self.order = np.tile(np.arange(self.k), (len(self.n), 1))  # arms, the freest first

    @property
    def n_parameters(self) -> int:
        """Entries of the triangular root."""
        return len(self.lower[0])

    def factor(self, x: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Make the root (K, K, R), triangular in each replicate's order, from its entries."""
        factor = np.zeros((self.k, self.k, len(x)))
        factor[self.lower] = x.T
        rank = self.order[rows].argsort(axis=1)
        return np.take_along_axis(factor, rank.T[:, None], axis=0)

    def reorder(self, x: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Put the arms with most variance left first, and give the entries of the same root."""
        factor = self.factor(x, rows)
        left = np.einsum("abr,cbr->rac", factor, factor)
        order = np.tile(np.arange(self.k), (len(x), 1))
        lower = np.zeros_like(left)
        each = np.arange(len(x))
        for place in range(self.k):
            own = np.einsum("rkk->rk", left)[:, place:]
            best = place + own.argmax(axis=1)
            for part in (left, left.transpose(0, 2, 1), lower, order):
                part[each, place], part[each, best] = (
                    part[each, best].copy(),
                    part[each, place].copy(),
                )
            pivot = np.sqrt(np.maximum(left[:, place, place], _FLOOR**2))
            lower[:, place:, place] = left[:, place:, place] / pivot[:, None]
            lower[:, place, place] = pivot
            column = lower[:, :, place] * (np.arange(self.k) > place)
            left = left - column[:, :, None] * column[:, None]
        self.order[rows] = order
        return lower[:, self.lower[0], self.lower[1]]

    def _take(self, part: NDArray, rows: NDArray) -> NDArray:
        return part if part.shape[-2] == 1 else part[..., rows, :]

    def evaluate(
        self,
        x: NDArray[np.float64] | None,
        rows: NDArray[np.int64],
        *,
        root: NDArray[np.float64] | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray]:
        """Give deviance, gradient (R, parameters), swept matrix (Q, Q, R), least pivot.

        ``root`` (R, K, K) is any root of the covariance, in place of the entries ``x``.
        """
        k, q = self.k, self.q
        weight = self.cells.weight[rows]
        size, mean = self._take(self.root, rows), self._take(self.mean, rows)
        factor = root.transpose(1, 2, 0) if root is not None else self.factor(x, rows)  # type: ignore[arg-type]
        psi = np.einsum("abr,cbr->acr", factor, factor)
        inner = size[:, None] * psi[..., None] * size[None]
        inner[np.arange(k), np.arange(k)] += 1
        pivots = sweep(inner, k)
        precision = -size[:, None] * inner * size[None]  # (K, K, R, J)
        score = np.concatenate([precision, np.einsum("abrj,bvrj->avrj", precision, mean)], axis=1)
        matrix = np.zeros((q, q, len(rows)))
        matrix[:k] = np.einsum("aqrj,rj->aqr", score, weight)
        matrix[k:, :k] = matrix[:k, k:].transpose(1, 0, 2)
        products = np.einsum("avrj,awrj,rj->vwr", mean, score[:, k:], weight, optimize=True)
        within = self.cells.within[rows].transpose(1, 2, 0)
        matrix[k:, k:] = products + within
        first = np.array([matrix[i, i] for i in range(q)])
        p = q - 1
        diagonal = sweep(matrix, p)
        rest = self.n[rows] - p
        rss = np.where(matrix[p, p] > _ALIKE**1.2 * first[p], matrix[p, p], np.nan)
        spread = np.einsum("rj,rj->r", weight, np.log(pivots).sum(axis=0))
        logs = spread + np.log(np.where(diagonal > 0, diagonal, np.nan)).sum(axis=0)
        deviance = logs + rest * (1 + np.log(2 * np.pi * rss / rest))
        full = self._gradient(score, precision, matrix, rest / rss, factor, weight)
        order = self.order[rows].T[:, None]
        gradient = np.take_along_axis(full, order, axis=0)[self.lower].T
        alike = (diagonal / np.where(first[:p] > 0, first[:p], np.inf)).min(axis=0)
        return deviance, gradient, matrix, alike

    def _gradient(
        self,
        score: NDArray,
        precision: NDArray,
        matrix: NDArray,
        tightness: NDArray,
        factor: NDArray,
        weight: NDArray,
    ) -> NDArray[np.float64]:
        p = self.q - 1
        contrast = np.concatenate([-matrix[:p, p], np.ones((1, matrix.shape[2]))])
        kernel = contrast[:, None] * contrast[None] * tightness
        kernel[:p, :p] -= matrix[:p, :p]
        carried = np.einsum("aqrj,qsr->asrj", score, kernel, optimize=True)
        by_school = precision - np.einsum("asrj,bsrj->abrj", carried, score)
        slope = np.einsum("abrj,rj->abr", by_school, weight)
        return 2 * np.einsum("abr,bcr->acr", slope, factor)


def fit_slopes(cells: Cells) -> Fits:
    """Fit the arm-by-school model to each replicate, by restricted maximum likelihood."""
    surface = Surface(cells)
    n_replicates = cells.n_replicates
    rows = np.arange(n_replicates)
    reason = np.full(n_replicates, "", dtype=object)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        still = np.zeros((n_replicates, surface.n_parameters))
        at_zero, _, _, alike = surface.evaluate(still, rows)
        reason[~(alike > _ALIKE)] = "columns repeat each other"
        reason[(reason == "") & ~(surface.n > surface.q - 1)] = "too few pupils"
        reason[(reason == "") & np.isnan(at_zero)] = "no spread"
        psi = np.zeros((n_replicates, surface.k, surface.k))
        lowest = np.where(reason == "", at_zero, np.nan)
        usable = rows[reason == ""]
        settled = np.ones(n_replicates, dtype=bool)
        for start in _STARTS:
            x, deviance, done = _search(surface, start, usable)
            better = deviance < lowest[usable]
            chosen = usable[better]
            lowest[chosen], settled[chosen] = deviance[better], done[better]
            factor = surface.factor(x[better], chosen)
            psi[chosen] = np.einsum("abr,cbr->rac", factor, factor)
        deviance, matrix = _at(surface, psi)
    reason[(reason == "") & ~settled] = "did not settle"
    return _read(surface, psi, matrix, np.where(reason == "", deviance, np.nan), reason)


def _search(
    surface: Surface, start: tuple[float, float], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Walk down from one start; what is slow goes on with its arms in another order.

    Where the first arm in the order has no variance, the root can turn with no effect, and the
    way down is a bent valley; with the freest arm first it is straight.
    """
    surface.order[rows] = np.arange(surface.k)
    x, deviance, done = _descend(surface, _start(surface, start, len(rows)), rows, _ROUNDS // 3)
    for _ in range(3):
        slow = np.flatnonzero(~done & np.isfinite(deviance))
        if not len(slow):
            break
        again = surface.reorder(x[slow], rows[slow])
        x[slow], deviance[slow], done[slow] = _descend(surface, again, rows[slow], _ROUNDS)
    return x, deviance, done


def _at(
    surface: Surface, psi: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give deviance and swept matrix at given covariances, by a symmetric root of each."""
    own, axes = np.linalg.eigh(psi)
    root = axes * np.sqrt(np.maximum(own, 0.0))[:, None] @ axes.transpose(0, 2, 1)
    deviance, _, matrix, _ = surface.evaluate(None, np.arange(len(psi)), root=root)
    return deviance, matrix


def _start(surface: Surface, start: tuple[float, float], n: int) -> NDArray[np.float64]:
    """Begin with a common part and a part of each arm's own, both in units of the spread within."""
    psi = np.full((surface.k, surface.k), start[0] ** 2)
    psi[np.diag_indices(surface.k)] += start[1] ** 2
    return np.tile(np.linalg.cholesky(psi)[surface.lower], (n, 1))


def _descend(
    surface: Surface, x: NDArray[np.float64], rows: NDArray[np.int64], rounds: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Walk each replicate downhill until its Newton step is nothing."""
    deviance, gradient, _, _ = surface.evaluate(x, rows)
    done = np.zeros(len(rows), dtype=bool)
    radius = np.full(len(rows), 1.0)
    for _ in range(rounds):
        active = np.flatnonzero(~done & np.isfinite(deviance))
        if not len(active):
            break
        step = _newton(surface, x[active], gradient[active], rows[active])
        length = np.sqrt((step**2).sum(axis=1))
        step *= np.minimum(1.0, radius[active] / np.where(length > 0, length, 1.0))[:, None]
        moved = x[active] + step
        after, slope, _, _ = surface.evaluate(moved, rows[active])
        slack = 1e-12 * (1 + np.abs(deviance[active]))
        better = after <= deviance[active] + slack
        taken = active[better]
        x[taken], deviance[taken], gradient[taken] = moved[better], after[better], slope[better]
        radius[taken] = np.maximum(radius[taken], 2 * length[better])
        radius[active[~better]] = 0.25 * np.minimum(radius, 1e9)[active[~better]]
        small = length < 1e-9 * (1 + np.sqrt((x[active] ** 2).sum(axis=1)))
        done[active[small | (radius[active] < 1e-12)]] = True
    return x, deviance, done


def _newton(
    surface: Surface, x: NDArray[np.float64], gradient: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give a downhill Newton step; directions of no curvature and no slope are left alone."""
    n, size = x.shape
    hessian = np.empty((n, size, size))
    for place in range(size):
        nudge = _NUDGE * np.maximum(1.0, np.abs(x[:, place]))
        near = x.copy()
        near[:, place] += nudge
        hessian[:, place] = (surface.evaluate(near, rows)[1] - gradient) / nudge[:, None]
    hessian = np.nan_to_num((hessian + hessian.transpose(0, 2, 1)) / 2, posinf=0, neginf=0)
    curve, axes = np.linalg.eigh(hessian)
    along = np.einsum("rij,ri->rj", axes, gradient)
    least = 1e-7 * np.abs(curve).max(axis=1, keepdims=True) + 1e-10
    flat = (np.abs(curve) < 10 * least) & (np.abs(along) < 1e-7)
    scaled = np.where(flat, 0.0, -along / np.maximum(np.abs(curve), least))
    return np.einsum("rij,rj->ri", axes, scaled)


def _read(
    surface: Surface,
    psi: NDArray[np.float64],
    matrix: NDArray[np.float64],
    deviance: NDArray[np.float64],
    reason: NDArray[np.object_],
) -> Fits:
    """Take effects and variances from the swept matrix, NaN where there is no estimate."""
    p, k = surface.q - 1, surface.k
    blank = np.where(reason == "", 1.0, np.nan)
    within = matrix[p, p] / (surface.n - p) * blank
    between = psi * within[:, None, None]
    beta = matrix[:p, p].T * blank[:, None]
    return Fits(beta[:, :k].copy(), beta[:, k:].copy(), within, between, deviance, reason)
