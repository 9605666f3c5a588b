"""How a study is laid out: what decides how small an effect it can show."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import Any, Self

from careerbench import checks
from careerbench.errors import BadArgumentError


@dataclass(frozen=True)
class Design:
    """What every design has; not used by itself.

    ``n_schools`` is the number of schools that take part, both arms together.
    """

    n_schools: int

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for field in fields(self):
            low, high, whole = _BOUNDS[field.name]
            value: Any = getattr(self, field.name)
            known = isinstance(value, Integral if whole else Real)
            fine = known and not isinstance(value, bool) and low <= value <= high
            if not fine:
                raise BadArgumentError(
                    f"{type(self).__name__}: {field.name} must be a "
                    f"{'whole ' if whole else ''}number from {low} to {high}.",
                    found=checks.said(value),
                    hint=_HINTS.get(field.name, f"{field.name}={max(low, 0)}"),
                )

    def with_schools(self, n_schools: int) -> Self:
        """Return the same design with another number of schools."""
        return replace(self, n_schools=n_schools)

    @property
    def pupils(self) -> float:
        """Pupils per school; missing where schools themselves are counted."""
        return float(getattr(self, "pupils_per_school", math.nan))


@dataclass(frozen=True)
class ClusterTrial(Design):
    """Whole schools are given the programme or not, and pupils are measured.

    Attributes
    ----------
    n_schools : int
        Schools, both arms together.
    pupils_per_school : int or float
        Mean number of pupils measured in a school.
    icc : float
        Share of the outcome's variance that lies between schools.
    share_treated : float, default 0.5
        Share of schools that get the programme.
    r2_school, r2_pupil : float, default 0
        Share of the variance between, and within, schools that covariates explain.
    n_covariates : int, default 0
        Covariates of schools; each takes a degree of freedom.
    size_cv : float, default 0
        Coefficient of variation of the schools' sizes.
    """

    pupils_per_school: float
    icc: float
    share_treated: float = 0.5
    r2_school: float = 0.0
    r2_pupil: float = 0.0
    n_covariates: int = 0
    size_cv: float = 0.0

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the test."""
        return self.n_schools - self.n_covariates - 2

    def error(self, variance_before: float = 1.0, variance_after: float = 1.0) -> float:
        """Return the standard error of the difference of arms, given the variance of each."""
        between = self.icc * (1 - self.r2_school) * (1 + self.size_cv**2)
        within = (1 - self.icc) * (1 - self.r2_pupil) / self.pupils_per_school
        arms = variance_after / self.share_treated + variance_before / (1 - self.share_treated)
        return math.sqrt(arms * (between + within) / self.n_schools)


@dataclass(frozen=True)
class MultisiteTrial(Design):
    """Pupils within each school are given the programme or not.

    Attributes
    ----------
    n_schools, pupils_per_school, icc, r2_pupil, n_covariates
        As for :class:`ClusterTrial`.
    effect_variance : float
        Variance of the effect between schools, over the variance of the outcome between schools.
    share_treated : float, default 0.5
        Share of pupils of a school that get the programme.
    r2_effect : float, default 0
        Share of the variance of the effect that covariates explain.
    """

    pupils_per_school: float
    icc: float
    effect_variance: float
    share_treated: float = 0.5
    r2_pupil: float = 0.0
    r2_effect: float = 0.0
    n_covariates: int = 0

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the test."""
        return self.n_schools - self.n_covariates - 1

    def error(self) -> float:
        """Return the standard error of the mean effect."""
        between = self.icc * self.effect_variance * (1 - self.r2_effect)
        split = self.share_treated * (1 - self.share_treated) * self.pupils_per_school
        return math.sqrt((between + (1 - self.icc) * (1 - self.r2_pupil) / split) / self.n_schools)


@dataclass(frozen=True)
class BeforeAfter(Design):
    """The same schools before and after, with no comparison: a change, not an effect.

    Attributes
    ----------
    n_schools, pupils_per_school, icc, size_cv
        As for :class:`ClusterTrial`.
    school_correlation : float
        Correlation of a school's own level at the two ends.
    pupil_correlation : float, default 0
        Correlation of a pupil's own level at the two ends; 0 where other pupils are asked.
    """

    pupils_per_school: float
    icc: float
    school_correlation: float
    pupil_correlation: float = 0.0
    size_cv: float = 0.0

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the test."""
        return self.n_schools - 1

    def error(self, variance_before: float = 1.0, variance_after: float = 1.0) -> float:
        """Return the standard error of the change, given the variance at each end."""
        both, shared = variance_before + variance_after, math.sqrt(variance_before * variance_after)
        between = self.icc * (1 + self.size_cv**2) * (both - 2 * self.school_correlation * shared)
        within = (1 - self.icc) * (both - 2 * self.pupil_correlation * shared)
        return math.sqrt((between + within / self.pupils_per_school) / self.n_schools)


@dataclass(frozen=True)
class SchoolsBeforeAfter(Design):
    """The same schools before and after, each achieving or not: McNemar's test.

    Attributes
    ----------
    n_schools : int
        Schools seen at both ends.
    share_lost : float, default 0
        Share of schools that are expected to achieve before and no longer after.
    """

    share_lost: float = 0.0


_BOUNDS: dict[str, tuple[float, float, bool]] = {
    "n_schools": (2, 1_000_000, True), "pupils_per_school": (1, 1_000_000, False),
    "icc": (0, 1, False), "share_treated": (0.01, 0.99, False), "r2_school": (0, 1, False),
    "r2_pupil": (0, 1, False), "r2_effect": (0, 1, False), "n_covariates": (0, 1000, True),
    "size_cv": (0, 5, False), "effect_variance": (0, 100, False), "share_lost": (0, 0.5, False),
    "school_correlation": (-1, 1, False), "pupil_correlation": (-1, 1, False),
}  # fmt: skip
_HINTS = {
    "n_schools": "n_schools=40",
    "pupils_per_school": "pupils_per_school=25",
    "icc": "icc=0.15",
    "share_treated": "share_treated=0.5",
}
