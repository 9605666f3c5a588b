"""Which audit counts for which wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from careerbench.checks import require_columns
from careerbench.errors import CareerBenchError, quoted

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

_KEYS = ("school_urn", "wave")


def choose_audits(audits: IntoDataFrameT) -> IntoDataFrameT:
    """Keep one audit for each school and wave: the latest.

    Parameters
    ----------
    audits : DataFrame
        One row per school, wave and item: ``school_urn``, ``wave``, ``audit_date`` and more.

    Returns
    -------
    DataFrame
        The rows of each school's latest audit in each wave, in the order they came, with
        ``n_audits``: how many audits (different dates) the school made in that wave.

    Raises
    ------
    CareerBenchError
        If a school has, in one wave, rows with a date and rows without: nobody can tell which
        audit the latter belong to.

    Notes
    -----
    The wave is the one the table says; a date outside the wave's window does not move an audit.

    Examples
    --------
    >>> import pandas as pd
    >>> dates = pd.to_datetime(["2020-01-10", "2020-03-02"])
    >>> audits = pd.DataFrame({"school_urn": "900001", "wave": "baseline", "audit_date": dates})
    >>> choose_audits(audits.assign(item="a", answer=["no", "yes"]))[["answer", "n_audits"]]
      answer  n_audits
    1    yes         2
    """
    frame = nw.from_native(audits, eager_only=True)
    needed = (*_KEYS, "audit_date")
    require_columns(frame.columns, needed, step="choose_audits", hint="loaders.load_audits(path)")
    rows = frame.with_columns(_undated=nw.col("audit_date").is_null().cast(nw.Int64))
    distinct = rows.select(*_KEYS, "audit_date", "_undated").unique()
    dates = distinct.group_by(*_KEYS).agg(
        nw.col("audit_date").max().alias("_latest"),
        nw.len().alias("n_audits"),
        nw.col("_undated").sum().alias("_n_undated"),
    )
    _refuse_half_dated(dates)
    joined = frame.join(dates, on=list(_KEYS), how="left")
    kept = joined.filter(nw.col("_latest").is_null() | (nw.col("audit_date") == nw.col("_latest")))
    return kept.drop("_latest", "_n_undated").to_native()


def _refuse_half_dated(dates: nw.DataFrame) -> None:
    half = dates.filter((nw.col("_n_undated") > 0) & ~nw.col("_latest").is_null())
    if len(half):
        named = [f"{urn}, {wave}" for urn, wave in half.select(*_KEYS).iter_rows()]
        raise CareerBenchError(
            "choose_audits: rows of one school and wave have an audit_date, others have none.",
            found=quoted(named),
            hint="give each row of an audit its date, or none of them",
        )
