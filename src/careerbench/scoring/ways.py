"""Ways to make a rule hold: which parts must still be met, the best ways first.

A rule names each part once and every rule is a count, so the parts of a rule are independent: the
best ways of a whole are put together from the best ways of its parts, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from careerbench.scoring.rules import parts_needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from careerbench.frameworks import Rule


class Way(NamedTuple):
    """What to meet: criteria and items by their place in the framework, and what it costs."""

    cost: Decimal | int
    n_criteria: int
    n_items: int
    criteria: tuple[int, ...]
    items: tuple[int, ...]


NOTHING_TO_DO = Way(0, 0, 0, (), ())


@dataclass(frozen=True)
class Part:
    """An item, criterion or rule as it stands, and the ways to make it hold, best first.

    ``applies`` and ``counts`` differ where a missing answer leaves the denominator. ``n_ways``
    counts all smallest sets, also those beyond the ways that were kept.
    """

    applies: bool
    counts: bool
    holds: bool
    ways: tuple[Way, ...] = ()
    n_ways: int = 0


def part_of(rule: Rule, parts: Mapping[str, Part], *, keep: int) -> Part:
    """Judge a rule over its parts and find the ``keep`` best ways to make it hold.

    Ways are ordered by cost, number of criteria, number of items, and place in the framework.

    Examples
    --------
    >>> from careerbench.frameworks import Rule
    >>> def unmet(place):
    ...     return Part(True, True, False, (Way(1, 1, 0, (place,), ()),), 1)
    >>> parts = {"a": unmet(0), "b": unmet(1), "c": Part(True, True, True, (NOTHING_TO_DO,), 1)}
    >>> found = part_of(Rule("at_least", 2), parts, keep=9)
    >>> found.holds, [way.criteria for way in found.ways]
    (False, [(0,), (1,)])
    """
    below = [
        parts[part] if isinstance(part, str) else part_of(part, parts, keep=keep)
        for part in rule.parts or parts
    ]
    needed = parts_needed(rule, len(below))
    if rule.kind == "first_of":
        below = [part for part in below if part.applies][:1]
    counted = [part for part in below if part.counts]
    met = sum(part.holds for part in counted)
    applies = any(part.applies for part in below)
    if counted and met >= min(needed, len(counted)):
        return Part(applies, True, True, (NOTHING_TO_DO,), 1)
    unmet = [part for part in counted if not part.holds]
    silent = [part for part in below if part.applies and not part.counts and part.ways]
    ways, n_ways = _ways(unmet, silent, needed - met, keep)
    return Part(applies, bool(counted), False, ways, n_ways)


def looked_at(rule: Rule, applies: Mapping[str, bool]) -> list[str]:
    """List the parts that a rule looks at: of *first of*, only the first that applies.

    Examples
    --------
    >>> from careerbench.frameworks import Rule
    >>> looked_at(Rule("first_of"), {"by_14": False, "by_16": True, "by_18": True})
    ['by_16']
    """
    below = [
        [part] if isinstance(part, str) else looked_at(part, applies)
        for part in rule.parts or applies
    ]
    if rule.kind == "first_of":
        below = [names for names in below if any(applies[name] for name in names)][:1]
    return [name for names in below for name in names]


def _ways(
    unmet: Sequence[Part], silent: Sequence[Part], short: int, keep: int
) -> tuple[tuple[Way, ...], int]:
    """Find the ways when ``short`` parts are lacking, or all that count.

    A silent part has no answer and is not counted; once met it is. So a rule holds when enough
    parts are met, silent ones among them, or when all are met that counted before.
    """
    if not unmet:
        return _choose(silent, 1, keep) if silent else ((), 0)
    if short <= len(unmet):
        return _choose([*unmet, *silent], short, keep)
    all_unmet, n_ways = _choose(unmet, len(unmet), keep)
    others, n_others = _choose([*unmet, *silent], short, keep)
    return best([*all_unmet, *others], keep), n_ways + n_others


def _choose(parts: Sequence[Part], number: int, keep: int) -> tuple[tuple[Way, ...], int]:
    """Choose exactly ``number`` of the parts and a way for each."""
    best_by_size: list[tuple[Way, ...]] = [(NOTHING_TO_DO,), *[()] * number]
    counts = [1, *[0] * number]
    for seen, part in enumerate(parts, start=1):
        for size in range(min(seen, number), 0, -1):
            joined = [both(one, way) for one in best_by_size[size - 1] for way in part.ways]
            best_by_size[size] = best([*best_by_size[size], *joined], keep)
            counts[size] += counts[size - 1] * part.n_ways
    return best_by_size[number], counts[number]


def both(one: Way, other: Way) -> Way:
    """Do two things that have no part in common."""
    return Way(
        one.cost + other.cost,
        one.n_criteria + other.n_criteria,
        one.n_items + other.n_items,
        tuple(sorted(one.criteria + other.criteria)),
        tuple(sorted(one.items + other.items)),
    )


def best(ways: Iterable[Way], keep: int) -> tuple[Way, ...]:
    """Keep the best ways: a tuple compares by cost, then numbers, then places."""
    return tuple(sorted(ways)[:keep])
