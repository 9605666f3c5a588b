"""One answer under many choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from careerbench.errors import counted
from careerbench.result import Result, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class Sensitivity(Result):
    """The headline change under the other defensible choices."""

    before: str
    after: str
    benchmark: str | None
    confidence: float
    full: bool
    n_skipped: int = 0
    not_varied: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "The headline under other defensible choices"
    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("estimate", "low", "high", "difference"), "+.1f"
    )
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_schools": ("estimate", "low", "high", "difference"),
        "n_left_out": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say the range in words, what was varied, and what it does not show."""
        what = (
            "the mean number of Benchmarks achieved"
            if self.benchmark is None
            else f"the share of schools achieving '{self.benchmark}', in percentage points"
        )
        way = (
            f"Every combination of choices; {self.n_skipped} that adjust without matching cannot "
            "be and are left out."
            if self.full
            else "One choice is changed at a time; full=True tries every combination."
        )
        return (
            f"Change from '{self.before}' to '{self.after}' in {what}: after less before.",
            *self._range(),
            way,
            *(f"Not varied - {words}." for words in self.not_varied),
            "adjusted: the change of matched schools carried over to the baseline of all schools "
            "scored then, those that left included.",
            f"low to high: {self.confidence:.0%}, schools as the unit, for its own row. The rows "
            "are the same schools counted again: their number is no evidence.",
            "There is no comparison group: under every choice this is a change, and does not "
            "show what brought it about.",
        )

    def _range(self) -> list[str]:
        """Say from where to where the answer goes, and whether its sign holds."""
        known = self.table.dropna(subset=["estimate"])
        if not len(known):
            return ["No set of choices gives an estimate: see estimate_reason."]
        first = self.table.iloc[0]
        low, high = known["estimate"].min(), known["estimate"].max()
        beyond = int(((known["low"] > 0) | (known["high"] < 0)).sum())
        signs = {int(value > 0) - int(value < 0) for value in known["estimate"]}
        alike = "the same in all" if len(signs) == 1 else "not always the same"
        said = [
            f"Headline {_signed(first['estimate'])} ({_signed(first['low'])} to "
            f"{_signed(first['high'])}, {counted(int(first['n_schools']), 'school')}); over "
            f"{counted(len(known), 'set')} of choices from {_signed(low)} to {_signed(high)}. "
            f"The sign is {alike}; the interval excludes 0 in {beyond} of {len(known)}."
        ]
        without = len(self.table) - len(known)
        if without:
            said.append(
                f"{counted(without, 'set')} of choices without an estimate: estimate_reason."
            )
        return said


def _signed(value: float) -> str:
    return "unknown" if value != value else half_up(float(value), places=1, sign=True)
