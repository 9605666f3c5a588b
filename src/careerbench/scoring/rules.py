"""The arithmetic of rules: how what is met below becomes a verdict above.

Every rule is a count. *All of* needs every applicable part, *any of* one, *at least k* the smaller
of ``k`` and the applicable parts. A whole with no applicable part is itself not applicable. The
same lines work on numpy arrays, one entry for each school and wave, and on expressions of a
lazy frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from careerbench.frameworks import Benchmark, Criterion, Rule

Column = Any
"""A numpy array or an expression: whatever adds, compares and knows ``&`` and ``|``."""


@dataclass(frozen=True)
class Leaf:
    """What is known of one item: columns of 0 and 1.

    ``answered`` says that there is an answer, ``complete`` that nothing is missing: an item asked
    by year group can be the one and not the other.
    """

    applies: Column
    answered: Column
    complete: Column
    met: Column


@dataclass(frozen=True)
class Verdict:
    """What is known of a criterion or Benchmark.

    ``n_applicable``, ``n_answered``, ``n_complete`` and ``n_met`` count items; ``n_parts_met`` and
    ``n_parts_applicable`` count what stands directly below; ``holds`` and ``counts`` are columns
    of 0 and 1: is the rule met, and does the whole count for the one above.
    """

    n_items: int
    n_applicable: Column
    n_answered: Column
    n_complete: Column
    n_met: Column
    n_parts_met: Column
    n_parts_applicable: Column
    holds: Column
    counts: Column


@dataclass(frozen=True)
class Arithmetic:
    """How the columns at hand turn a comparison into 0 and 1, and what ``missing`` does."""

    as_number: Callable[[Column], Column]
    missing: str


def parts_needed(rule: Rule, n_parts: int) -> int:
    """Return how many parts a rule needs when all ``n_parts`` apply.

    Examples
    --------
    >>> from careerbench.frameworks import Rule
    >>> [parts_needed(rule, 4) for rule in (Rule("all_of"), Rule("any_of"), Rule("at_least", 3))]
    [4, 1, 3]
    """
    return {"all_of": n_parts, "any_of": 1, "at_least": rule.k}[rule.kind]


def holds(n_met: Column, n_needed: int, n_applicable: Column) -> Column:
    """Say whether enough parts are met: ``n_needed`` of them, or all that apply.

    Examples
    --------
    >>> [bool(holds(met, 2, applicable)) for met, applicable in [(2, 3), (1, 3), (1, 1), (0, 0)]]
    [True, False, True, False]
    """
    return (n_applicable > 0) & ((n_met >= n_needed) | (n_met >= n_applicable))


def judge_criterion(
    criterion: Criterion, leaves: Mapping[str, Leaf], arithmetic: Arithmetic
) -> Verdict:
    """Judge a criterion by its scored items."""
    mine = [leaves[item.id] for item in criterion.items if item.scored]
    exclude = arithmetic.missing == "exclude"
    base = [leaf.answered if exclude else leaf.applies for leaf in mine]
    met, applicable = _total([leaf.met for leaf in mine]), _total(base)
    verdict = holds(met, parts_needed(criterion.rule, len(mine)), applicable)
    return Verdict(
        n_items=len(mine),
        n_applicable=_total([leaf.applies for leaf in mine]),
        n_answered=_total([leaf.answered for leaf in mine]),
        n_complete=_total([leaf.complete for leaf in mine]),
        n_met=met,
        n_parts_met=met,
        n_parts_applicable=applicable,
        holds=arithmetic.as_number(verdict),
        counts=arithmetic.as_number(applicable > 0),
    )


def judge_benchmark(
    benchmark: Benchmark, criteria: Sequence[Verdict], arithmetic: Arithmetic
) -> Verdict:
    """Judge a Benchmark by its criteria."""
    met = _total([criterion.holds for criterion in criteria])
    applicable = _total([criterion.counts for criterion in criteria])
    verdict = holds(met, parts_needed(benchmark.rule, len(criteria)), applicable)
    return Verdict(
        n_items=sum(criterion.n_items for criterion in criteria),
        n_applicable=_total([criterion.n_applicable for criterion in criteria]),
        n_answered=_total([criterion.n_answered for criterion in criteria]),
        n_complete=_total([criterion.n_complete for criterion in criteria]),
        n_met=_total([criterion.n_met for criterion in criteria]),
        n_parts_met=met,
        n_parts_applicable=applicable,
        holds=arithmetic.as_number(verdict),
        counts=arithmetic.as_number(applicable > 0),
    )


def _total(columns: Sequence[Column]) -> Column:
    """Add columns up."""
    first, *rest = columns
    for column in rest:
        first = first + column
    return first
