"""The best way to achieve one Benchmark, found once for each pattern in which schools stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from careerbench.scoring.standing import ANSWERED, APPLIES, COMPLETE, COUNTS, HOLDS
from careerbench.scoring.standing import patterns as distinct_rows
from careerbench.scoring.ways import NOTHING_TO_DO, Part, Way, both, looked_at, part_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.frameworks import Benchmark, Criterion, Framework
    from careerbench.scoring.prices import Prices
    from careerbench.scoring.standing import Standing


@dataclass(frozen=True)
class BenchmarkWays:
    """One Benchmark: a pattern for each unit, and for each pattern its best way.

    ``which`` gives each unit's pattern. ``ways`` and ``possible`` have an entry for each
    pattern; ``achieved`` and ``n_unanswered`` (applicable items) one for each unit.
    """

    benchmark: str
    which: NDArray[np.int64]
    ways: list[Way]
    possible: NDArray[np.bool_]
    achieved: NDArray[np.bool_]
    n_unanswered: NDArray[np.int64]


@dataclass(frozen=True)
class _Criterion:
    """One criterion: a pattern for each unit, its parts, and what is known of each unit."""

    which: NDArray[np.int64]
    parts: list[Part]
    answered: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    n_unanswered: NDArray[np.int64]


def ways_of_benchmark(
    benchmark: Benchmark, framework: Framework, stands: Standing, prices: Prices, *, missing: str
) -> BenchmarkWays:
    """Find the best way of each pattern of marks, criterion by criterion first."""
    order = [part.id for one in framework.benchmarks for part in one.criteria]
    names = [part.id for part in benchmark.criteria]
    known = [
        _of_criterion(part, order.index(part.id), stands, prices) for part in benchmark.criteria
    ]
    patterns, which = distinct_rows(np.stack([one.which for one in known], axis=1))
    parts, seen = [], []
    for row in patterns:
        below = {
            name: one.parts[number] for name, one, number in zip(names, known, row, strict=True)
        }
        parts.append(part_of(benchmark.rule, below, keep=1))
        looked = looked_at(benchmark.rule, {name: part.applies for name, part in below.items()})
        seen.append([name in looked for name in names])
    looked_there = np.array(seen, dtype=bool)[which]
    answered = np.stack([one.answered for one in known], axis=1) & looked_there
    complete = np.stack([one.complete for one in known], axis=1) | ~looked_there
    lacking = np.stack([one.n_unanswered for one in known], axis=1) * looked_there
    holds = np.array([part.holds for part in parts], dtype=bool)
    sound = complete.all(axis=1) | (missing != "not_scored")
    return BenchmarkWays(
        benchmark.id,
        which,
        ways=[part.ways[0] if part.ways else NOTHING_TO_DO for part in parts],
        possible=np.array([bool(part.ways) for part in parts], dtype=bool),
        achieved=holds[which] & answered.any(axis=1) & sound,
        n_unanswered=lacking.sum(axis=1),
    )


def _of_criterion(
    criterion: Criterion, number: int, stands: Standing, prices: Prices
) -> _Criterion:
    items = [item.id for item in criterion.items if item.scored]
    by_item = stands.what == "item"
    names = items if by_item else [criterion.id]
    places = stands.of(names)
    marks = stands.marks[:, places]
    patterns, which = distinct_rows(marks)
    whole = Way(prices.criteria.get(criterion.id, 0), 1, 0, (number,), ())
    parts, seen = [], []
    for row in patterns:
        leaves = {
            name: _leaf(
                Way(prices.items[name], 0, 1, (), (place,)) if by_item else whole, int(mark)
            )
            for name, place, mark in zip(names, places, row, strict=True)
        }
        parts.append(_with_price(criterion, leaves, whole) if by_item else leaves[criterion.id])
        applies = {name: leaf.applies for name, leaf in leaves.items()}
        looked = looked_at(criterion.rule, applies) if by_item else names
        seen.append([name in looked for name in names])
    there = np.array(seen, dtype=bool)[which]
    lacking = (stands.n_applicable - stands.n_answered)[:, places]
    return _Criterion(
        which,
        parts,
        answered=(((marks & ANSWERED) > 0) & there).any(axis=1),
        complete=(((marks & COMPLETE) > 0) | ~there).all(axis=1),
        n_unanswered=(lacking * there).sum(axis=1),
    )


def _with_price(criterion: Criterion, leaves: dict[str, Part], whole: Way) -> Part:
    """Judge a criterion by its items; meeting it costs its own price as well."""
    part = part_of(criterion.rule, leaves, keep=1)
    return part if part.holds else replace(part, ways=tuple(both(w, whole) for w in part.ways))


def _leaf(way: Way, mark: int) -> Part:
    """Say how an item or criterion stands; what has no answer can be met though it counts not."""
    if mark & HOLDS and mark & COUNTS:
        return Part(bool(mark & APPLIES), True, True, (NOTHING_TO_DO,), 1)
    if mark & APPLIES:
        return Part(True, bool(mark & COUNTS), False, (way,), 1)
    return Part(False, False, False)
