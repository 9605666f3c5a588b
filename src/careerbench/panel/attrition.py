"""Who is in at each wave, who is out, and how leavers differed at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from careerbench.checks import as_names, require_columns, require_one_of
from careerbench.errors import BadArgumentError, quoted
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

_STEP = "attrition"


@dataclass(frozen=True, eq=False)
class Attrition(Result):
    """How many units are in at each wave, and how those who left differed at the start.

    ``table`` has one row per wave: ``n_in``, ``n_from_baseline`` (of those in at the first wave),
    ``n_left`` (in at the first wave, not at this one), ``n_joined`` (new since the first wave),
    ``n_returned`` (out at the wave before, in earlier) and ``share_kept``. ``leavers`` has one
    row per wave and characteristic: the mean (or the share of a category) among those kept and
    those who left, their difference and ``standardised_difference``.
    """

    leavers: pd.DataFrame = field(repr=False)
    unit: str = "school_urn"

    caption: ClassVar[str] = "Who is in at each wave"
    formats: ClassVar[Mapping[str, str]] = {"share_kept": ".0%"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_in": (), "n_from_baseline": ("share_kept",), "n_left": ("share_kept",),
        "n_joined": (), "n_returned": (),
    }  # fmt: skip

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is counted, and what the comparison of leavers can and cannot show."""
        first = self.table["wave"].iloc[0]
        return (
            f"Counted: distinct {self.unit} with a row in the wave; kept and left are relative to "
            f"'{first}'.",
            "Leavers are compared on what was known of them at the start; they may differ in what "
            "was not.",
            "standardised_difference: kept less left, over the standard deviation of all at the "
            "start.",
        )


def attrition(
    table: pd.DataFrame,
    *,
    waves: Sequence[str],
    unit: str = "school_urn",
    baseline: pd.DataFrame | None = None,
    characteristics: str | Iterable[str] | None = None,
) -> Attrition:
    """Count who is in at each wave, and compare leavers with those kept at the start.

    Parameters
    ----------
    table : DataFrame
        Any table of a study with ``wave`` and the unit: audits, scores, survey answers.
    waves : sequence of str
        The waves in order of time; the first is the start.
    unit : str, default "school_urn"
        Who is counted: ``"school_urn"`` or ``"respondent"``.
    baseline : DataFrame, optional
        One row per unit with what was known of it at the start (the register, scores at the
        first wave). Needed for ``characteristics``.
    characteristics : str or iterable of str, optional
        Columns of ``baseline`` to compare: numbers by their mean, anything else category by
        category by its share. Default: none.

    Returns
    -------
    Attrition

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadArgumentError
        If a wave has no row, fewer than two waves are named, or ``baseline`` has a unit twice.

    Notes
    -----
    A characteristic that is missing for a unit leaves that unit out of that row only, and
    ``n_kept`` and ``n_left`` say how many it rests on.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "3", "1", "4"]})
    >>> scores["wave"] = ["baseline"] * 3 + ["year_1"] * 2
    >>> attrition(scores, waves=["baseline", "year_1"]).to_frame()
           wave  n_in  n_from_baseline  n_left  n_joined  n_returned  share_kept
    0  baseline     3                3       0         0           0    1.000000
    1    year_1     2                1       2         1           0    0.333333
    """
    import pandas as pd

    require_columns(table.columns, ["wave", unit], step=_STEP, hint="study.audits or scores")
    order = list(waves)
    if len(order) < 2:
        raise BadArgumentError(
            f"{_STEP}: at least two waves are needed.", found=quoted(order), hint="waves=[...]"
        )
    if len(set(order)) < len(order):
        raise BadArgumentError(
            f"{_STEP}: a wave is named twice.", found=quoted(order), hint="each wave once, in order"
        )
    present = set(table["wave"].dropna().astype("str"))
    for wave in order:
        require_one_of(wave, sorted(present), name="waves", step=_STEP)
    said = table["wave"].astype("str")
    inside = [set(table.loc[said == wave, unit].dropna()) for wave in order]
    rows = [_counts(order, inside, place) for place in range(len(order))]
    leavers = _leavers(order, inside, unit, baseline, as_names(characteristics))
    return Attrition(pd.DataFrame(rows), leavers, unit)


def _counts(order: list[str], inside: list[set], place: int) -> dict[str, object]:
    first, now = inside[0], inside[place]
    before = inside[place - 1] if place else first
    earlier = set().union(*inside[:place])
    kept = now & first
    return {
        "wave": order[place],
        "n_in": len(now),
        "n_from_baseline": len(kept),
        "n_left": len(first - now),
        "n_joined": len(now - first),
        "n_returned": len((now & earlier) - before) if place else 0,
        "share_kept": len(kept) / len(first) if first else float("nan"),
    }


def _leavers(
    order: list[str],
    inside: list[set],
    unit: str,
    baseline: pd.DataFrame | None,
    characteristics: list[str],
) -> pd.DataFrame:
    import pandas as pd

    columns = ["wave", "characteristic", "category", "n_kept", "n_left", "kept", "left",
               "difference", "standardised_difference"]  # fmt: skip
    if not characteristics:
        return pd.DataFrame(columns=columns)
    if baseline is None:
        raise BadArgumentError(
            f"{_STEP}: characteristics need the table they stand in.",
            found="baseline=None",
            hint="baseline=study.schools",
        )
    require_columns(baseline.columns, [unit, *characteristics], step=_STEP, hint="baseline=")
    if baseline[unit].duplicated().any():
        raise BadArgumentError(
            f"{_STEP}: baseline has more than one row for a {unit}.",
            found=quoted(baseline.loc[baseline[unit].duplicated(), unit], limit=5),
            hint="one row for each, such as the scores of one wave and Benchmark",
        )
    at_start = baseline[baseline[unit].isin(inside[0])]
    rows = []
    for place, wave in enumerate(order[1:], start=1):
        stayed = at_start[unit].isin(inside[place])
        for name in characteristics:
            rows += [(wave, name, *row) for row in _compared(at_start[name], stayed)]
    return pd.DataFrame(rows, columns=columns)


def _compared(values: pd.Series, stayed: pd.Series) -> list[tuple]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return [(None, *_difference(values.astype("float64"), stayed))]
    known = values.notna()
    categories = values.dropna().astype("str").unique()
    texts = values.astype("str")
    return [
        (category, *_difference((texts == category).astype("float64").where(known), stayed))
        for category in sorted(categories)
    ]


def _difference(
    values: pd.Series, stayed: pd.Series
) -> tuple[int, int, float, float, float, float]:
    kept, left = values[stayed].dropna(), values[~stayed].dropna()
    difference = kept.mean() - left.mean()
    spread = values.std(ddof=1)
    standardised = difference / spread if spread > 0 else float("nan")
    return len(kept), len(left), kept.mean(), left.mean(), difference, standardised
