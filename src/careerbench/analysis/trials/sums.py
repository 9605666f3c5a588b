"""Everything the data say, in sums: sizes and means of cells, and products within them.

A cell is the pupils of one arm in one school. For normal models no more of the data is needed,
and a replicate is the same sums with other weights: no replicate ever touches a row twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.trials.design import Trial


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums of many data sets of the same shape ("replicates"), or of one.

    ``weight`` (R, J): how often school j is in replicate r. ``size`` (1 or R, J, C), ``arm``
    (1 or R, J, C) and ``mean`` (1 or R, J, C, V): pupils, arm and column means of each cell; C is
    1 where whole schools are assigned. ``within`` (R, V, V): products about the cell means,
    weighted and summed. The last column is the outcome.
    """

    weight: NDArray[np.float64]
    size: NDArray[np.float64]
    arm: NDArray[np.int64]
    mean: NDArray[np.float64]
    within: NDArray[np.float64]
    n_arms: int

    @property
    def n_replicates(self) -> int:
        """Number of data sets."""
        return len(self.weight)

    def take(self, rows: NDArray) -> Cells:
        """Keep some replicates."""
        shared = {name: getattr(self, name) for name in ("size", "arm", "mean")}
        kept = {name: part if len(part) == 1 else part[rows] for name, part in shared.items()}
        return replace(self, weight=self.weight[rows], within=self.within[rows], **kept)

    def columns(self, keep: list[int]) -> Cells:
        """Keep some columns, the outcome last among them."""
        return replace(
            self, mean=self.mean[..., keep], within=self.within[:, keep][:, :, keep].copy()
        )

    def arm_sums(self, power: int) -> NDArray[np.float64]:
        """Sum the sizes of the cells of each arm to a power: (R, arms); power 0 counts cells."""
        found = np.empty((self.n_replicates, self.n_arms))
        sizes = np.where(self.size > 0, self.size, 0.0) ** power if power else self.size > 0
        for code in range(self.n_arms):
            by_school = np.where(self.arm == code, sizes, 0.0).sum(axis=2)
            found[:, code] = (self.weight * by_school).sum(axis=1)
        return found

    def schools(self) -> Cells:
        """Merge the cells of each school into one; its arm no longer means anything."""
        if self.size.shape[2] == 1:
            return self
        size = self.size.sum(axis=2, keepdims=True)
        share = self.size / np.where(size > 0, size, 1.0)
        mean = (share[..., None] * self.mean).sum(axis=2, keepdims=True)
        apart = self.mean - mean
        spread = np.einsum("rjc,rjcv,rjcw->rjvw", self.size, apart, apart)
        within = self.within + summed(self.weight, spread)
        arm = np.zeros(size.shape, dtype=np.int64)
        return replace(self, size=size, arm=arm, mean=mean, within=within)


def summed(weight: NDArray[np.float64], by_school: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up what schools have (1 or R, J, ...) by their weights (R, J)."""
    flat = by_school.reshape(*by_school.shape[:2], -1)
    shared = len(flat) == 1
    total = weight @ flat[0] if shared else np.einsum("rj,rjq->rq", weight, flat)
    return total.reshape(len(total), *by_school.shape[2:])


@dataclass(frozen=True, eq=False)
class Base:
    """The trial itself, cell by cell, ready to be weighted anew."""

    cells: Cells
    within_school: NDArray[np.float64]  # (J, V, V): products about cell means, by school
    order: NDArray[np.int64]  # rows of the trial sorted by cell
    starts: NDArray[np.int64]  # where each filled cell begins in that order
    filled: NDArray[np.int64]  # the number, school * C + place, of each filled cell
    deviation: NDArray[np.float64]  # (N, V) values less their cell's mean, rows sorted by cell

    @property
    def shape(self) -> tuple[int, int]:
        """Schools, and cells in each."""
        _, n_schools, n_cells = self.cells.size.shape
        return n_schools, n_cells


def base_of(trial: Trial) -> Base:
    """Sum one trial up; in the simple design every row is a cell of its own."""
    simple = trial.design == "simple"
    n_cells = trial.n_arms if trial.design == "multisite" else 1
    school = np.arange(trial.n_pupils) if simple else trial.school
    n_schools = trial.n_pupils if simple else trial.n_schools
    code = school * n_cells + (trial.arm if n_cells > 1 else 0)
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    filled = code[order][starts]
    values = trial.columns[order]
    size = np.diff(starts, append=len(code)).astype(np.float64)
    sums = np.add.reduceat(values, starts, axis=0)
    mean = sums / size[:, None]
    deviation = values - np.repeat(mean, size.astype(np.int64), axis=0)
    products = np.add.reduceat(deviation[:, :, None] * deviation[:, None, :], starts, axis=0)
    n_values = values.shape[1]
    within_school = np.zeros((n_schools, n_values, n_values))
    np.add.at(within_school, filled // n_cells, products)
    whole = np.zeros((n_schools * n_cells, n_values + 1))
    whole[filled] = np.column_stack([size, mean])
    arm = np.tile(np.arange(n_cells), (n_schools, 1))
    if n_cells == 1:
        arm[filled, 0] = trial.arm[order][starts]
    cells = Cells(
        weight=np.ones((1, n_schools)),
        size=whole[:, 0].reshape(1, n_schools, n_cells),
        arm=arm[None],
        mean=whole[:, 1:].reshape(1, n_schools, n_cells, n_values),
        within=within_school.sum(axis=0)[None],
        n_arms=trial.n_arms,
    )
    return Base(cells, within_school, order, starts, filled, deviation)


def reweighted(base: Base, weight: NDArray[np.float64]) -> Cells:
    """Count each school as often as it was drawn: a school drawn twice is two schools."""
    return replace(base.cells, weight=weight, within=summed(weight, base.within_school[None]))


def recounted(base: Base, count: NDArray[np.float64]) -> Cells:
    """Count each pupil as often as drawn, in its own school; ``count`` is (R, N), rows as given."""
    n_replicates, (n_schools, n_cells) = len(count), base.shape
    n_values = base.deviation.shape[1]
    count = count[:, base.order]
    products = base.deviation[:, :, None] * base.deviation[:, None, :]
    total = count @ products.reshape(len(products), -1)
    sums = np.zeros((n_replicates, n_schools * n_cells, n_values + 1))
    columns = np.column_stack([np.ones(len(base.order)), base.deviation])
    ends = np.append(base.starts[1:], len(base.order))
    for cell, start, end in zip(base.filled, base.starts, ends, strict=True):
        sums[:, cell] = count[:, start:end] @ columns[start:end]
    size = sums[:, :, 0]
    shift = sums[:, :, 1:] / np.where(size > 0, size, 1.0)[:, :, None]
    lost = np.matmul((shift * size[:, :, None]).transpose(0, 2, 1), shift)
    first = base.cells.mean.reshape(1, n_schools * n_cells, n_values)
    by_school = size.reshape(n_replicates, n_schools, n_cells)
    return replace(
        base.cells,
        weight=(by_school.sum(axis=2) > 0).astype(np.float64),
        size=by_school,
        mean=(first + shift).reshape(n_replicates, n_schools, n_cells, n_values),
        within=total.reshape(n_replicates, n_values, n_values) - lost,
    )
