"""One question at one wave: its cube built and protected, beside what was released before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.cube import Cube, build_cube
from careerbench.disclosure.protection import Protected, protect_cells
from careerbench.errors import DisclosureError, counted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.populations import Population

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_ROUNDS = 4
KEY = ("topic", "item", "wave")
MARKS = ("n", "hidden", "own", "scored", "unit")
"""Columns of the cells in work that are neither places nor answers."""


def as_counted(population: Population, policy: Policy) -> pd.DataFrame:
    """Lay out every cell with its count, nothing hidden yet."""
    return _part(population, _cube(population, policy, unit=next(iter(policy.threshold))))


def as_protected(
    population: Population, policy: Policy, earlier: pd.DataFrame | None
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Lay out every cell with its count and whether it must be hidden; and what was proved.

    Parameters
    ----------
    population : Population
    policy : Policy
    earlier : DataFrame or None
        The same question's counts in an earlier release, or in the question's other form: what
        they show stays shown, what they hide stays hidden.
    """
    cube = _cube(population, policy)
    width = np.full(len(cube.cells), float(policy.width_of(population.unit)))
    if population.sizes_known:
        cube, width = _with_sizes_known(cube, width)
    if earlier is not None:
        cube = _beside(cube, earlier)
    done = protect_cells(cube.cells, width=width)
    if earlier is None and not policy.zeros_always_shown:
        done = _with_known_categories(cube, population, done, width)
    n_open = int((~done.proven).sum())
    if n_open:
        raise DisclosureError(
            f"build_release: {population.topic}, {population.item}, {population.wave}: "
            f"{counted(n_open, 'count')} could not be proved safe"
            f"{' beside the earlier release' if earlier is not None else ''}.",
            found=f"{len(cube.cells)} cells",
            hint="fewer characteristics or less depth in [release] of study.toml",
        )
    hidden = (done.hidden | ~cube.cells.published)[cube.same] & cube.published
    own = (cube.cells.sensitive & cube.cells.published)[cube.same] & hidden
    proved = {  # not how many of the hidden are small: that alone can pin a few cells down
        **{name: getattr(population, name) for name in KEY},
        "n_cells": int(cube.published.sum()),
        "n_hidden": int(hidden.sum()),
        "n_narrow": 0,
    }
    return _part(population, cube, hidden, own), proved


def same_people(population: Population, policy: Policy, earlier: pd.DataFrame) -> bool:
    """Say whether everything that an earlier release shows of a question is still its count."""
    cube = _cube(population, policy)
    joined = _joined(cube, earlier)
    n_found = int(joined["_was"].notna().sum())
    shown = joined["value"].notna()
    same = (joined["value"] == cube.counts)[shown].all()
    return bool(same) and n_found == len(_of_this_form(cube, earlier))


def adds_cells(population: Population, policy: Policy, earlier: pd.DataFrame) -> bool:
    """Say whether a release would have cells of a question that an earlier one has not."""
    cube = _cube(population, policy)
    return bool((_joined(cube, earlier)["_was"].isna() & cube.published).any())


def _cube(population: Population, policy: Policy, *, unit: str | None = None) -> Cube:
    return build_cube(
        population.base,
        population.dimensions,
        policy=policy,
        unit=unit or population.unit,
        publish=population.publish,
    )


def _of_this_form(cube: Cube, earlier: pd.DataFrame) -> pd.DataFrame:
    """Keep what an earlier release has of the cube's columns: all others must be margins."""
    names = list(cube.positions.columns)
    told = set(earlier.columns) - {*KEY, *names, "unit", "measure", "value", "reason"}
    known = earlier[(earlier[sorted(told)] == ALL).all(axis=1)].reindex(columns=[*names, "value"])
    texts = known[names].astype("object").fillna(ALL).astype("str")
    return known.assign(**{name: texts[name] for name in names})


def _joined(cube: Cube, earlier: pd.DataFrame) -> pd.DataFrame:
    """Look every position up in an earlier release: ``_was`` is shown, hidden or blank."""
    names = list(cube.positions.columns)
    known = _of_this_form(cube, earlier)
    known["_was"] = np.where(known["value"].notna(), "shown", "hidden")
    return cube.positions.merge(known, on=names, how="left", validate="one_to_one")


def _beside(cube: Cube, earlier: pd.DataFrame) -> Cube:
    """Count what an earlier release shows as shown, and what it hides as hidden."""
    was = _joined(cube, earlier)["_was"]
    shown, hidden = (was == "shown").to_numpy(), (was == "hidden").to_numpy()
    cells = cube.cells

    def anywhere(flags: Bools) -> Bools:
        found = np.zeros(len(cells), dtype=bool)
        np.logical_or.at(found, cube.same, flags)
        return found

    open_, closed = anywhere(shown), anywhere(hidden) & ~anywhere(shown)
    return replace(
        cube,
        published=cube.published | shown | hidden,
        cells=replace(
            cells,
            # hidden before for the sake of others: not to be shown, and nothing to be protected
            published=(cells.published | open_ | closed) & ~(closed & ~cells.sensitive),
            kept=cells.kept | open_,
            sensitive=cells.sensitive & ~open_,
        ),
    )


def _with_sizes_known(cube: Cube, width: Floats) -> tuple[Cube, Floats]:
    """Count the sizes of groups as shown, for whoever can look them up elsewhere.

    Of a group of two that everybody knows to be two, no answer can be kept wider than 0 to 2.
    """
    cells = cube.cells
    is_size = np.ones(len(cells), dtype=bool)
    np.logical_and.at(is_size, cube.same, ~cube.is_answer)
    answers = [name for name in cube.positions if name in ("answer_group", "answer")]
    places = [name for name in cube.positions if name not in answers]
    sizes = cube.positions.assign(size=cube.counts).groupby(places)["size"].transform("max")
    most = np.zeros(len(cells))
    np.maximum.at(most, cube.same, sizes.to_numpy(dtype=float))
    known = replace(
        cells, sensitive=cells.sensitive & ~is_size, kept=cells.kept | is_size & cells.published
    )
    return replace(cube, cells=known), np.minimum(width, most)


def _with_known_categories(
    cube: Cube, population: Population, done: Protected, width: Floats
) -> Protected:
    """Protect anew where the size of a whole category is hidden: its row tells that it is not 0.

    The attacker is then given one answer of every such category. To know that one certain group
    gave one certain answer is more than to know that somebody of the category did, so that what
    holds against it holds against a reader of the rows.
    """
    base, known = population.base, np.zeros(len(population.base), dtype=np.int64)
    columns = [
        name for part in population.dimensions[1:] if not part.answer for name in part.columns
    ]
    names = list(cube.positions.columns)
    finest = [name for part in population.dimensions[1:] for name in part.columns[-1:]]
    for _ in range(_ROUNDS):
        size = (cube.positions[[name for name in names if name not in columns]] == ALL).all(axis=1)
        hidden = cube.positions[(size & done.hidden[cube.same]).to_numpy()]
        alone = hidden[
            (hidden[[name for name in finest if name in columns]] != ALL).sum(axis=1) < 2
        ]
        new = 0
        for name in columns:
            for category in set(alone[name]) - {ALL}:
                mine = base.index[base[name] == category]
                if not known[mine].any():
                    known[base.loc[mine, "n"].idxmax()] = 1
                    new += 1
        if not new:
            break
        shifted = replace(cube.cells, base=cube.cells.base - np.minimum(known, base["n"]))
        done = protect_cells(shifted, width=width)
    return done


def _part(
    population: Population, cube: Cube, hidden: Bools | None = None, own: Bools | None = None
) -> pd.DataFrame:
    part = cube.positions[cube.published].reset_index(drop=True)
    for name in KEY:
        part[name] = getattr(population, name)
    part["unit"] = population.unit
    part["n"] = cube.counts[cube.published]
    part["hidden"] = False if hidden is None else hidden[cube.published]
    part["own"] = False if own is None else own[cube.published]
    part["scored"] = population.sums is not None
    return part
