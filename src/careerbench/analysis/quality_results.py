"""What was found about items, ways of answering, and two views of one school."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.result import Result, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, eq=False)
class ItemStatistics(Result):
    """Each item of a scale: non-response, mean, floor, ceiling, and how it fits the rest."""

    low: float
    high: float
    by: tuple[str, ...] = ()

    caption: ClassVar[str] = "How each item behaves"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("share_missing", "floor_share", "ceiling_share"), ".0%"),
        **dict.fromkeys(("mean", "sd", "item_rest", "alpha_if_dropped"), ".2f"),
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_asked": ("share_missing",),
        "n_answered": ("mean", "sd", "floor_share", "ceiling_share"),
        "n_missing": ("share_missing",),
        "n_floor": ("floor_share",),
        "n_ceiling": ("ceiling_share",),
        "n_complete": ("item_rest", "alpha_if_dropped"),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say whose answers each column rests on."""
        n_missing = int(self.table["n_missing"].sum())
        return (
            f"Not answered: {n_missing} of {int(self.table['n_asked'].sum())} questions put; "
            "they are in share_missing and in no mean.",
            f"floor_share, ceiling_share: answers at {self.low:g} and at {self.high:g}. Where many "
            "sit at an end, the item cannot show who moved further.",
            "item_rest: correlation with the sum of the other items, over respondents who "
            "answered every item (n_complete). Near or below 0, look at the wording, or whether "
            "the item wants reversing.",
            "No interval is given here: these describe the answers there are.",
        )


@dataclass(frozen=True, eq=False)
class ResponseQuality(Result):
    """Straight-lining and extreme answering, by group."""

    source: str
    low: float
    high: float
    minimum_answered: int
    confidence: float
    by: tuple[str, ...] = ()

    caption: ClassVar[str] = "How people answered"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("straight_share", "straight_low", "straight_high"), ".0%"),
        **dict.fromkeys(("all_extreme_share", "all_extreme_low", "all_extreme_high"), ".0%"),
        **dict.fromkeys(("extreme_mean", "missing_mean"), ".0%"),
        "distinct_mean": ".1f",
    }
    _straight: ClassVar[tuple[str, ...]] = ("straight_share", "straight_low", "straight_high")
    _extreme: ClassVar[tuple[str, ...]] = (
        "all_extreme_share",
        "all_extreme_low",
        "all_extreme_high",
    )
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_respondents": ("missing_mean",),
        "n_too_few": (),
        "n_judged": (*_straight, *_extreme, "extreme_mean", "distinct_mean"),
        "n_schools": (),
        "n_straight": _straight,
        "n_all_extreme": _extreme,
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was judged, on what, and who was not."""
        n_too_few = int(self.table["n_too_few"].sum())
        turned = (
            "what was ticked, before reversed items are turned round (column 'answer')"
            if self.source == "answer"
            else "'value'; where items were reversed, a straight line of ticks does not show in it"
        )
        return (
            f"n_judged: respondents with at least {self.minimum_answered} answers; {n_too_few} "
            "with fewer are counted in n_too_few.",
            f"straight_share: one answer throughout, judged on {turned}. It can be an honest "
            "answer where the items ask much the same.",
            f"all_extreme_share: only {self.low:g} and {self.high:g}; extreme_mean: share of "
            "answers at either, averaged over respondents.",
            f"Intervals: {self.confidence:.0%} Wilson, the number of respondents divided by the "
            "design effect of schools; with one school they speak about that school only, and "
            "where a respondent's school is not known there is none.",
        )


@dataclass(frozen=True, eq=False)
class Agreement(Result):
    """How far a school's own assessment and a reviewer's agree."""

    order: tuple[str, ...]
    confidence: float
    by: tuple[str, ...] = ()
    states: pd.DataFrame = field(default=None)
    framework: tuple[str, ...] = ()

    caption: ClassVar[str] = "Self-assessment against the reviewer"
    _kappas: ClassVar[tuple[str, ...]] = tuple(
        f"{kind}{end}"
        for kind in ("kappa", "linear_kappa", "quadratic_kappa")
        for end in ("", "_low", "_high", "_clustered_low", "_clustered_high")
    )
    _agreed: ClassVar[tuple[str, ...]] = ("agreement", "agreement_low", "agreement_high")
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(_agreed, ".0%"),
        **dict.fromkeys(_kappas, ".2f"),
        "mean_difference": "+.2f",
        "p_direction": ".3f",
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_self_only": (),
        "n_reviewer_only": (),
        "n_unscored": (),
        "n_pairs": (*_agreed, *_kappas, "mean_difference"),
        "n_schools": (),
        "n_agree": _agreed,
        "n_self_higher": ("p_direction", "mean_difference"),
        "n_reviewer_higher": ("p_direction", "mean_difference"),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was compared, which interval it is, and which way the two differ."""
        return (
            f"n_pairs: rated by both. Left out and counted: {self._sum('n_self_only')} rated by "
            f"the school only, {self._sum('n_reviewer_only')} by the reviewer only, "
            f"{self._sum('n_unscored')} not scored by one or both.",
            "kappa: agreement beyond chance (Cohen); linear and quadratic count a miss by "
            f"distance along {' > '.join(self.order)}. Kappa is low where nearly all are in one "
            "state, however well two agree: read it with the percent agreement.",
            f"_low to _high: {self.confidence:.0%}, Wilson for agreement and large-sample "
            "(Fleiss, Cohen and Everitt) for kappa, each rating counted as independent. "
            "_clustered: schools left out one at a time; use these where a row holds several "
            "ratings of one school, and with fewer than about 20 schools read either as rough.",
            self._direction_note(),
            "Agreement is no proof that either is right.",
        )

    def _sum(self, name: str) -> int:
        return int(self.table[name].sum())

    def _direction_note(self) -> str:
        """Say which of the two is higher where they differ."""
        higher, lower = self._sum("n_self_higher"), self._sum("n_reviewer_higher")
        if not higher + lower:
            return "They never differ."
        share = half_up(100 * higher / (higher + lower))
        return (
            f"Where they differ, the school is higher in {higher} of {higher + lower} ({share}%). "
            "p_direction: exact sign test of the two counts, each rating counted as independent."
        )
