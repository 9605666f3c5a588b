"""What ``cheapest_path`` found, laid out by school and step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from careerbench.result import Result
from careerbench.scoring.table import texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.frameworks import Framework
    from careerbench.scoring.standing import Standing
    from careerbench.scoring.ways_of_benchmark import BenchmarkWays

_ALREADY, _REACHED, _OUT_OF_REACH = "already there", "can be reached", "too few apply"
REACH = (_ALREADY, _REACHED, _OUT_OF_REACH)


@dataclass(frozen=True, eq=False)
class CheapestPath(Result):
    """The cheapest way to a target for each school and wave.

    ``steps`` has a row for each item (or criterion, where items are not known) still to be met:
    ``school_urn``, ``wave``, ``benchmark``, ``criterion``, ``item``, in the framework's order.
    """

    steps: pd.DataFrame
    target: str
    framework: str
    priced: bool

    caption: ClassVar[str] = "Cheapest way to the target"
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_achieved": (),
        "n_target": (),
        "n_criteria": ("cost",),
        "n_items": ("cost",),
        "n_unanswered": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is smallest, how ties are broken, and what the way is not."""
        unit = "cost: the sum of the prices given" if self.priced else "cost: how many are counted"
        return (
            f"Target: {self.target}. {unit}; of equal ones the way with fewer criteria, then fewer "
            "items, then the first in the framework's order.",
            f"{_ALREADY}: nothing is left to do; {_OUT_OF_REACH}: fewer Benchmarks apply to the "
            "school than the target asks for.",
            "The way follows from the framework's rules and the answers alone: it says what the "
            "score needs, not what pupils need most.",
        )


@dataclass(frozen=True)
class Chosen:
    """Which Benchmarks each unit turns to (a column each), how many it must have, and its reach."""

    turned_to: NDArray[np.bool_]
    n_target: NDArray[np.int64]
    reach: NDArray[np.int64]


def path_table(
    ways: Sequence[BenchmarkWays], chosen: Chosen, stands: Standing, framework: Framework
) -> pd.DataFrame:
    """Lay out a row for each unit."""
    table = stands.units.copy()
    table["n_achieved"] = sum(one.achieved.astype(np.int64) for one in ways)
    table["n_target"] = chosen.n_target
    table["reach"] = texts(REACH, chosen.reach)
    cost, *counts = (_summed(ways, chosen.turned_to, number) for number in range(3))
    table["cost"] = np.where(chosen.reach == REACH.index(_OUT_OF_REACH), np.nan, cost)
    table["n_criteria"] = counts[0].astype(np.int64)
    if stands.what == "item":
        table["n_items"] = counts[1].astype(np.int64)
    for name, words in _words(ways, stands, framework).items():
        table[name] = _joined(words, ways, chosen)
    lacking = np.stack([one.n_unanswered for one in ways], axis=1)
    table["n_unanswered"] = (lacking * chosen.turned_to).sum(axis=1)
    table["framework"] = texts([framework.id], np.zeros(len(table), dtype=np.int8))
    return table


def path_steps(
    ways: Sequence[BenchmarkWays], chosen: Chosen, stands: Standing, framework: Framework
) -> pd.DataFrame:
    """Lay out a row for each unit and item, or criterion, still to be met."""
    import pandas as pd

    steps = [
        _steps(one, turned, stands, framework)
        for one, turned in zip(ways, chosen.turned_to.T, strict=True)
    ]
    rows = pd.concat(steps, ignore_index=True).sort_values("unit", kind="stable", ignore_index=True)
    units = stands.units.iloc[rows["unit"]].reset_index(drop=True)
    return units.join(rows.drop(columns="unit"))


def _words(
    ways: Sequence[BenchmarkWays], stands: Standing, framework: Framework
) -> dict[str, list[list[str]]]:
    """Name what each way meets: Benchmarks, criteria and, where they are known, items."""
    names = [part.id for whole in framework.benchmarks for part in whole.criteria]
    words = {
        "benchmarks": [[one.benchmark * bool(way.criteria) for way in one.ways] for one in ways],
        "criteria": [
            [", ".join(names[n] for n in way.criteria) for way in one.ways] for one in ways
        ],
    }
    if stands.what == "item":
        words["items"] = [
            [", ".join(stands.parts[n] for n in way.items) for way in one.ways] for one in ways
        ]
    return words


def _summed(ways: Sequence[BenchmarkWays], turned_to: NDArray[np.bool_], number: int) -> NDArray:
    """Add up, exactly, the cost or a count of each unit's ways."""
    totals = np.zeros(len(turned_to), dtype=object)
    for one, turned in zip(ways, turned_to.T, strict=True):
        values = np.array([way[number] for way in one.ways] or [0], dtype=object)
        totals = totals + values[one.which] * turned
    return totals.astype(np.float64)


def _steps(
    one: BenchmarkWays, turned: NDArray[np.bool_], stands: Standing, framework: Framework
) -> pd.DataFrame:
    """List what each unit that turns to a Benchmark must still meet there."""
    import pandas as pd

    criteria = [part for whole in framework.benchmarks for part in whole.criteria]
    owner = {item.id: part.id for part in criteria for item in part.items}
    items = [stands.parts[place] for way in one.ways for place in way.items]
    if stands.what == "item":
        sizes, flat = [way.n_items for way in one.ways], [owner[item] for item in items]
    else:
        sizes = [way.n_criteria for way in one.ways]
        flat = [criteria[place].id for way in one.ways for place in way.criteria]
    lengths = np.where(turned, np.array(sizes)[one.which], 0)
    starts = np.cumsum([0, *sizes])[:-1]
    unit = np.repeat(np.arange(len(turned)), lengths)
    within = np.arange(len(unit)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = starts[one.which[unit]] + within
    columns = {"unit": unit, "benchmark": texts([one.benchmark], np.zeros(len(unit), np.int8))}
    columns["criterion"] = texts(flat or [""], place)
    if stands.what == "item":
        columns["item"] = texts(items or [""], place)
    return pd.DataFrame(columns)


def _joined(named: Sequence[list[str]], ways: Sequence[BenchmarkWays], chosen: Chosen) -> object:
    """Join each unit's names over the Benchmarks it turns to; empty where nothing is to be done."""
    import pandas as pd

    columns = [
        np.where(turned, np.array(words, dtype=object)[one.which], "")
        for words, one, turned in zip(named, ways, chosen.turned_to.T, strict=True)
    ]
    words = [", ".join(filter(None, row)) for row in zip(*columns, strict=True)]
    return pd.array(words, dtype="str")
