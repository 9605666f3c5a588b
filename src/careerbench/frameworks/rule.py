"""``Rule``: how many of which parts must be met, as the framework's file declares it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = ("all_of", "any_of", "first_of")
"""Rules that are complete without a number; the fourth is ``at_least``, with its ``k``."""


@dataclass(frozen=True)
class Rule:
    """How many of the applicable parts must be met.

    Attributes
    ----------
    kind : {"all_of", "any_of", "at_least", "first_of"}
        All of them, any, at least ``k``, or the first that applies and no other.
    k : int
        Only for ``at_least``.
    parts : tuple of str or Rule
        Ids of items (in a criterion's rule) or criteria (in a Benchmark's), and rules over some of
        them. Empty: every part, in order.

    Examples
    --------
    >>> print(Rule("at_least", 2, ("a", "b", Rule("any_of", parts=("c", "d")))))
    at least 2 of (a, b, any of (c, d))
    """

    kind: str = "all_of"
    k: int = 1
    parts: tuple[str | Rule, ...] = ()

    def __str__(self) -> str:
        words = {
            "all_of": "all of",
            "any_of": "any of",
            "at_least": f"at least {self.k} of",
            "first_of": "the first that applies of",
        }
        inside = f" ({', '.join(str(part) for part in self.parts)})" if self.parts else ""
        return words[self.kind] + inside

    def names(self) -> Iterator[str]:
        """Walk the ids that the rule names, in order, those of rules inside it too."""
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part.names()
