"""What was found about answers as they were ticked, and about Benchmarks met together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.errors import counted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, eq=False)
class AnswerShares(Result):
    """How often each answer to each item was given, answers nobody gave included."""

    scale: str
    levels: tuple[str, ...]
    items: Mapping[str, str] = field(default_factory=dict, repr=False)
    by: tuple[str, ...] = ()

    caption: ClassVar[str] = "How often each answer was given"
    formats: ClassVar[Mapping[str, str]] = {"share": ".0%"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n": ("share",),
        "n_answered": ("share",),
        "n_missing": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what divides, who is left out, and what is not turned round."""
        first = self.table.drop_duplicates([*self.by, "item"])
        return (
            f"share: n out of n_answered, for the answers of '{self.scale}' from lowest to "
            f"highest; {int(first['n_missing'].sum())} questions put and not answered, or "
            "answered in a way that counts as no answer, are in n_missing and in no share.",
            "Answers are shown as they were ticked: those to reversed items are not turned round.",
            "No interval is given here: these describe the answers there are.",
        )


@dataclass(frozen=True, eq=False)
class Combinations(Result):
    """Which Benchmarks schools achieve together, the most common combination first.

    ``members`` has a row for each row of ``table`` and a column of truth values for each
    Benchmark.
    """

    members: pd.DataFrame = field(repr=False)
    n_schools: int = 0
    n_left_out: int = 0

    caption: ClassVar[str] = "Benchmarks that schools achieve together"
    formats: ClassVar[Mapping[str, str]] = {"share": ".0%"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {"n_schools": ("share",)}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say who is counted, who is not, and what a combination is."""
        return (
            f"Each of {counted(self.n_schools, 'school')} stands in one row: the Benchmarks it "
            "achieves, and no others. share is out of all of them.",
            f"{counted(self.n_left_out, 'school')} with a Benchmark not scored left out: their "
            "combination is not known.",
        )
