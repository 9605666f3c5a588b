"""What was found about a trial: effect sizes with their definition, replicates, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from careerbench.errors import counted, quoted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

_NUMBERS = ("estimate", "std_error", "low", "high")
_SEEN = (*_NUMBERS, "difference", "sd")
_MODELS = {
    "simple": "ordinary least squares, rows independent of each other: one row per school, or "
    "pupils assigned one by one within one school",
    "cluster": "a random intercept for each school, by restricted maximum likelihood",
    "multisite": "a random intercept and a random effect of each arm for each school, with their "
    "covariance, by restricted maximum likelihood",
}


@dataclass(frozen=True, eq=False)
class TrialEffect(Result):
    """Effect size of each arm against the control, in each definition, with its interval."""

    outcome: str
    arm: str
    control: object
    covariates: tuple[str, ...]
    group: str | None
    design: str
    confidence: float
    interval: str
    n_schools: int
    n_pupils: int
    missing: Mapping[str, int]
    unused: tuple[object, ...]
    n_dropped: int
    models: pd.DataFrame = field(repr=False)

    caption: ClassVar[str] = "Effect size (difference over a standard deviation), by definition"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(_SEEN, ".2f"),
        **dict.fromkeys(("df",), ".1f"),
        **dict.fromkeys(("p",), ".3f"),
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **dict.fromkeys(("n_schools", "n_schools_control", "n_pupils", "n_pupils_control"), _SEEN),
        "n_replicates": (*_NUMBERS, "p"),
        "n_failed": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was compared, each definition, the interval, and who was left out."""
        return (*self._definition_notes(), *self._interval_notes(), *self._count_notes())

    def _definition_notes(self) -> tuple[str, ...]:
        adjusted = f"adjusted for {quoted(self.covariates)}" if self.covariates else "unadjusted"
        first = (
            f"Outcome '{self.outcome}'; each arm of '{self.arm}' against '{self.control}', "
            f"{adjusted}. difference is in points of the outcome; estimate is difference over sd."
        )
        models = (
            "variance 'conditional': from the model with arms and covariates "
            f"({_MODELS[self.design]}); 'unconditional': from the model without arms and "
            "covariates (intercept "
            + ("only)." if self.design == "simple" else "and schools only).")
        )
        if self.design == "simple":
            correction = (
                "denominator 'total': with one level there is one standard deviation; estimate is "
                "Hedges' g, corrected for small samples."
            )
            return first, correction, models
        factor = (
            "sqrt(within + between) over the cluster-size factor of Hedges (2007), so that the "
            "estimate is multiplied by it"
        )
        if self.design == "multisite":
            factor = (
                "in the conditional model the square root of the variance of a pupil's outcome, "
                "averaged over arms; in the unconditional one " + factor
            )
        return (
            first,
            "denominator 'within': the standard deviation of pupils in one school; "
            f"'total': {factor}.",
            models,
        )

    def _interval_notes(self) -> tuple[str, ...]:
        source = {
            "simple": "Hedges' variance of g",
            "cluster": "Hedges (2007) for schools of unequal size",
            "multisite": "the weighted sum over schools with both arms",
        }[self.design]
        shape = (
            "Student's t on df degrees of freedom"
            if self.interval == "t"
            else "the normal distribution, which is too narrow for few schools"
        )
        said = (
            f"low to high: {self.confidence:.0%} interval; std_error from {source}, with {shape}."
        )
        if len(self.table) and self.table["std_error"].isna().any():
            said += " Some rows have too few pupils per school for a standard error."
        return (said,)

    def _count_notes(self) -> tuple[str, ...]:
        lost = ", ".join(f"{n:,} in '{name}'" for name, n in self.missing.items())
        left = (
            f"{counted(self.n_dropped, 'row')} with a blank left out (blanks: {lost})."
            if self.n_dropped
            else "No row was left out."
        )
        who = counted(self.n_pupils, "row" if self.design == "simple" else "pupil")
        where = "" if self.design == "simple" else f" in {counted(self.n_schools, 'school')}"
        zero = self.models.loc[self.models["singular"], "model"].tolist()
        said = (
            (
                f"Singular fit ({' and '.join(zero)} model): some variance between schools is "
                "estimated as zero.",
            )
            if zero
            else ()
        )
        none = (f"No row of arm {quoted(self.unused)}: no estimate.",) if self.unused else ()
        return f"{who}{where}. {left}", *none, *said


@dataclass(frozen=True, eq=False)
class Replicated(TrialEffect):
    """Effect sizes with replicates; :class:`BootstrapEffect` and :class:`PermutedEffect`."""

    seed: int | None
    given: bool
    schools: tuple[object, ...] = field(repr=False)
    estimates: NDArray[np.float64] = field(repr=False)  # (n, rows of the table)
    reasons: NDArray[np.object_] = field(repr=False)
    n_redrawn: int

    @property
    def replicates(self) -> pd.DataFrame:
        """One row per replicate and row of the table.

        ``replicate`` (from 0, the row of ``draws`` or ``assignments``), ``arm``, ``denominator``,
        ``variance``, ``estimate`` (missing where the replicate has none) and ``reason``.
        """
        import pandas as pd

        n, width = self.estimates.shape
        names = {
            name: pd.Categorical(np.tile(self.table[name].to_numpy(dtype=object), n))
            if name != "arm"
            else np.tile(self.table[name].to_numpy(), n)
            for name in ("arm", "denominator", "variance")
        }
        return pd.DataFrame(
            {
                "replicate": np.repeat(np.arange(n), width),
                **names,
                "estimate": self.estimates.ravel(),
                "reason": pd.Series(
                    np.repeat(np.array([why or None for why in self.reasons], object), width),
                    dtype="str",
                ),
            }
        )

    def _draw_note(self, what: str) -> str:
        failed = int((self.reasons != "").sum())
        kinds = sorted(set(self.reasons[self.reasons != ""]))
        said = f"{what}, {counted(len(self.estimates), 'replicate')}, "
        said += "as given" if self.given else f"seed {self.seed}"
        if self.n_redrawn:
            said += f"; {counted(self.n_redrawn, 'draw')} without one of the arms drawn again"
        if failed:
            said += f"; {failed:,} without an estimate ({', '.join(kinds)}), left out"
        return said + "."


@dataclass(frozen=True, eq=False)
class BootstrapEffect(Replicated):
    """Effect sizes with bootstrap replicates and percentile intervals."""

    resample: str

    caption: ClassVar[str] = "Effect size by definition, with bootstrap intervals"

    def _interval_notes(self) -> tuple[str, ...]:
        what = {
            "schools": "Schools drawn with replacement; a school drawn twice counts as two",
            "pupils": "Pupils drawn with replacement within their schools, which stay as they are: "
            "the interval says nothing about other schools",
            "both": "Schools drawn with replacement, then pupils within each school drawn; a "
            "school drawn twice counts as two, with pupils of its own",
            "residuals": "School effects and pupil residuals, centred and reflated to the "
            "estimated variances, drawn with replacement; both models are refitted to the same "
            "made outcome",
            "wild": "The residuals of each school, all turned by one sign drawn for the school",
        }[self.resample]
        if self.design == "simple":
            what = f"Resampling of rows ('{self.resample}')"
        return (
            f"low to high: {self.confidence:.0%} percentile interval of the replicates; std_error: "
            "their standard deviation. Every replicate is a full refit of both models, unrounded, "
            "with the cluster-size factor of its own schools.",
            self._draw_note(what),
        )


@dataclass(frozen=True, eq=False)
class PermutedEffect(Replicated):
    """Effect sizes with permutation replicates and their p values."""

    caption: ClassVar[str] = "Effect size by definition, with permutation tests"

    def _interval_notes(self) -> tuple[str, ...]:
        what = {
            "simple": "Arms shuffled over rows",
            "cluster": "Arms shuffled over schools",
            "multisite": "Arms shuffled over pupils within each school",
        }[self.design]
        return (
            "p: two-sided, (1 + replicates at least as far from zero) / (1 + n_replicates). "
            f"low to high: where the middle {self.confidence:.0%} of effects lies when there is "
            "no effect; not an interval for the effect.",
            self._draw_note(what),
        )
