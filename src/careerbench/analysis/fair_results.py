"""What was found when schools are set side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from careerbench.analysis.funnel_limits import TAILS, exact_limits, widened_limits
from careerbench.result import Result, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import ArrayLike

NO_LEAGUE = (
    "This is no league table: order by z or by share says next to nothing, and a school outside "
    "the limits is a question, not an answer - intake, who was asked, and slips in the data come "
    "before any talk of quality."
)


@dataclass(frozen=True, eq=False)
class Funnel(Result):
    """Each school's share against limits that allow for its size."""

    target: float
    phi: float
    tau2: float
    adjustment: str
    trim: float
    n_winsorised: int
    target_given: bool

    caption: ClassVar[str] = "Schools against the limits of chance"
    _shares: ClassVar[tuple[str, ...]] = (
        "share",
        *(f"{lead}{end}_{level}" for lead in ("", "od_") for level in ("95", "998")
          for end in ("low", "high")),
    )  # fmt: skip
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(_shares, ".0%"),
        **dict.fromkeys(("numerator", "denominator"), ".0f"),
        **dict.fromkeys(("z", "z_adjusted"), "+.1f"),
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "numerator": ("share", "z", "z_adjusted"),
        "denominator": _shares,
    }

    def limits(self, denominators: ArrayLike) -> pd.DataFrame:
        """Return the limits for any denominators, to draw the funnel with: a row for each.

        The columns are ``denominator`` and the limits, named as in the table.
        """
        import numpy as np
        import pandas as pd

        size = np.asarray(denominators, dtype=np.float64)
        frame = pd.DataFrame({"denominator": size})
        error = 1 / (2 * np.sqrt(np.where(size > 0, size, np.nan)))
        factor = self.phi if self.adjustment == "multiplicative" and self.phi > 1 else 1.0
        tau2 = self.tau2 if self.adjustment == "additive" else 0.0
        for name, probability in TAILS.items():
            frame[name] = exact_limits(self.target, size, probability)
        for name, probability in TAILS.items():
            widened = widened_limits(self.target, error, tau2, factor, probability)
            frame[f"od_{name}"] = widened if tau2 > 0 or factor > 1 else frame[name]
        return frame

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what the limits are, how many lie outside, and what that does not mean."""
        n_without = int(self.table["share"].isna().sum())
        n = len(self.table) - n_without
        said = "given" if self.target_given else "that of all schools together"
        return (
            f"target: {half_up(100 * self.target, places=1)}%, {said}; {n} schools compared, "
            f"{n_without} without counts are not.",
            "low_95 to high_998: exact binomial limits, interpolated. Of schools that differ by "
            f"chance only, about {half_up(0.05 * n, places=1)} of {n} lie outside 95% and "
            f"{half_up(0.002 * n, places=1)} outside 99.8%.",
            self._dispersion_note(),
            NO_LEAGUE,
        )

    def _dispersion_note(self) -> str:
        """Say how much more schools differ than chance has it, and what was done about it."""
        if self.phi != self.phi:
            return "phi: not known from one school."
        lead = (
            f"phi: {half_up(self.phi, places=2)} (mean squared z; {self.n_winsorised} z-scores "
            f"beyond the outer {self.trim:.0%} pulled in). "
        )
        if self.adjustment == "none":
            return lead + "Limits are not widened, as asked."
        if (self.tau2 if self.adjustment == "additive" else self.phi - 1) <= 0:
            return lead + "No over-dispersion: od_ limits are the exact ones."
        how = (
            "a variance between schools (tau2) added"
            if self.adjustment == "additive"
            else "limits sqrt(phi) times as far"
        )
        return lead + f"Schools differ by more than chance; od_ limits allow for it: {how}."


@dataclass(frozen=True, eq=False)
class Shrunken(Result):
    """Each school's figure, pulled towards that of all schools."""

    method: str
    centre: float
    spread: float
    confidence: float

    caption: ClassVar[str] = "What each school's figure is worth"
    formats: ClassVar[Mapping[str, str]] = {
        "n": ".0f",
        **dict.fromkeys(("raw", "shrunken", "low", "high", "weight"), ".2f"),
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n": ("raw", "shrunken", "low", "high", "weight")
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say how far each is pulled, which model, and which interval."""
        n_without = int(self.table["shrunken"].isna().sum())
        return (
            f"shrunken: {self.method} empirical Bayes; weight is the part of its own figure a "
            f"school keeps. Mean of schools {half_up(self.centre, places=3)}, standard deviation "
            f"between schools {half_up(self.spread, places=3)}; {n_without} without figures.",
            f"low to high: {self.confidence:.0%}, averaged over all spreads between schools by "
            "their likelihood. Coverage holds for schools on the whole, and is less for the most "
            "extreme one.",
            "A school with few pupils is pulled most, whatever it does: for help with one school "
            "look at its own figure too.",
            NO_LEAGUE,
        )


@dataclass(frozen=True, eq=False)
class Ranks(Result):
    """Each school's rank, with how uncertain it is."""

    method: str
    n_draws: int
    n_left_out: int
    confidence: float

    caption: ClassVar[str] = "How little a rank says"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("rank", "rank_median", "rank_low", "rank_high"), ".0f"),
        "rank_mean": ".1f",
        **dict.fromkeys(("p_top", "p_bottom", "p_above_mean"), ".0%"),
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say where ranks come from and how wide they are."""
        ranked = self.table.dropna(subset=["rank"])
        width = (ranked["rank_high"] - ranked["rank_low"]).median()
        n, sure = len(ranked), int((ranked[["p_top", "p_bottom"]].max(axis="columns") > 0.95).sum())
        return (
            f"rank: 1 is the highest of {n}; {self.n_left_out} schools without figures have none. "
            f"rank_low to rank_high: {self.confidence:.0%}, from {self.n_draws:,} draws "
            f"({self.method}).",
            f"Half of the intervals are {half_up(width)} places wide or wider; "
            f"{sure} of {n} schools are in the highest or lowest quarter with a chance above 95%.",
            NO_LEAGUE,
        )
