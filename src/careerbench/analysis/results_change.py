"""What was found about change beyond the share achieving, and who came back to show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.analysis.results_tests import NO_COMPARISON
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

REGRESSION = (
    "Schools that begin low tend to rise, and those that begin high to fall, with no programme at "
    "all (regression to the mean)."
)


@dataclass(frozen=True, eq=False)
class NetShift(Result):
    """Share of schools that moved up less share that moved down, in percentage points."""

    before: str
    after: str
    confidence: float
    by: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Net positive shift of the same schools"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("share_improved", "share_worsened", "share_at_top"), ".0%"),
        **dict.fromkeys(("net_shift_pp", "low_pp", "high_pp"), "+.1f"),
        "p_sign": ".3f",
    }
    _all: ClassVar[tuple[str, ...]] = (
        "share_improved", "share_worsened", "net_shift_pp", "low_pp", "high_pp", "p_sign",
    )  # fmt: skip
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_pairs": _all,
        **dict.fromkeys(("n_improved", "n_worsened", "n_same"), _all),
        "n_at_top": ("share_at_top",),
        "n_unmatched": (),
    }
    tests: ClassVar[tuple[str, ...]] = ("p_sign",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what moved, how sure it is, and what could not rise."""
        return (
            f"Of the n_pairs schools scored at '{self.before}' and '{self.after}': improved is a "
            "better state after (not achieved, partial, achieved), worsened a worse one. "
            f"{int(self.table['n_unmatched'].sum())} school rows scored at one end or none are in "
            "no pair.",
            f"low_pp to high_pp: {self.confidence:.0%} score interval of a paired difference "
            "(Tango 1998) with schools as the unit. p_sign: exact sign test of n_improved against "
            "n_worsened.",
            "n_at_top had achieved already and could not improve (ceiling).",
            REGRESSION,
            NO_COMPARISON,
        )


@dataclass(frozen=True, eq=False)
class AdjustedChange(Result):
    """Change of the same schools at one common starting point.

    ``table`` has one row per group; ``terms`` one row per coefficient of the model.
    """

    terms: pd.DataFrame = field(repr=False)
    outcome: str = ""
    before: str = ""
    after: str = ""
    confidence: float = 0.95
    reliability: float | None = None
    start: float = float("nan")
    reference_mean: float = float("nan")
    covariates: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    n_dropped: int = 0

    caption: ClassVar[str] = "Change at a common starting point"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("mean_before", "mean_after"), ".2f"),
        **dict.fromkeys(
            ("change", "adjusted_change", "low", "high", "expected_change", "beyond_expected"),
            "+.2f",
        ),
        "p": ".3f",
    }
    _all: ClassVar[tuple[str, ...]] = ("adjusted_change", "low", "high", "p")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_pairs": ("mean_before", "mean_after", "change", *_all),
        "n_unmatched": (),
        "n_at_floor": (),
        "n_at_ceiling": (),
    }
    tests: ClassVar[tuple[str, ...]] = ("p",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is held equal, what regression to the mean would do, and where scales end."""
        with_more = f" and {', '.join(self.covariates)} at their means" if self.covariates else ""
        return (
            f"adjusted_change: change of '{self.outcome}' from '{self.before}' to '{self.after}' "
            f"for a school that began at {self.start:.2f}{with_more}, from a least-squares model "
            "of the number after on the number before; one slope for all groups. "
            f"{int(self.table['n_unmatched'].sum())} schools without both ends and "
            f"{self.n_dropped} pairs without a covariate are left out.",
            f"low to high: {self.confidence:.0%} t interval with schools as the unit.",
            REGRESSION + " The model holds the start equal; error in the numbers before still "
            "leaves part of it in.",
            self._expected_note(),
            "n_at_floor and n_at_ceiling began at an end of the scale and could move one way only.",
            NO_COMPARISON,
        )

    def _expected_note(self) -> str:
        """Say what would be expected of schools that did nothing."""
        if self.reliability is None:
            return "expected_change is blank: it needs reliability=, how alike two audits are."
        return (
            f"expected_change: what regression to a mean of {self.reference_mean:.2f} alone would "
            f"give with a reliability of {self.reliability:.2f}; beyond_expected is change less "
            "that."
        )


@dataclass(frozen=True, eq=False)
class MeanChange(Result):
    """Mean of a number before and after, all schools beside the same schools."""

    outcome: str
    before: str
    after: str
    confidence: float
    by: tuple[str, ...] = ()

    caption: ClassVar[str] = "Change in the mean, all schools and the same schools"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("mean_before", "mean_after", "std_error"), ".2f"),
        **dict.fromkeys(("change", "low", "high"), "+.2f"),
        "df": ".1f",
        "p": ".3f",
    }
    _all: ClassVar[tuple[str, ...]] = ("change", "std_error", "low", "high", "p")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_before": ("mean_before", *_all),
        "n_after": ("mean_after", *_all),
        "n_pairs": ("mean_before", "mean_after", *_all),
        **dict.fromkeys(("n_only_before", "n_only_after", "n_missing"), ()),
    }
    tests: ClassVar[tuple[str, ...]] = ("p",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what each row rests on, and what it leaves out."""
        return (
            f"Mean of '{self.outcome}' at '{self.before}' and '{self.after}'. all schools: the "
            "n_before and n_after schools with a number at each end; same schools: the n_pairs "
            "with one at both. n_missing have a row and no number at either.",
            f"low to high: {self.confidence:.0%} t interval with schools as the unit; for the "
            "same schools it is the paired one.",
            "Where the two rows differ, the schools that came back are not like the rest.",
            REGRESSION,
            NO_COMPARISON,
        )


@dataclass(frozen=True, eq=False)
class ScaleChange(Result):
    """Mean scale scores before and after, all respondents beside the same ones."""

    before: str
    after: str
    confidence: float
    by: tuple[str, ...] = ()

    caption: ClassVar[str] = "Change in mean survey scale scores"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("mean_before", "mean_after", "std_error"), ".2f"),
        **dict.fromkeys(("change", "low", "high"), "+.2f"),
        **dict.fromkeys(("share_rose", "share_fell"), ".0%"),
        "net_shift_pp": "+.1f",
        "df": ".1f",
        "p": ".3f",
    }
    _all: ClassVar[tuple[str, ...]] = ("change", "std_error", "low", "high", "p")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_before": ("mean_before", *_all),
        "n_after": ("mean_after", *_all),
        "n_schools": _all,
        "n_dropped": (),
        "n_missing": (),
    }
    tests: ClassVar[tuple[str, ...]] = ("p",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what each row rests on, and what it leaves out."""
        said = {
            "all respondents": "all respondents: everyone with a score at each end.",
            "same schools": "same schools: everyone with a score in schools that have some at "
            "both ends.",
            "school means": "school means: the mean change of those schools, each school counting "
            "the same.",
            "same respondents": "same respondents: those with a score at both ends, by their "
            "code within the school; share_rose, share_fell and net_shift_pp are of them.",
        }
        return (
            f"Change from '{self.before}' to '{self.after}', in points of the scale. n_before and "
            "n_after count respondents with a score; n_dropped those with one that the row "
            "leaves out, n_missing those with none at either end.",
            *said.values(),
            f"low to high: {self.confidence:.0%} interval with schools as clusters (CR2 errors, "
            "Satterthwaite degrees of freedom); for school means Student's t over schools.",
            "Where the rows differ, those who came back are not like the rest.",
            NO_COMPARISON,
        )


@dataclass(frozen=True, eq=False)
class Returners(Result):
    """How schools that came back differed at the start from those that left.

    ``table`` has one row per measure; ``waves`` is the account of who is in at each wave.
    """

    waves: pd.DataFrame = field(repr=False)
    before: str = ""
    after: str = ""
    confidence: float = 0.95

    caption: ClassVar[str] = "Schools that came back and schools that left, at the start"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("returned", "left"), ".2f"),
        **dict.fromkeys(("difference", "low", "high", "standardised_difference"), "+.2f"),
    }
    _all: ClassVar[tuple[str, ...]] = ("difference", "low", "high", "standardised_difference")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_returned": ("returned", *_all),
        "n_left": ("left", *_all),
        "n_missing": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say who is compared, how sure it is, and what stays unknown."""
        n_kept, n_left = (int(self.waves[name].iloc[-1]) for name in ("n_from_baseline", "n_left"))
        return (
            f"Of the schools at '{self.before}', {n_kept} came back at '{self.after}' and "
            f"{n_left} did not. Compared: what was known at '{self.before}'; shares from 0 to 1.",
            f"low to high: {self.confidence:.0%} interval of returned less left: Newcombe's for "
            "shares, Welch's for means; blank where a side has too few.",
            "standardised_difference: difference over the standard deviation of all at the start.",
            "A change among the schools that came back speaks for them; leavers may also differ "
            "in what was not measured.",
        )
