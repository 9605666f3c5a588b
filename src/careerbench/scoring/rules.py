"""The arithmetic of rules: how counts of met parts become a verdict.

Every rule is a count: all-of needs every applicable part, any-of one, at-least-k the smaller of
``k`` and the applicable parts. A whole with no applicable part is itself not applicable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from careerbench.frameworks import Rule


def parts_needed(rule: Rule, n_parts: int) -> int:
    """Return how many parts a rule needs when all ``n_parts`` apply.

    Examples
    --------
    >>> from careerbench.frameworks import Rule
    >>> [parts_needed(rule, 4) for rule in (Rule("all_of"), Rule("any_of"), Rule("at_least", 3))]
    [4, 1, 3]
    """
    return {"all_of": n_parts, "any_of": 1, "at_least": rule.k}[rule.kind]


def holds(n_met: str, n_needed: str, n_applicable: str) -> nw.Expr:
    """Say whether a rule holds, over columns of counts; false where no part applies."""
    needed = nw.min_horizontal(n_needed, n_applicable)
    return (nw.col(n_applicable) > 0) & (nw.col(n_met) >= needed)
