"""What a study of so many schools can show."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

from careerbench.analysis.designs import BeforeAfter, Design, SchoolsBeforeAfter
from careerbench.result import Result, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class Planning(Result):
    """Power or minimum detectable effect, a row for each number of schools."""

    design: Design
    share_before: float | None
    significance: float
    two_sided: bool
    mid_p: bool

    caption: ClassVar[str] = "What this many schools can show"
    formats: ClassVar[Mapping[str, str]] = {
        "effect": ".2f",
        "power": ".0%",
        "std_error": ".3f",
        "pupils_per_school": ".0f",
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {"n_schools": ()}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say in words what can be shown, under which assumptions, and what cannot."""
        shared = [field.name for field in fields(self.design) if field.name != "n_schools"]
        assumed = ", ".join(f"{name} {getattr(self.design, name):g}" for name in shared)
        sides = "two-sided" if self.two_sided else "one-sided"
        return (
            *self._answers(),
            f"{type(self.design).__name__}, {self._test()}, {sides} at {self.significance:g}; "
            f"assumed: {assumed}. These are assumptions: try others before you settle.",
            *self._warnings(),
        )

    def _answers(self) -> list[str]:
        """Answer in a sentence for each of the first rows."""
        said = []
        for row in self.table.head(6).itertuples():
            if isinstance(row.planning_reason, str):
                said.append(f"{row.n_schools} schools: {row.planning_reason}.")
            else:
                chance = half_up(100 * float(row.power))
                said.append(
                    f"{row.n_schools} schools can show {self._effect(float(row.effect))} "
                    f"with a chance of {chance}%."
                )
        return said

    def _effect(self, effect: float) -> str:
        if isinstance(self.design, SchoolsBeforeAfter):
            return f"a net gain of {half_up(100 * effect)} percentage points of schools achieving"
        if self.share_before is not None:
            start = half_up(100 * self.share_before)
            return f"a change of {half_up(100 * effect)} percentage points from {start}%"
        return f"{half_up(effect, places=2)} standard deviations of pupils"

    def _test(self) -> str:
        if isinstance(self.design, SchoolsBeforeAfter):
            return f"McNemar's {'mid-p' if self.mid_p else 'exact'} test"
        return "t test with schools as the unit"

    def _warnings(self) -> list[str]:
        """Say what the design cannot show."""
        said = ["Schools that drop out count as schools less."]
        if isinstance(self.design, BeforeAfter | SchoolsBeforeAfter):
            said.append("With no comparison schools a change is shown, not what brought it about.")
        return said
