"""What the tests of matched schools found, and what they left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NO_COMPARISON = (
    "There is no comparison group: this is a change, and does not show what brought it about."
)
_ZEROS = {
    "wilcox": "differences of 0 are left out before ranking (Wilcoxon)",
    "pratt": "differences of 0 take part in the ranking and are then left out (Pratt)",
}


@dataclass(frozen=True, eq=False)
class PairedShares(Result):
    """Two shares of the same schools, their difference and whether it could be chance."""

    confidence: float

    caption: ClassVar[str] = "Matched shares before and after"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("share_before", "share_after"), ".0%"),
        **dict.fromkeys(("change_pp", "low_pp", "high_pp"), "+.1f"),
        **dict.fromkeys(("p_exact", "p_mid"), ".3f"),
    }
    _all: ClassVar[tuple[str, ...]] = ("change_pp", "low_pp", "high_pp", "p_exact", "p_mid")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_pairs": ("share_before", "share_after", *_all),
        **dict.fromkeys(("n_kept", "n_gained", "n_lost", "n_neither"), _all),
    }
    tests: ClassVar[tuple[str, ...]] = ("p_exact",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which interval and which tests."""
        return (
            f"low_pp to high_pp: {self.confidence:.0%} interval by Newcombe's method 10 for pairs.",
            "p_exact: exact two-sided McNemar test; its level is never above what it says and "
            "with few changes far below. p_mid: the mid-p test, closer to its level.",
            NO_COMPARISON,
        )


@dataclass(frozen=True, eq=False)
class SignedRankChange(Result):
    """Whether numbers of the same schools rose or fell, by ranks."""

    outcome: str
    before: str
    after: str
    zeros: str
    confidence: float
    by: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Change of the same schools by Wilcoxon's signed ranks"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("all_median_before", "all_median_after", "median_before", "median_after"), ".1f"
        ),
        **dict.fromkeys(("w_plus", "w_minus"), ".1f"),
        **dict.fromkeys(("estimate", "low", "high", "rank_biserial", "z"), "+.2f"),
        **dict.fromkeys(("p_exact", "p_asymptotic"), ".3f"),
        "confidence_reached": ".1%",
    }
    _all: ClassVar[tuple[str, ...]] = (
        "w_plus", "w_minus", "estimate", "low", "high", "rank_biserial", "z", "p_exact",
        "p_asymptotic",
    )  # fmt: skip
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_before": ("all_median_before",),
        "n_after": ("all_median_after",),
        "n_pairs": ("median_before", "median_after", *_all),
        **dict.fromkeys(("n_only_before", "n_only_after", "n_missing"), ()),
        **dict.fromkeys(("n_zeros", "n_ties", "n_rose", "n_fell"), _all),
    }
    tests: ClassVar[tuple[str, ...]] = ("p_exact", "p_asymptotic")

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was ranked, what was left out, and which test it is."""
        table = self.table
        left = int(table[["n_only_before", "n_only_after"]].to_numpy().sum())
        return (
            f"'{self.outcome}' of the n_pairs schools with a number at '{self.before}' and at "
            f"'{self.after}'. {left} with one end only and {int(table['n_missing'].sum())} with "
            "neither are in no pair; the columns with all_ hold every school at each end.",
            f"Zeros: {int(table['n_zeros'].sum())}; {_ZEROS[self.zeros]}. Ties (n_ties: schools "
            f"that share their size of change with another): {int(table['n_ties'].sum())}; they "
            "get middle ranks, and both tests allow for them.",
            "p_exact: from all signs that these ranks could have had (scipy's exact test passes "
            "over ties). p_asymptotic: normal, corrected for ties, without continuity correction.",
            "estimate: Hodges-Lehmann, the median of all averages of two changes; low to high: "
            f"its {self.confidence:.0%} interval from the signed-rank distribution without ties; "
            "confidence_reached says what so few schools can give.",
            "rank_biserial: the share of rank sum that rose less the share that fell, -1 to 1.",
            NO_COMPARISON,
        )


@dataclass(frozen=True, eq=False)
class WaveTest(Result):
    """Whether the same schools differ over three waves or more.

    ``table`` has one row per group (and Benchmark); ``by_wave`` one row per group and wave: the
    share achieving or the mean rank and the median of the complete schools.
    """

    by_wave: pd.DataFrame = field(repr=False)
    test: str = "friedman"
    waves: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "The same schools over the waves"
    formats: ClassVar[Mapping[str, str]] = {
        "statistic": ".2f", "p": ".3f", "kendall_w": ".2f",
    }  # fmt: skip
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_schools": (),
        "n_complete": ("statistic", "p", "kendall_w"),
        "n_dropped": (),
        "n_changing": ("statistic", "p", "kendall_w"),
    }
    tests: ClassVar[tuple[str, ...]] = ("p",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which schools are in, and which test it is."""
        name = {"friedman": "Friedman's test, corrected for ties", "cochran": "Cochran's Q test"}
        return (
            f"Schools with a value at every one of {len(self.waves)} waves (n_complete); "
            f"{int(self.table['n_dropped'].sum())} with a gap are dropped and counted in "
            "n_dropped. n_changing: complete schools that are not the same at every wave; only "
            "they carry information.",
            f"p: {name[self.test]}, by the chi-squared distribution; below about ten changing "
            "schools it is rough. Where no school changed the statistic is 0 and p is 1.",
            "kendall_w: how far schools agree on the order of the waves, 0 to 1.",
            NO_COMPARISON,
        )


@dataclass(frozen=True, eq=False)
class Movement(Result):
    """Where schools stood before and where they stand after, state by state.

    ``table`` has one row per group, Benchmark, state before and state after, ``absent`` being a
    school with no row at that wave; ``symmetry`` one row per group and Benchmark with the tests
    of Bowker and of Stuart and Maxwell over the schools scored at both ends.
    """

    symmetry: pd.DataFrame = field(repr=False)
    before: str = ""
    after: str = ""
    by: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Movement of schools between the states of each Benchmark"
    formats: ClassVar[Mapping[str, str]] = {"share": ".0%"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {"n": ("share",), "n_from": ("share",)}
    tests: ClassVar[tuple[str, ...]] = ("p_bowker_exact", "p_bowker")

    @property
    def tested(self) -> pd.DataFrame:
        """The table in which the tests stand."""
        return self.symmetry

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what a row is, what the tests ask, and where they are rough."""
        moved = self.symmetry
        return (
            f"n: schools in state_before at '{self.before}' and state_after at '{self.after}'; "
            "share: of n_from, all in that state before. 'not scored' and 'absent' are no "
            "verdict on a school and take no part in the tests.",
            f"symmetry: {int(moved['n_pairs'].sum())} pairs scored at both ends, of which "
            f"{int(moved['n_moved'].sum())} moved. Bowker asks whether as many schools move each "
            "way between any two states; pairs of states with no move count no degree of "
            "freedom. Stuart and Maxwell ask whether the states are as common after as before.",
            "p_bowker_exact and p_stuart_maxwell_exact: over all ways the moves could have gone; "
            "prefer them with few moves. Where nothing moved every p is 1 (R's mcnemar.test "
            "gives NaN).",
            NO_COMPARISON,
        )
