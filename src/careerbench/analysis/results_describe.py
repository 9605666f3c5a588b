"""What was found about the present state: numbers achieved, states, who answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

METHODS = {
    "wilson": "Wilson score interval",
    "exact": "exact interval (Clopper and Pearson; at least as wide as it says)",
}
_MEAN = ("mean", "sd", "median", "low", "high")


@dataclass(frozen=True, eq=False)
class NumberAchieved(Result):
    """How many Benchmarks schools achieve, per wave and group.

    ``table`` has one row per group and wave; ``distribution`` one row per group, wave and number
    achieved with ``n_schools``, ``n_all_scored`` and ``share`` of ``n_schools``; ``schools`` one
    row per school and wave with ``n_achieved`` (missing where nothing is scored), ``n_scored``
    and ``all_scored``.
    """

    distribution: pd.DataFrame = field(repr=False)
    schools: pd.DataFrame = field(repr=False)
    confidence: float = 0.95
    by: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Number of Benchmarks achieved"
    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(
        (*_MEAN, "mean_all_scored", "sum_of_shares"), ".2f"
    )
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_schools": _MEAN,
        "n_unscored": (),
        "n_all_scored": ("mean_all_scored",),
        "n_benchmarks": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say who is averaged, and when the mean is the sum of the shares."""
        table = self.table
        short = int((table["n_schools"] - table["n_all_scored"]).sum())
        same = "Here every school has all scored, so the two are equal."
        differ = (
            f"Here {short} school rows have some Benchmark not scored: it counts as not achieved "
            "in the mean and leaves the denominator of its share, so the two differ; "
            "mean_all_scored holds schools with all scored only."
        )
        return (
            "mean: Benchmarks achieved per school with at least one scored (n_schools); "
            f"{int(table['n_unscored'].sum())} with none scored are counted in n_unscored only.",
            "sum_of_shares: the shares achieving each Benchmark, added up. It is the mean only "
            "when every school has all Benchmarks scored. " + (differ if short else same),
            f"low to high: {self.confidence:.0%} t interval of the mean with schools as the unit.",
        )


@dataclass(frozen=True, eq=False)
class StateShares(Result):
    """Share of schools in each state of each Benchmark, per wave and group."""

    confidence: float
    interval: str = "wilson"
    by: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Schools in each state of each Benchmark"
    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("share", "low", "high", "share_of_all"), ".0%"
    )
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n": ("share", "low", "high", "share_of_all"),
        "n_scored": ("share", "low", "high"),
        "n_schools": ("share_of_all",),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what divides, and which interval it is."""
        return (
            "share: n out of n_scored, the schools that could be scored; it is blank for 'not "
            "scored'. share_of_all: n out of n_schools, all with a row.",
            f"low to high: {self.confidence:.0%} {METHODS[self.interval]} of share with schools "
            "as the unit; each state by itself, not all at once.",
        )


@dataclass(frozen=True, eq=False)
class ResponseRates(Result):
    """How many were asked and how many answered, per wave and group."""

    confidence: float
    unit: str
    by: tuple[str, ...] = ()
    base: str = ""

    caption: ClassVar[str] = "Response rates"
    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(("share", "low", "high"), ".0%")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_asked": ("share", "low", "high"),
        "n_answered": ("share", "low", "high"),
        "n_schools_asked": (),
        "n_schools_answered": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say who counts as asked and as answering, and what the interval rests on."""
        words = {
            "schools": f"interval_basis 'schools': {self.confidence:.0%} t interval with schools "
            "as clusters (CR2, Satterthwaite degrees of freedom) on the log-odds scale.",
            "wilson": f"interval_basis 'wilson': {self.confidence:.0%} Wilson score interval.",
            "one school": "interval_basis 'one school': one school cannot say how schools differ, "
            "so there is no interval.",
            "no spread": "interval_basis 'no spread': every school has the same rate, so the data "
            "cannot say how sure it is.",
            "nobody asked": "interval_basis 'nobody asked': there is no rate.",
        }
        bases = set(self.table["interval_basis"])
        return (
            f"n_asked: {self.base}. Those who were asked nothing are in no count.",
            *(said for basis, said in words.items() if basis in bases),
            "A high rate does not show that those who answered are like those who did not.",
        )
