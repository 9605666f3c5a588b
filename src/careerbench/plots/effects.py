"""Which columns of a result make the rows of a forest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from careerbench.analysis.differences import DifferenceInDifferences
from careerbench.analysis.results import Change
from careerbench.analysis.results_change import AdjustedChange, MeanChange, NetShift, ScaleChange
from careerbench.analysis.trials import PermutedEffect, TrialEffect
from careerbench.errors import BadArgumentError
from careerbench.plots import theme
from careerbench.plots.hidden import is_hidden
from careerbench.plots.series import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from careerbench.result import Result


@dataclass(frozen=True)
class Shape:
    """Where a record keeps estimate and bounds, what they are counted in, and what names a row."""

    estimate: str
    low: str
    high: str
    unit: str
    names: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]


_PAIRS = (("n_pairs", "pair"),)
POINTS = "Percentage points"
_SHAPES: dict[type, Shape] = {
    Change: Shape(
        "matched_change_pp", "matched_low_pp", "matched_high_pp", POINTS, ("benchmark",), _PAIRS
    ),
    NetShift: Shape("net_shift_pp", "low_pp", "high_pp", POINTS, ("benchmark",), _PAIRS),
    TrialEffect: Shape(
        "estimate", "low", "high", "Effect size, in standard deviations",
        ("arm", "denominator", "variance"),
        (("n_pupils", "pupil"), ("n_pupils_control", "control pupil")),
    ),
    DifferenceInDifferences: Shape(
        "estimate", "low", "high", "Difference in changes of '{outcome}'", ("arm",),
        (("n_schools", "school"), ("n_schools_control", "comparison school")),
    ),
    MeanChange: Shape("change", "low", "high", "Change in the mean of '{outcome}'", ("basis",), (
        ("n_before", "before"), ("n_after", "after"))),
    ScaleChange: Shape("change", "low", "high", "Points of the scale", ("scale", "basis"), (
        ("n_before", "before"), ("n_after", "after"))),
    AdjustedChange: Shape(
        "adjusted_change", "low", "high", "Adjusted change in '{outcome}'", (), _PAIRS
    ),
}  # fmt: skip


def effect_rows(
    found: Result, name: str, labels: Mapping[str, str] | None, *, step: str
) -> list[dict[str, Any]]:
    """Return a row for each effect of one result; refuse what has none."""
    shape = _shape_of(found, step=step)
    options: Any = found
    table = found.to_frame()
    hidden = is_hidden(table, shape.estimate)
    unit = shape.unit.format(outcome=getattr(found, "outcome", ""))
    names = [key for key in (*getattr(found, "by", ()), *shape.names) if key in table.columns]
    return [
        {
            "label": _label(row, names, name, labels) or found.caption,
            "estimate": float(row[shape.estimate]),
            "low": float(row[shape.low]),
            "high": float(row[shape.high]),
            "n": _counts(row, shape, hidden=bool(veiled)),
            "confidence": options.confidence,
            "unit": unit,
            "hidden": bool(veiled),
            "reason": _reason(row),
        }
        for (_, row), veiled in zip(table.iterrows(), hidden, strict=True)
    ]


def _shape_of(found: object, *, step: str) -> Shape:
    """Find the shape of a record; permutations bound no effect."""
    if isinstance(found, PermutedEffect):
        raise BadArgumentError(
            f"{step}: low to high of a permutation test is no interval of the effect.",
            found="PermutedEffect",
            hint="analysis.trial_effect or analysis.bootstrap_effect",
        )
    for kind, shape in _SHAPES.items():
        if isinstance(found, kind):
            return shape
    raise BadArgumentError(
        f"{step}: this has no effect with an interval.",
        found=type(found).__name__,
        hint=f"one of {', '.join(kind.__name__ for kind in _SHAPES)}",
    )


def _label(row: pd.Series, names: list[str], name: str, labels: Mapping[str, str] | None) -> str:
    """Name a row: the result's name, then what tells its rows apart."""
    said = [
        theme.named(
            say(row[key]) if isinstance(row[key], str) else f"{key} {say(row[key])}", labels
        )
        for key in names
    ]
    return " · ".join([*([name] if name else []), *said])


def _counts(row: pd.Series, shape: Shape, *, hidden: bool) -> str:
    """Say what a row rests on."""
    said = []
    for column, word in shape.counts:
        n = row[column] if column in row.index else float("nan")
        number = ("hidden" if hidden else "–") if n != n else f"{int(n):,}"
        one = n == 1 or word in {"before", "after"}
        said.append(f"{number} {word if one else word + 's'}")
    return f"n = {', '.join(said)}"


def _reason(row: pd.Series) -> str:
    """Say why a row has no estimate, as far as the result says."""
    given = row.get("reason")
    return str(given) if isinstance(given, str) and given else "no pairs or no spread"
