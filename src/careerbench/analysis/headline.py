"""The change of one number per school, from schools at one end or at both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.intervals import t_interval

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_NAN = float("nan")


def numbers_achieved(
    scores: pd.DataFrame, before: str, after: str, *, scale: float = 1
) -> pd.DataFrame:
    """Count the Benchmarks each school achieves, a column for each end.

    A school with a Benchmark that is not scored has no number at that end.
    """
    wave = scores["wave"].astype("str")
    achieved = (scores["state"] == "achieved").astype(float)
    number = (scale * achieved).where(scores["state"] != "not scored")
    whole = number.groupby([scores["school_urn"], wave], sort=False)
    counted = whole.sum().where(whole.count() == whole.size())
    return counted.unstack("wave").reindex(columns=[before, after])  # noqa: PD010 - unique


def mean_change(values: pd.DataFrame, confidence: float, *, matched: bool) -> dict[str, object]:
    """Estimate the change of the mean, with schools as the unit."""
    ends = values.to_numpy(dtype=np.float64)
    there = ~np.isnan(ends)
    ends = ends[there.all(axis=1) if matched else there.any(axis=1)]
    there = ~np.isnan(ends)
    n = there.sum(axis=0)
    if not n.all():
        reason = "no school at both ends" if matched else "no school at one end"
        return _laid_out(_NAN, _NAN, 0, len(ends), confidence, reason)
    means = np.where(there, ends, 0).sum(axis=0) / n
    off = np.where(there, ends - means, 0) / n
    residual = off[:, 1] - off[:, 0]
    units = len(ends)
    error = np.sqrt(units / max(units - 1, 1) * (residual**2).sum()) if units > 1 else _NAN
    return _laid_out(means[1] - means[0], error, units - 1, units, confidence, None)


def adjusted_change(values: pd.DataFrame, confidence: float) -> dict[str, object]:
    """Carry the change of matched schools over to the baseline of all schools scored then."""
    ends = values.to_numpy(dtype=np.float64)
    pairs = ends[~np.isnan(ends).any(axis=1)]
    start = ends[~np.isnan(ends[:, 0]), 0]
    if len(pairs) < 3:
        return _laid_out(_NAN, _NAN, 0, len(pairs), confidence, "fewer than three matched schools")
    varies = np.ptp(pairs[:, 0]) > 0
    design = np.column_stack([np.ones(len(pairs)), pairs[:, 0]])[:, : 2 if varies else 1]
    moved = pairs[:, 1] - pairs[:, 0]
    inverse = np.linalg.inv(design.T @ design)
    slope = inverse @ design.T @ moved
    at = np.array([1.0, start.mean()])[: len(slope)]
    error = _hc2_error(design, inverse, moved - design @ slope, at)
    freedom = len(pairs) - len(slope)
    return _laid_out(float(at @ slope), error, freedom, len(pairs), confidence, None)


def _hc2_error(design: NDArray, inverse: NDArray, residual: NDArray, at: NDArray) -> float:
    """Return the standard error of a prediction, each school with a variance of its own."""
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    weight = np.where(leverage < 1 - 1e-9, residual**2 / np.maximum(1 - leverage, 1e-9), 0)
    pull = design @ (inverse @ at)
    return float(np.sqrt((pull**2 * weight).sum()))


def _laid_out(
    estimate: float, error: float, freedom: int, n: int, confidence: float, reason: str | None
) -> dict[str, object]:
    """Lay an estimate out with its interval; none without spread."""
    low, high = t_interval(estimate, error, freedom, confidence=confidence)
    if error == 0:
        low, high, reason = np.array(_NAN), np.array(_NAN), "every school changes alike"
    if freedom < 1 and reason is None:
        reason = "one school"
    return {"estimate": float(estimate), "low": float(low), "high": float(high), "n_schools": n,
            "estimate_reason": reason}  # fmt: skip
