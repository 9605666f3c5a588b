"""``Cube``: every margin of the declared dimensions, each cell as a sum of base cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.axes import ALL, Axis, Dimension, blocks_of, read_axes
from careerbench.disclosure.cells import Cells, same_cells
from careerbench.disclosure.primary import is_sensitive
from careerbench.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from scipy import sparse

    from careerbench.disclosure.parse import Policy

    Levels = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Cube:
    """Every cell of a tensor product of hierarchies, over base cells that can hold somebody.

    Attributes
    ----------
    positions : DataFrame
        One row per cell and one column per dimension column; ``All`` stands for a margin.
    membership : sparse array, positions by base cells
        1 where the base cell is part of the cell.
    base : array of int
        Count of every base cell.
    is_answer : array of bool
        True where the cell counts one answer, False where it counts a group.
    published, virtual : array of bool
        Cells with a place in the release, and cells that only cut wide blocks.
    same : array of int
        Cells with the same number are the same cell in two places.
    cells : Cells
        The system to be protected: one cell for each number in ``same``.
    """

    positions: pd.DataFrame
    membership: sparse.csr_array
    base: NDArray[np.int64]
    is_answer: NDArray[np.bool_]
    published: NDArray[np.bool_]
    virtual: NDArray[np.bool_]
    same: NDArray[np.int64]
    cells: Cells

    @property
    def counts(self) -> NDArray[np.int64]:
        """The true count of every position."""
        return np.asarray(self.membership @ self.base, dtype=np.int64)


def build_cube(
    base: pd.DataFrame,
    dimensions: Sequence[Dimension],
    *,
    policy: Policy,
    unit: str = "pupils",
    count: str = "n",
    publish: Callable[[Levels], bool] | None = None,
) -> Cube:
    """Build every margin of base counts, ready to be protected.

    Parameters
    ----------
    base : DataFrame
        One row per combination of the finest categories that can hold somebody, with every answer
        of it (a count of 0 included), and the count in ``count``.
    dimensions : sequence of Dimension
        At most one of them holds the answers.
    policy : Policy
        Says which counts are sensitive.
    unit : str, default "pupils"
        What is counted: a key of ``policy.threshold``.
    publish : callable, optional
        Takes the filled columns of each dimension, in order, and says whether cells of that form
        are published; default all. What is not published is protected all the same.

    Returns
    -------
    Cube

    Raises
    ------
    DisclosureError
        If a category lies in two coarser ones, or the policy has no rule for the unit.
    """
    if unit not in policy.threshold:
        raise DisclosureError(
            f"build_cube: the policy '{policy.id}' has no threshold for {unit}.",
            found=", ".join(policy.threshold),
            hint=f"[threshold] {unit} = ... in a policy file of your own",
        )
    axes = read_axes(base, dimensions)
    forms = list(product(*(range(len(axis.levels)) for axis in axes)))
    shown = [_is_published(axes, form, publish) for form in forms]
    counts = base[count].to_numpy(dtype=np.int64)
    membership, starts = _membership(axes, forms, len(base))
    sizes = np.diff(np.r_[starts, membership.shape[0]])
    forms_of = np.repeat(np.arange(len(forms)), sizes)
    is_answer = np.repeat([_has_answer(axes, form) for form in forms], sizes)
    virtual = np.repeat([_is_virtual(axes, form) for form in forms], sizes)
    published = np.repeat(shown, sizes)
    same = same_cells(membership)
    return Cube(
        positions=_positions(axes, forms),
        membership=membership,
        base=counts,
        is_answer=is_answer,
        published=published & ~virtual,
        virtual=virtual,
        same=same,
        cells=_cells(
            axes, forms, forms_of, membership, counts, is_answer, published, virtual, same,
            policy, unit,
        ),
    )  # fmt: skip


def _membership(
    axes: list[Axis], forms: list[tuple[int, ...]], n_base: int
) -> tuple[sparse.csr_array, list[int]]:
    """Give numbers to the cells, form by form, and say which base cells each holds."""
    from scipy import sparse

    rows, starts, first = [], [], 0
    for form in forms:
        code = np.zeros(n_base, dtype=np.int64)
        for axis, level in zip(axes, form, strict=True):
            code = code * (axis.levels[level].n_nodes) + axis.levels[level].codes
        numbers, inverse = np.unique(code, return_inverse=True)
        rows.append(inverse + first)
        starts.append(first)
        first += len(numbers)
    ones = np.ones(n_base * len(forms), dtype=np.int64)
    columns = np.tile(np.arange(n_base), len(forms))
    where = (np.concatenate(rows), columns)
    return sparse.csr_array((ones, where), shape=(first, n_base)), starts


def _positions(axes: list[Axis], forms: list[tuple[int, ...]]) -> pd.DataFrame:
    """Label the cells in the order in which they were numbered."""
    import pandas as pd

    parts: dict[str, list[NDArray]] = {name: [] for axis in axes for name in axis.dimension.names}
    for form in forms:
        chosen = [axis.levels[level] for axis, level in zip(axes, form, strict=True)]
        code = np.zeros(len(chosen[0].codes), dtype=np.int64)
        for level in chosen:
            code = code * level.n_nodes + level.codes
        _, first = np.unique(code, return_index=True)
        for axis, level in zip(axes, chosen, strict=True):
            for name in axis.dimension.names:
                words = level.labels.get(name)
                part = np.full(len(first), ALL, dtype=object) if words is None else words[first]
                parts[name].append(part)
    return pd.DataFrame({name: np.concatenate(part) for name, part in parts.items()}, dtype="str")


def _is_published(
    axes: list[Axis], form: tuple[int, ...], publish: Callable[[Levels], bool] | None
) -> bool:
    filled = []
    for axis, number in zip(axes, form, strict=True):
        level = axis.levels[number]
        if not level.filled and not axis.dimension.total:
            return False
        filled.append(axis.levels[-1].filled if level.virtual else level.filled)
    return publish is None or bool(publish(tuple(filled)))


def _has_answer(axes: list[Axis], form: tuple[int, ...]) -> bool:
    """Say whether cells of a form count an answer; without an answer dimension all do."""
    answers = [n for n, axis in enumerate(axes) if axis.dimension.answer]
    return not answers or any(axes[n].levels[form[n]].filled for n in answers)


def _is_virtual(axes: list[Axis], form: tuple[int, ...]) -> bool:
    return any(axis.levels[level].virtual for axis, level in zip(axes, form, strict=True))


def _cells(
    axes: list[Axis],
    forms: list[tuple[int, ...]],
    forms_of: NDArray[np.int64],
    membership: sparse.csr_array,
    base: NDArray[np.int64],
    is_answer: NDArray[np.bool_],
    published: NDArray[np.bool_],
    virtual: NDArray[np.bool_],
    same: NDArray[np.int64],
    policy: Policy,
    unit: str,
) -> Cells:
    """Bring positions that are the same cell together, and say what is asked of each."""
    first = np.unique(same, return_index=True)[1]
    n = len(first)

    def anywhere(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        found = np.zeros(n, dtype=bool)
        np.logical_or.at(found, same, flags)
        return found

    values = np.asarray(membership @ base)
    sensitive = is_sensitive(values, is_answer, policy.threshold[unit], policy.zeros_sensitive)
    main = max(range(len(axes)), key=lambda number: axes[number].breadth)
    depth = np.array([axes[main].depth_of(form[main]) for form in forms])
    fine = np.array([sum(map(bool, form)) - bool(form[main]) for form in forms])
    blocks = blocks_of(axes, main)
    seen = anywhere(published & ~virtual)
    kept = seen & (values[first] == 0) if policy.zeros_always_shown else np.zeros(n, dtype=bool)
    rank = depth[forms_of] * 100 + fine[forms_of]
    tier = np.clip(depth[forms_of] - 1, 0, len(blocks) - 1)
    return Cells(
        membership=membership[first].tocsr(),
        base=base,
        published=anywhere(published),
        sensitive=anywhere(sensitive & ~(is_answer & virtual & (values == 0))),
        rank=rank[first],
        tier=tier[first],
        base_blocks=blocks,
        virtual=~seen & anywhere(virtual & published),
        kept=kept,
        floor=(seen & policy.zeros_always_shown).astype(np.int64),
    )
