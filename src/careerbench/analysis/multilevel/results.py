"""A fitted multilevel model: its terms, variances and schools, with notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from careerbench.analysis.multilevel.fixed import fixed_table
from careerbench.analysis.multilevel.modes import conditional_modes
from careerbench.analysis.multilevel.robust import robust_errors
from careerbench.checks import require_between
from careerbench.errors import counted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.likelihood import Kernel
    from careerbench.analysis.multilevel.robust import RobustErrors
    from careerbench.analysis.multilevel.sums import SchoolSums

_FEW = 4
_FEW_SCHOOLS = 10


class _ReadLater(Result):
    """A result whose table, once it is first read, is worked out and kept."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """Work out the table."""
        return self._worked_out()

    def _worked_out(self) -> pd.DataFrame:
        """Work out the table; a subclass says how."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class MultilevelFit(_ReadLater):
    """A linear model of pupils in schools.

    ``table`` and ``fixed``: one row per term (``term``, ``estimate``, ``std_error``, ``df``,
    ``low``, ``high``, ``p``; and both kinds of ``std_error_`` and ``df_``), in units of the
    outcome per unit of the term. ``variance``: ``between`` schools and ``within`` (pupils), and
    with a slope ``slope`` and ``covariance`` (with the intercept); variances, not standard
    deviations. ``modes``: one row per school, with its conditional ``mode`` (how far its
    intercept lies from the fixed one), ``sd``, ``low`` and ``high``, and the same of its slope.
    ``singular``: whether the fit lies on the boundary of what variances can be. The two tables
    are worked out when they are first read.
    """

    table: pd.DataFrame = field(init=False, repr=False)
    formula: str
    group: str
    slope: str | None
    method: str
    std_errors: str
    confidence: float
    variance: Mapping[str, float]
    log_likelihood: float
    aic: float
    bic: float
    singular: bool
    n_pupils: int
    n_schools: int
    n_missing: int
    n_schools_missing: int
    names: tuple[str, ...] = field(repr=False)
    labels: pd.Index = field(repr=False)
    kernel: Kernel = field(repr=False)
    theta: NDArray[np.float64] = field(repr=False)
    said: tuple[str, ...] = ()

    caption: ClassVar[str] = "Fixed effects of a multilevel model"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("estimate", "std_error", "low", "high"), ".3f"),
        **dict.fromkeys(("std_error_cr2", "std_error_model", "p"), ".3f"),
        **dict.fromkeys(("df", "df_cr2", "df_model"), ".1f"),
    }

    def _worked_out(self) -> pd.DataFrame:
        return fixed_table(
            self.names,
            self.kernel,
            self.theta,
            self._robust,
            reml=self.method == "reml",
            std_errors=self.std_errors,
            confidence=self.confidence,
        )

    @cached_property
    def _robust(self) -> RobustErrors:
        """Work out the CR2 errors."""
        return robust_errors(self.sums, self.theta, self.kernel.at(self.theta))

    @cached_property
    def modes(self) -> pd.DataFrame:
        """Give each school's conditional mode, one row per school."""
        return conditional_modes(
            self.labels,
            self.kernel,
            self.theta,
            reml=self.method == "reml",
            group=self.group,
            confidence=self.confidence,
        )

    @property
    def sums(self) -> SchoolSums:
        """Give the sums per school that the fit rests on."""
        return self.kernel.sums

    @property
    def alone(self) -> tuple[str, ...]:
        """Name the terms that one school alone tells about."""
        return tuple(
            name for name, alone in zip(self.names, self._robust.alone, strict=True) if alone
        )

    @property
    def fixed(self) -> pd.DataFrame:
        """Hand out the fixed effects, one row per term."""
        return self.to_frame()

    @property
    def icc(self) -> float:
        """Give the share of the variance that lies between schools, from 0 to 1.

        With a slope: of schools' intercepts, which is at 0 of the slope's column.
        """
        return self.variance["between"] / (self.variance["between"] + self.variance["within"])

    def profile(self, *, confidence: float | None = None) -> ProfileIntervals:
        """Bound variances and fixed effects by profile likelihood.

        Parameters
        ----------
        confidence : float, optional
            Coverage, a proportion in (0, 1); the fit's own if left out.

        Returns
        -------
        ProfileIntervals
            One row per parameter: ``kind`` (variance, correlation, fixed), ``parameter``,
            ``estimate``, ``low``, ``high``. Variances in squared units of the outcome.

        Notes
        -----
        Profiles are of the full likelihood, as in R's ``confint(lmer(...), method="profile")``,
        whatever the fit's method, so the estimates are those of maximum likelihood. A variance
        whose interval reaches the boundary has ``low`` 0.
        """
        from careerbench.analysis.multilevel.profile import profile_table

        wanted = self.confidence if confidence is None else confidence
        require_between(wanted, 0, 1, name="confidence", step="profile")
        table = profile_table(self.sums, self.theta, self.names, confidence=wanted)
        return ProfileIntervals(table, formula=self.formula, confidence=wanted)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was fitted to whom, what the errors rest on, and what to beware of."""
        return (
            self._model_note(),
            self._rows_note(),
            self._variance_note(),
            self._errors_note(),
            *self._warnings(),
            *self.said,
        )

    def _model_note(self) -> str:
        """Say which model it is."""
        effects = "a random intercept" + (f" and slope of {self.slope}" if self.slope else "")
        way = {"reml": "restricted maximum likelihood", "ml": "maximum likelihood"}[self.method]
        return (
            f"{self.formula}, with {effects} for each {self.group}, by {way}; log-likelihood "
            f"{self.log_likelihood:.2f}, AIC {self.aic:.2f}, BIC {self.bic:.2f}."
        )

    def _rows_note(self) -> str:
        """Say who is in and who is left out."""
        here = f"{counted(self.n_pupils, 'pupil')} in {counted(self.n_schools, 'school')}."
        if not self.n_missing:
            return f"{here} No row is left out."
        gone = counted(self.n_missing, "row")
        with_them = (
            f", and with them all pupils of {counted(self.n_schools_missing, 'school')}"
            if self.n_schools_missing
            else ""
        )
        return f"{here} Left out for a missing value in the model: {gone}{with_them}."

    def _variance_note(self) -> str:
        """Say the variances and the intraclass correlation."""
        parts = ", ".join(f"{name} {value:.4g}" for name, value in self.variance.items())
        at = f" where {self.slope} is 0" if self.slope else ""
        return f"Variances: {parts}. Intraclass correlation{at}: {self.icc:.3f}."

    def _errors_note(self) -> str:
        """Say which standard errors the intervals rest on."""
        kinds = {
            "cr2": "CR2 standard errors with schools as clusters, which hold if the variances are "
            "not as modelled",
            "model": "standard errors that trust the model's variances",
        }
        return (
            f"std_error, df, low to high ({self.confidence:.0%}) and p: {kinds[self.std_errors]}; "
            "Satterthwaite degrees of freedom and Student's t."
        )

    def _warnings(self) -> tuple[str, ...]:
        """Say where the answer is on the boundary, or rests on too little."""
        found = []
        if self.singular:
            what = (
                "the intercepts or slopes do not differ, or one follows from the other"
                if self.slope
                else "schools do not differ beyond their pupils"
            )
            found.append(f"Singular fit: the best fit lies on the boundary, where {what}.")
        few = self.table.loc[~(self.table["df"] >= _FEW), "term"].tolist()
        if few:
            found.append(
                f"Fewer than {_FEW} degrees of freedom for {', '.join(few)}: too few schools tell "
                "about it, so neither interval nor p is to be relied on."
            )
        if self.alone and self.std_errors == "cr2":
            found.append(
                f"One school alone tells about {', '.join(self.alone)}: how much that school might "
                "differ cannot be known, so std_error leaves it out and is too small."
            )
        if self.n_schools < _FEW_SCHOOLS:
            found.append(
                f"Only {self.n_schools} schools: the variance between schools is hardly known."
            )
        return tuple(found)


@dataclass(frozen=True, eq=False)
class ProfileIntervals(Result):
    """Profile likelihood intervals of a multilevel model's variances and fixed effects."""

    formula: str
    confidence: float

    caption: ClassVar[str] = "Profile likelihood intervals"
    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(("estimate", "low", "high"), ".3f")

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what the intervals are."""
        return (
            f"{self.formula}: {self.confidence:.0%} intervals by profile of the full likelihood; "
            "estimates by maximum likelihood.",
            "kind variance: between schools, within (pupils) and of slopes, in squared units; a "
            "low of 0 says that there may be no such differences at all.",
        )
