"""What was found: a table each, with notes on what its numbers rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from careerbench.analysis.families import ADJUSTMENTS
from careerbench.analysis.results_describe import METHODS
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOUNDS = ("low", "high")


@dataclass(frozen=True, eq=False)
class Shares(Result):
    """Share of schools achieving each Benchmark, per wave and group, with intervals."""

    confidence: float
    by: tuple[str, ...] = ()
    interval: str = "wilson"
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Schools achieving each Benchmark"
    formats: ClassVar[Mapping[str, str]] = {"share": ".0%", "low": ".0%", "high": ".0%"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_schools": ("share", *_BOUNDS),
        "n_missing": (),
        "n_achieved": ("share", *_BOUNDS),
        "n_partial": (),
        "n_not_achieved": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which interval it is, what divides, and where unscored schools went."""
        return (
            "share: n_achieved out of n_schools, the schools that could be scored; partial and "
            "not achieved both stay in the denominator.",
            f"low to high: {self.confidence:.0%} {METHODS[self.interval]} with schools as the "
            "unit, independent of each other; each interval speaks for its own row only.",
            _missing_note(int(self.table["n_missing"].sum()), "school scores"),
        )


@dataclass(frozen=True, eq=False)
class Change(Result):
    """Shares before and after, for all schools and for the same schools, in percentage points."""

    before: str
    after: str
    confidence: float
    by: tuple[str, ...] = ()
    adjust: str = "holm"
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Change in the share of schools achieving each Benchmark"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("share_before", "share_after", "matched_share_before", "matched_share_after"), ".0%"
        ),
        **dict.fromkeys(("change_pp", "low_pp", "high_pp"), "+.1f"),
        **dict.fromkeys(("matched_change_pp", "matched_low_pp", "matched_high_pp"), "+.1f"),
        **dict.fromkeys(("p_mcnemar", "p_mid", "p_adjusted"), ".3f"),
    }
    _all: ClassVar[tuple[str, ...]] = ("change_pp", "low_pp", "high_pp")
    _matched: ClassVar[tuple[str, ...]] = (
        "matched_share_before",
        "matched_share_after",
        "matched_change_pp",
        "matched_low_pp",
        "matched_high_pp",
        "p_mcnemar",
        "p_mid",
        "p_adjusted",
    )
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_before": ("share_before", *_all),
        "n_after": ("share_after", *_all),
        "n_pairs": _matched,
        "n_only_before": _all,
        "n_only_after": _all,
        "n_unscored": (),
        **dict.fromkeys(("n_gained", "n_lost", "n_kept", "n_neither"), _matched),
    }
    tests: ClassVar[tuple[str, ...]] = ("p_mcnemar",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is compared, how sure it is, who is missing, and what it cannot show."""
        return (
            f"Change from '{self.before}' to '{self.after}' in percentage points: after less "
            "before. Columns without a prefix hold all schools scored at each end; columns with "
            "matched_ hold only the n_pairs schools scored at both.",
            self._attrition_note(),
            f"low_pp to high_pp: {self.confidence:.0%} hybrid score interval (Newcombe's method "
            "10) with schools as the unit; for all schools it allows for those at both ends "
            "(Zou and Donner 2008), for matched schools it is the paired interval.",
            "p_mcnemar: exact two-sided McNemar test of n_gained against n_lost; p_mid: its mid-p "
            "form, which keeps closer to its level. p_adjusted: p_mcnemar by "
            f"{ADJUSTMENTS[self.adjust]} over the Benchmarks "
            + ("of one group." if self.by else "of this table."),
            "Schools that begin low tend to rise, and those that begin high to fall, with no "
            "programme at all (regression to the mean).",
            "There is no comparison group, and scores may be the schools' own assessment: this "
            "is a change, and does not show what brought it about.",
        )

    def _attrition_note(self) -> str:
        """Say how many schools each comparison lost, in words."""
        if not len(self.table):
            return "No school has a score at either end."
        span = {name: _span(self.table[name]) for name in ("n_pairs", "n_only_before")}
        return (
            f"Matched schools per row: {span['n_pairs']}. Scored only at '{self.before}': "
            f"{span['n_only_before']}; only at '{self.after}': "
            f"{_span(self.table['n_only_after'])}; at neither (n_unscored): "
            f"{_span(self.table['n_unscored'])}. They are in no pair; where share_before and "
            "matched_share_before differ, the schools that dropped out were not like the rest."
        )


@dataclass(frozen=True, eq=False)
class ScaleMeans(Result):
    """Mean scale scores per scale, wave and group, with intervals that respect schools."""

    confidence: float
    by: tuple[str, ...] = ()
    interval: str = "cr2"

    caption: ClassVar[str] = "Mean survey scale scores"
    _all: ClassVar[tuple[str, ...]] = (
        "mean", "sd", *_BOUNDS, "design_effect", "icc", "std_error",
    )  # fmt: skip
    formats: ClassVar[Mapping[str, str]] = {**dict.fromkeys(_all, ".2f"), "df": ".1f"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_respondents": _all,
        "n_missing": (),
        "n_schools": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what each interval rests on and where unscored respondents went."""
        bases = set(self.table["interval_basis"])
        method = {
            "cr2": "bias-reduced CR2 errors, Satterthwaite degrees of freedom",
            "taylor": "Taylor linearisation, n_schools - 1 degrees of freedom: too narrow with "
            "few schools of unequal size",
        }
        said = {
            "schools": f"interval_basis 'schools': {self.confidence:.0%} t interval with schools "
            f"as clusters ({method[self.interval]}); pupils of one school are not independent. "
            "design_effect: the Taylor-linearised variance over that of as many independent "
            "respondents. icc: how alike respondents of one school are (analysis of variance "
            "estimator; below 0 where schools differ less than chance would have it).",
            "respondents of one school": f"interval_basis 'respondents of one school': "
            f"{self.confidence:.0%} t interval over that school's respondents; it speaks about "
            "that school only.",
            "too few": "interval_basis 'too few': fewer than two respondents with a score, so no "
            "interval.",
            "no spread": "interval_basis 'no spread': every respondent has the same score, or "
            "every school the same mean, so the data cannot say how sure the mean is.",
        }
        return (
            "mean: every respondent with a score counts the same, so large schools weigh more.",
            *(words for basis, words in said.items() if basis in bases),
            _missing_note(int(self.table["n_missing"].sum()), "respondents' scores"),
        )


@dataclass(frozen=True, eq=False)
class Reliability(Result):
    """Cronbach's alpha and McDonald's omega of a set of items, per group, with intervals."""

    confidence: float
    by: tuple[str, ...] = ()

    caption: ClassVar[str] = "Do the items hang together (Cronbach's alpha, McDonald's omega)"
    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("alpha", "low", "high", "clustered_low", "clustered_high"), ".2f"
    ) | dict.fromkeys(("omega", "omega_low", "omega_high"), ".2f")
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_items": (),
        "n_respondents": (),
        "n_complete": ("alpha", *_BOUNDS, "omega"),
        "n_dropped": (),
        "n_schools": ("clustered_low", "clustered_high", "omega_low", "omega_high"),
        "n_turned": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say whose answers are in, and which interval it is."""
        n_dropped, n_turned = (int(self.table[name].sum()) for name in ("n_dropped", "n_turned"))
        turned = f"{n_turned} item(s) run against the others (n_turned): reversed or not?"
        return (
            f"alpha: respondents who answered every item (n_complete); {n_dropped} with a missing "
            "answer are left out and counted in n_dropped.",
            f"low to high: {self.confidence:.0%} interval by Feldt's method, which treats "
            "respondents as independent: with pupils in schools it is too narrow.",
            f"clustered_low to clustered_high, omega_low to omega_high: {self.confidence:.0%} "
            "intervals with schools as the unit (jackknife on the log scale); below about twenty "
            "schools they are rough.",
            "omega: total, of one factor fitted by minimum residuals to the correlations.",
            "alpha grows with the number of items and does not show that a scale measures one "
            "thing.",
            *((turned,) if n_turned else ()),
        )


def _missing_note(n_missing: int, what: str) -> str:
    """Say where the missing went."""
    if not n_missing:
        return f"No {what} are missing."
    return f"Missing {what}: {n_missing}, counted in n_missing and in no denominator."


def _span(counts: object) -> str:
    """Say a range of counts, or the one count there is."""
    low, high = int(counts.min()), int(counts.max())  # type: ignore[attr-defined]
    return str(low) if low == high else f"{low} to {high}"
