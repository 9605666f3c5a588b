"""The arithmetic of rules: how what is met below becomes a verdict above.

Every rule is a count. *All of* needs every applicable part, *any of* one, *at least k* the smaller
of ``k`` and the applicable parts, *first of* the first part that applies. A whole with no
applicable part is itself not applicable. The same lines work on numpy arrays, one entry for each
school and wave, and on expressions of a lazy frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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

    def limited_to(self, asked: Column) -> Leaf:
        """Blank the item where it is not put to the school; ``asked`` is a column of 0 and 1."""
        names = ("applies", "answered", "complete", "met")
        return Leaf(**{name: getattr(self, name) * asked for name in names})


@dataclass(frozen=True)
class Verdict:
    """What is known of an item, a rule over some parts, a criterion or a Benchmark.

    ``n_applicable``, ``n_answered``, ``n_complete`` and ``n_met`` count items; ``n_criteria_met``
    and ``n_criteria_applicable`` criteria; ``holds`` and ``counts`` are columns of 0 and 1: is the
    rule met, and does the whole count for the one above.
    """

    n_items: int
    n_applicable: Column
    n_answered: Column
    n_complete: Column
    n_met: Column
    n_criteria_met: Column
    n_criteria_applicable: Column
    holds: Column
    counts: Column


_COUNTS = (
    "n_applicable", "n_answered", "n_complete", "n_met", "n_criteria_met", "n_criteria_applicable",
)  # fmt: skip


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
    return {"all_of": n_parts, "any_of": 1, "at_least": rule.k, "first_of": 1}[rule.kind]


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
    items = {
        item.id: _judge_item(leaves[item.id], arithmetic) for item in criterion.items if item.scored
    }
    verdict = judge(criterion.rule, items, arithmetic)
    return replace(verdict, n_criteria_met=verdict.holds, n_criteria_applicable=verdict.counts)


def judge_benchmark(
    benchmark: Benchmark, criteria: Sequence[Verdict], arithmetic: Arithmetic
) -> Verdict:
    """Judge a Benchmark by its criteria, given in the Benchmark's order."""
    named = {part.id: verdict for part, verdict in zip(benchmark.criteria, criteria, strict=True)}
    return judge(benchmark.rule, named, arithmetic)


def judge(rule: Rule, parts: Mapping[str, Verdict], arithmetic: Arithmetic) -> Verdict:
    """Judge a rule over its parts, or over all of ``parts`` where it names none.

    A rule inside a rule is judged first and counts as one part. Of *the first that applies*, only
    the first part with an applicable item is looked at: the others count as not applicable.
    """
    below = [
        parts[part] if isinstance(part, str) else judge(part, parts, arithmetic)
        for part in rule.parts or parts
    ]
    if rule.kind == "first_of":
        below = _first_applicable(below, arithmetic)
    met, applicable = _total([part.holds for part in below]), _total([p.counts for p in below])
    verdict = holds(met, parts_needed(rule, len(below)), applicable)
    return Verdict(
        n_items=sum(part.n_items for part in below),
        **{name: _total([getattr(part, name) for part in below]) for name in _COUNTS},
        holds=arithmetic.as_number(verdict),
        counts=arithmetic.as_number(applicable > 0),
    )


def _judge_item(leaf: Leaf, arithmetic: Arithmetic) -> Verdict:
    return Verdict(
        n_items=1,
        n_applicable=leaf.applies,
        n_answered=leaf.answered,
        n_complete=leaf.complete,
        n_met=leaf.met,
        n_criteria_met=leaf.met,
        n_criteria_applicable=leaf.applies,
        holds=leaf.met,
        counts=leaf.answered if arithmetic.missing == "exclude" else leaf.applies,
    )


def _first_applicable(parts: Sequence[Verdict], arithmetic: Arithmetic) -> list[Verdict]:
    """Blank every part but the first with an applicable item."""
    first, *rest = parts
    kept, taken = [first], arithmetic.as_number(first.n_applicable > 0)
    for part in rest:
        free = 1 - taken
        columns = {name: getattr(part, name) * free for name in (*_COUNTS, "holds", "counts")}
        kept.append(replace(part, **columns))
        taken = arithmetic.as_number((taken + part.n_applicable) > 0)
    return kept


def _total(columns: Sequence[Column]) -> Column:
    """Add columns up."""
    first, *rest = columns
    for column in rest:
        first = first + column
    return first
