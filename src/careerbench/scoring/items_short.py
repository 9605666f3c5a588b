"""The items that each criterion lacks: the fewest that would meet its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.scoring import standing, states
from careerbench.scoring.standing import APPLIES, COUNTS, HOLDS
from careerbench.scoring.table import texts
from careerbench.scoring.ways import NOTHING_TO_DO, Part, Way, part_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.frameworks import Criterion, Framework
    from careerbench.scoring.standing import Standing


def add_items(
    table: pd.DataFrame, units: pd.DataFrame, unit: NDArray, items: Standing, framework: Framework
) -> None:
    """Add ``n_items_short`` and ``items`` to the rows of ``holding_back``.

    ``unit`` says which of ``units`` each row is about.
    """
    unit = _places(units, items)[unit]
    short = np.zeros(len(table), dtype=np.int64)
    said, words = np.zeros(len(table), dtype=np.int64), [""]
    to_partial = (table["next_state"] == states.PARTIAL).to_numpy(dtype=bool)
    for benchmark in framework.benchmarks:
        for criterion in benchmark.criteria:
            mine = np.flatnonzero((table["criterion"] == criterion.id).to_numpy(dtype=bool))
            places = items.of([item.id for item in criterion.items if item.scored])
            marks = items.marks[unit[mine]][:, places]
            patterns, which = standing.patterns(marks)
            parts = [item_part(criterion, places, pattern) for pattern in patterns]
            short[mine] = np.array([part.ways[0].n_items for part in parts], dtype=np.int64)[which]
            named = [", ".join(items.parts[n] for n in part.ways[0].items) for part in parts]
            said[mine] = len(words) + which
            words.extend(named)
    table["n_items_short"] = np.where(to_partial, np.minimum(short, 1), short)
    table["items"] = texts(words, said)


def item_part(criterion: Criterion, places: list[int], marks: NDArray[np.uint8]) -> Part:
    """Judge a criterion by its items' marks; a way costs one for each item."""
    names = [item.id for item in criterion.items if item.scored]
    parts = {
        name: _leaf(place, int(mark))
        for name, place, mark in zip(names, places, marks, strict=True)
    }
    return part_of(criterion.rule, parts, keep=1)


def _leaf(place: int, mark: int) -> Part:
    if mark & HOLDS and mark & COUNTS:
        return Part(bool(mark & APPLIES), True, True, (NOTHING_TO_DO,), 1)
    if mark & APPLIES:
        return Part(True, bool(mark & COUNTS), False, (Way(1, 0, 1, (), (place,)),), 1)
    return Part(False, False, False)


def _places(units: pd.DataFrame, items: Standing) -> NDArray[np.intp]:
    """Find each school and wave among those of the items."""
    import pandas as pd

    keys = ["school_urn", "wave"]
    known = pd.MultiIndex.from_frame(items.units[keys].astype("str"))
    return known.get_indexer(pd.MultiIndex.from_frame(units[keys].astype("str")))
