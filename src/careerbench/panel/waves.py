"""Which audit counts for which wave."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from careerbench.checks import require_columns, require_one_of
from careerbench.errors import BadArgumentError, CareerBenchError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from narwhals.typing import IntoFrameT

RULES = ("latest", "first", "best", "all")
SOON_DAYS = 28
_STEP = "choose_audits"
_KEYS = ("school_urn", "wave")
_SITTING = ["school_urn", "wave", "audit_date"]
_HINT = "loaders.load_audits(path)"


@dataclass(frozen=True)
class Wave:
    """One round of audits and surveys: its window, both days included.

    ``closes`` is the census date: the day on which a school's standing is taken.
    """

    id: str
    title: str
    opens: date
    closes: date
    about: str = ""


def choose_audits(
    audits: pd.DataFrame,
    waves: Sequence[Wave] | None = None,
    *,
    rule: str = "latest",
    quality: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Keep the audits that count, and say how each came to count.

    Parameters
    ----------
    audits : DataFrame
        One row per school, wave and item: ``school_urn``, ``wave``, ``audit_date``, ``item``,
        ``answer`` and more.
    waves : sequence of Wave, optional
        Windows that decide, by its date, which wave an audit belongs to, whatever the table
        says: with ``latest``, the last audit after the wave before closed and on or before the
        day this one closes; with the other rules, audits within the window. Default: the wave
        that the table names.
    rule : {"latest", "first", "best", "all"}
        Which audit of a school counts in a wave: the last, the first, the one of highest
        ``quality`` (the later one of equals), or every one of them.
    quality : DataFrame, optional
        For ``best``: one row per ``school_urn`` and ``audit_date`` with ``quality``, a number
        (such as the number of Benchmarks achieved).

    Returns
    -------
    DataFrame
        The rows of the audits that count, in the order they came, all columns, and:
        ``reported_wave`` (what the table said, where ``waves`` decided), ``n_audits`` (audits of
        the school in that wave), ``days_since_previous`` (days since the school's audit before,
        in any wave; missing for its first), ``soon`` (less than 28 days after it) and ``copied``
        (the same answers as that audit, item by item: carried forward, not asked again).

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadArgumentError
        If the rule is not known, or ``best`` comes without a ``quality`` for each audit.
    CareerBenchError
        If rows of one school and wave have a date and others have none, or windows overlap.

    Notes
    -----
    ``list_audits`` has one row for every audit, those that do not count included, with why.

    Examples
    --------
    >>> import pandas as pd
    >>> dates = pd.to_datetime(["2020-01-10", "2020-02-02"])
    >>> audits = pd.DataFrame({"school_urn": "900001", "wave": "baseline", "audit_date": dates})
    >>> audits = audits.assign(item="a", answer="no")
    >>> choose_audits(audits)[["audit_date", "n_audits", "days_since_previous", "soon", "copied"]]
      audit_date  n_audits  days_since_previous  soon  copied
    1 2020-02-02         2                   23  True    True
    """
    sittings = list_audits(audits, waves, rule=rule, quality=quality)
    counts = sittings.loc[sittings["counts"]].drop(columns=["counts", "why"])
    if waves is None:
        return _joined(audits, counts, _SITTING)
    renamed = audits.rename(columns={"wave": "reported_wave"})
    return _joined(renamed, counts, ["school_urn", "reported_wave", "audit_date"])


def list_audits(
    audits: pd.DataFrame,
    waves: Sequence[Wave] | None = None,
    *,
    rule: str = "latest",
    quality: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Account for every audit: which wave it belongs to, and whether and why it counts.

    Parameters
    ----------
    audits, waves, rule, quality
        As for ``choose_audits``.

    Returns
    -------
    DataFrame
        One row per school and audit, by school and date: ``school_urn``, ``reported_wave`` (where
        ``waves`` decided), ``wave`` (missing outside all windows), ``audit_date``, ``n_audits``,
        ``days_since_previous``, ``soon``, ``copied``, ``counts`` and ``why`` ("counts",
        "superseded" or "outside every wave").

    Examples
    --------
    >>> import pandas as pd
    >>> dates = pd.to_datetime(["2020-01-10", "2020-03-02"])
    >>> audits = pd.DataFrame({"school_urn": "900001", "wave": "baseline", "audit_date": dates})
    >>> list_audits(audits.assign(item="a", answer=["no", "yes"]))[["audit_date", "why"]]
      audit_date         why
    0 2020-01-10  superseded
    1 2020-03-02      counts
    """
    require_one_of(rule, RULES, name="rule", step=_STEP)
    needed = (*_SITTING, "item", "answer")
    require_columns(audits.columns, needed, step=_STEP, hint=_HINT)
    _refuse_text_dates(nw.from_native(audits, eager_only=True))
    sittings = _sittings(audits)
    if waves is not None:
        sittings = sittings.rename(columns={"wave": "reported_wave"})
        sittings["wave"] = _wave_by_date(sittings["audit_date"], waves, rule)
    ranked = _ranked(sittings, rule, quality)
    inside = ranked["wave"].notna()
    unit = ranked.groupby(["school_urn", "wave"], dropna=False)
    ranked["n_audits"] = unit["audit_date"].transform("size").where(inside).astype("Int64")
    last = unit["_rank"].transform("max") == ranked["_rank"]
    ranked["counts"] = inside & (last | (rule == "all"))
    ranked["why"] = "outside every wave"
    ranked.loc[inside, "why"] = ranked.loc[inside, "counts"].map(
        {True: "counts", False: "superseded"}
    )
    lead = ["reported_wave"] if waves is not None else []
    columns = ["school_urn", *lead, "wave", "audit_date", "n_audits", "days_since_previous"]
    return ranked[[*columns, "soon", "copied", "counts", "why"]]


def latest_audits(audits: IntoFrameT) -> IntoFrameT:
    """Keep each school's latest audit in the wave the table names, with ``n_audits``.

    The short way that scoring takes, on any frame engine: the same audits as
    ``choose_audits(audits)``, without its accounts. Of a lazy frame only the faults are computed.
    """
    frame: Any = nw.from_native(audits)
    require_columns(frame.collect_schema().names(), _SITTING, step=_STEP, hint=_HINT)
    _refuse_text_dates(frame)
    if frame.implementation.is_pandas():
        return _latest_in_memory(frame.to_native())
    sittings = (
        frame.with_columns(_n_undated=nw.col("audit_date").is_null().cast(nw.Int64))
        .group_by(*_SITTING)
        .agg(nw.col("_n_undated").max())
    )
    dates = sittings.group_by(*_KEYS).agg(
        nw.col("audit_date").max().alias("_latest"),
        nw.len().alias("n_audits"),
        nw.col("_n_undated").sum(),
    )
    half = dates.filter((nw.col("_n_undated") > 0) & ~nw.col("_latest").is_null()).select(*_KEYS)
    _refuse_half_dated([f"{urn}, {wave}" for urn, wave in computed(half).iter_rows()])
    counted = dates.with_columns(nw.col("n_audits").cast(nw.Int64))
    joined = frame.join(counted, on=list(_KEYS), how="left")
    kept = joined.filter(nw.col("_latest").is_null() | (nw.col("audit_date") == nw.col("_latest")))
    return kept.drop("_latest", "_n_undated").to_native()


def _latest_in_memory(audits: Any) -> Any:
    """Keep the latest audits of a pandas frame: the same by arrays, many times faster."""
    import numpy as np
    import pandas as pd

    urn, _ = pd.factorize(audits["school_urn"])
    wave, waves = pd.factorize(audits["wave"])
    unit, units = pd.factorize((urn.astype(np.int64) + 1) * (len(waves) + 1) + wave + 1)
    day, days = pd.factorize(audits["audit_date"], sort=True)
    latest = np.full(len(units), -1)
    np.maximum.at(latest, unit, day)
    half = np.unique(unit[(day < 0) & (latest[unit] >= 0)])
    named = audits.iloc[np.unique(unit, return_index=True)[1][half]] if len(half) else audits[:0]
    _refuse_half_dated(
        [f"{school}, {at}" for school, at in zip(named["school_urn"], named["wave"], strict=True)]
    )
    sittings = pd.unique(unit * (len(days) + 1) + day + 1)
    n_audits = np.bincount(sittings // (len(days) + 1), minlength=len(units))[unit]
    kept = day == latest[unit]
    rows = audits if kept.all() else audits[kept]
    return rows.assign(n_audits=n_audits[kept])


def computed(frame: nw.DataFrame | nw.LazyFrame) -> nw.DataFrame:
    """Have a small answer at once, whatever the engine."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _sittings(audits: pd.DataFrame) -> pd.DataFrame:
    """List each school's audits in order, with what ties each to the one before."""
    import pandas as pd

    keys = [name for name in ("item", "year_group", "answer") if name in audits]
    texts = audits[keys].astype("str").fillna("")
    prints = pd.util.hash_pandas_object(texts, index=False)
    rows = audits[_SITTING].assign(_print=prints.to_numpy(), _wave=audits["wave"].astype("str"))
    grouped = rows.groupby(["school_urn", "_wave", "audit_date"], dropna=False, sort=False)
    found = grouped.agg(_print=("_print", "sum"), _n=("_print", "size"), wave=("wave", "first"))
    sittings = found.reset_index().drop(columns="_wave")
    dated = sittings["audit_date"].notna().groupby([sittings["school_urn"], sittings["wave"]],
                                                    observed=True)  # fmt: skip
    half = dated.transform("nunique") > 1
    _refuse_half_dated(
        sorted({f"{row.school_urn}, {row.wave}" for row in sittings[half].itertuples()})
    )
    ordered = sittings.sort_values(["school_urn", "audit_date"], ignore_index=True)
    by_school = ordered.groupby("school_urn")
    ordered["days_since_previous"] = by_school["audit_date"].diff().dt.days.astype("Int64")
    ordered["soon"] = (ordered["days_since_previous"] < SOON_DAYS).fillna(value=False).astype(bool)
    same_print = by_school["_print"].shift() == ordered["_print"]
    ordered["copied"] = same_print & (by_school["_n"].shift() == ordered["_n"])
    return ordered.drop(columns=["_print", "_n"])


def _wave_by_date(dates: pd.Series, waves: Sequence[Wave], rule: str) -> pd.Series:
    """Name the wave each date belongs to; missing outside all of them."""
    import pandas as pd

    ordered = sorted(waves, key=lambda wave: wave.opens)
    for before, after in itertools.pairwise(ordered):
        if after.opens <= before.closes:
            raise CareerBenchError(
                f"{_STEP}: the windows of '{before.id}' and '{after.id}' overlap.",
                found=f"'{before.id}' closes {before.closes}, '{after.id}' opens {after.opens}",
                hint="windows that follow each other",
            )
    found = pd.Series(pd.NA, index=dates.index, dtype="str")
    previous = pd.Timestamp.min
    for wave in ordered:
        opens, closes = pd.Timestamp(wave.opens), pd.Timestamp(wave.closes)
        after = dates > previous if rule == "latest" else dates >= opens
        found[after & (dates.dt.normalize() <= closes)] = wave.id
        previous = closes
    return found


def _ranked(sittings: pd.DataFrame, rule: str, quality: pd.DataFrame | None) -> pd.DataFrame:
    """Put a number on each audit: in a wave the highest counts."""
    if rule != "best":
        places = sittings.groupby("school_urn").cumcount()
        return sittings.assign(_rank=-places if rule == "first" else places)
    if quality is None:
        raise BadArgumentError(
            f"{_STEP}: rule 'best' needs to know how good each audit is.",
            found="quality=None",
            hint="quality=frame of school_urn, audit_date, quality",
        )
    keys = ["school_urn", "audit_date"]
    require_columns(quality.columns, [*keys, "quality"], step=_STEP, hint="quality=")
    joined = sittings.merge(quality[[*keys, "quality"]], on=keys, how="left", validate="m:1")
    if joined["quality"].isna().any():
        unknown = joined.loc[joined["quality"].isna(), "school_urn"].unique()
        raise BadArgumentError(
            f"{_STEP}: quality lacks {int(joined['quality'].isna().sum())} audit(s).",
            found=quoted(unknown),
            hint="a row for each school_urn and audit_date",
        )
    places = joined.sort_values(["quality", "audit_date"]).assign(_rank=range(len(joined)))
    return places.sort_index().drop(columns="quality")


def _joined(audits: pd.DataFrame, counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keep the rows of audits that count, in their order, and say what is known of each."""
    left = audits[keys].assign(_row=range(len(audits)))
    for name in keys[:2]:
        left[name] = left[name].astype("str")
    right = counts.assign(**{name: counts[name].astype("str") for name in keys[:2]})
    matched = left.merge(right, on=keys, how="inner", validate="many_to_one").sort_values("_row")
    kept = audits.iloc[matched["_row"].to_numpy()].copy()
    for name in right.columns:
        if name not in keys:
            kept[name] = matched[name].to_numpy() if name == "wave" else matched[name].array
    return kept


def _refuse_text_dates(frame: nw.DataFrame | nw.LazyFrame) -> None:
    """Refuse dates kept as text: "10/03" would come after "02/11" whatever the year."""
    kind = frame.collect_schema()["audit_date"]
    if isinstance(kind, nw.Datetime | nw.Date):
        return
    if computed(frame.select(nw.col("audit_date").count())).item():
        raise CareerBenchError(
            f"{_STEP}: audit_date holds {kind}, not dates.",
            found=str(kind),
            hint="loaders.load_audits(path), or pandas.to_datetime(column, format=...)",
        )


def _refuse_half_dated(named: list[str]) -> None:
    if named:
        raise CareerBenchError(
            f"{_STEP}: rows of one school and wave have an audit_date, others have none.",
            found=quoted(named),
            hint="give each row of an audit its date, or none of them",
        )
