"""Survey answers become item values and scale scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from careerbench.checks import require_columns
from careerbench.errors import CareerBenchError, quoted
from careerbench.frameworks import SurveyScale, load_scale
from careerbench.frameworks.words import folded
from careerbench.panel.waves import computed
from careerbench.periods import parse_year_group
from careerbench.scoring import states
from careerbench.scoring.tables import table_like

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from narwhals.typing import IntoFrameT

_NOT_KEYS = ("item", "answer", "answer_reason")
_NEEDED = ("respondent", "school_urn", "item", "answer")
_HINT = "loaders.load_survey(path)"
_GIVEN = (
    "scale", "value", "in_top_box", "score", "score_reason", "top_box", "n_items", "n_answered",
    "_said", "_item", "_year", "_asked", "_mean", "_top",
)  # fmt: skip
TOO_FEW = "too few answers"


def score_items(responses: IntoFrameT, scale: SurveyScale | str | Path) -> IntoFrameT:
    """Turn each answer to a survey scale into what it counts.

    Parameters
    ----------
    responses : DataFrame, or a lazy one
        One row per respondent and item: ``respondent``, ``school_urn``, ``item``, ``answer`` and
        any further columns. Items of other scales are passed over.
    scale : SurveyScale, str or Path
        The scale, its name, or the path of its TOML file.

    Returns
    -------
    DataFrame
        One row per respondent and item asked, all columns of ``responses`` and ``scale``,
        ``value`` (1 for the lowest answer and so on, reversed for reversed items; missing where
        the answer says nothing), ``in_top_box`` (1 or 0, missing likewise). An item that the
        scale does not put to a year group has no row unless it was answered, and neither has one
        whose ``answer_reason`` is ``not_asked``.

    Raises
    ------
    CareerBenchError
        If no item of the scale is there, or an answer is not one of the scale's. The message
        counts such answers and never shows them: they are a pupil's.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"item": ["pu_jobs", "pu_not_for_me"], "answer": ["4", "Yes"]})
    >>> answers = answers.assign(respondent="a1", school_urn="900001", year_group="3")
    >>> score_items(answers, "pupil-careers")[["item", "value", "in_top_box"]]
                item  value  in_top_box
    0        pu_jobs    4.0         1.0
    1  pu_not_for_me    1.0         0.0
    """
    rule = scale if isinstance(scale, SurveyScale) else load_scale(scale)
    return _item_values(nw.from_native(responses), rule).to_native()


def score_scale(responses: IntoFrameT, scale: SurveyScale | str | Path) -> IntoFrameT:
    """Score a survey scale for each respondent.

    Parameters
    ----------
    responses : DataFrame, or a lazy one
        One row per respondent and item: ``respondent``, ``school_urn``, ``item``, ``answer`` and
        whatever describes the respondent (``wave``, ``year_group``, ``sex``, ``fsm`` ...).
    scale : SurveyScale, str or Path
        The scale, its name, or the path of its TOML file.

    Returns
    -------
    DataFrame
        One row per respondent (and wave): every describing column, then ``scale``, ``n_items``
        (asked of that year group), ``n_answered``, ``score`` (mean item value, in the scale's
        answer units, reversed items turned round), ``score_reason`` (why there is none) and
        ``top_box`` (share of answered items in the top box, 0 to 1).

    Raises
    ------
    CareerBenchError
        As for ``score_items``; also if a respondent is described in two ways in one wave.

    Notes
    -----
    Fewer than the scale's ``minimum_answered`` answers (or than the items asked, if those are
    fewer) give no score. "Don't know" counts as no answer where the scale says so. An item with
    the ``answer_reason`` ``not_asked`` is not among ``n_items``; every other reason is a question
    that was put and not answered.

    Any engine, as for ``score_benchmarks``: of a lazy frame only the faults and the different
    answers are computed, and its scores come in any order of rows.

    Examples
    --------
    >>> import pandas as pd
    >>> items = ["cl_design", "cl_monitor", "cl_lead"]
    >>> answers = pd.DataFrame({"item": items, "answer": ["Good", "2", None]})
    >>> answers = answers.assign(respondent="h1", school_urn="900001", wave="baseline")
    >>> scores = score_scale(answers, "careers-leader-ability")
    >>> scores[["n_items", "n_answered", "score", "top_box"]]
       n_items  n_answered  score  top_box
    0        3           2    3.0      0.5
    """
    rule = scale if isinstance(scale, SurveyScale) else load_scale(scale)
    rows = _item_values(nw.from_native(responses), rule)
    columns = rows.collect_schema().names()
    keys = [name for name in columns if name not in (*_NOT_KEYS, "value", "in_top_box")]
    counts = rows.group_by(*keys).agg(
        nw.len().alias("n_items"),
        nw.col("value").count().alias("n_answered"),
        nw.col("value").mean().alias("_mean"),
        nw.col("in_top_box").mean().alias("_top"),
    )
    _refuse_two_descriptions(counts, columns)
    enough = nw.col("n_answered") >= nw.min_horizontal("n_items", nw.lit(rule.minimum_answered))
    reason = nw.when(nw.col("n_answered") == 0).then(nw.lit(states.NOTHING_ANSWERED))
    scored = counts.with_columns(
        nw.col("n_items", "n_answered").cast(nw.Int64),
        score=nw.when(enough).then(nw.col("_mean")),
        score_reason=nw.when(~enough).then(reason.otherwise(nw.lit(TOO_FEW))),
        top_box=nw.when(enough).then(nw.col("_top")),
    )
    return scored.drop("_mean", "_top").to_native()


def _item_values(frame: Any, scale: SurveyScale) -> Any:
    columns = frame.collect_schema().names()
    require_columns(columns, _NEEDED, step="score_scale", hint=_HINT)
    _refuse_reserved(columns)
    mine = frame.filter(nw.col("item").is_in(list(scale.item_ids)))
    _refuse_none(frame, mine, scale)
    _refuse_twice(mine, columns)
    said = nw.col("answer").cast(nw.String).str.strip_chars().fill_null("")
    mine = mine.with_columns(_said=said, _item=nw.col("item").cast(nw.String))
    if "answer_reason" in columns:
        reason = nw.col("answer_reason").cast(nw.String).fill_null("")
        mine = mine.filter((nw.col("_said") != "") | (reason != "not_asked"))
    keys = ["_item", "_said"]
    if "year_group" in columns:
        mine = mine.with_columns(_year=nw.col("year_group").cast(nw.String).fill_null(""))
        keys.append("_year")
    pairs = computed(mine.group_by(*keys).agg(nw.len().alias("_n"))).select(*keys).to_pandas()
    judged = table_like(mine, _judge(pairs, scale))
    joined = mine.join(judged, on=keys, how="left").filter(nw.col("_asked") == 1)
    return joined.drop("_asked", *keys).with_columns(scale=nw.lit(scale.id))


def _judge(pairs: pd.DataFrame, scale: SurveyScale) -> pd.DataFrame:
    """Value each distinct item, answer and year group."""
    items = {item.id: item for item in scale.items}
    said = pairs["_said"].map(folded)
    unknown = pairs[(said != "") & ~said.isin(list(scale.lookup))]
    if len(unknown):
        first = unknown["_item"].iloc[0]
        raise CareerBenchError(
            f"score_scale: {len(unknown)} kind(s) of answer are not on the scale '{scale.id}'.",
            found=f"in items {quoted(sorted(set(unknown['_item'])))}",
            hint=f"{first}: answers {quoted(scale.labels.values())}, or their codes "
            f"{quoted(scale.labels)}",
        )
    top = {scale.answers[code] for code in scale.top_box}
    codes = [scale.lookup.get(word, "") for word in said]
    values = [
        scale.value_of(code, reverse=items[item].reverse)
        for code, item in zip(codes, pairs["_item"], strict=True)
    ]
    said_years = pairs["_year"] if "_year" in pairs else [""] * len(pairs)
    years = [parse_year_group(year) or year for year in said_years]
    asked = [
        int(not items[item].year_groups or year in items[item].year_groups or code != "")
        for item, year, code in zip(pairs["_item"], years, codes, strict=True)
    ]
    nan = float("nan")
    return pairs.assign(
        value=[nan if value is None else value for value in values],
        in_top_box=[nan if value is None else float(value in top) for value in values],
        _asked=asked,
    )


def _refuse_reserved(columns: list[str]) -> None:
    taken = [name for name in _GIVEN if name in columns]
    if taken:
        raise CareerBenchError(
            f"score_scale: the table has {quoted(taken)} already.",
            found=quoted(columns),
            hint="answers as loaders.load_survey gives them, not yet scored",
        )


def _refuse_none(frame: Any, mine: Any, scale: SurveyScale) -> None:
    if computed(mine.select(nw.len())).item():
        return
    items = computed(frame.group_by("item").agg(nw.len().alias("_n")))
    raise CareerBenchError(
        f"score_scale: no item of '{scale.id}' is in the table.",
        found=quoted(items.get_column("item").to_list()),
        hint=f"items {quoted(scale.item_ids)}",
    )


def _refuse_twice(mine: Any, columns: list[str]) -> None:
    keys = [name for name in ("respondent", "school_urn", "wave") if name in columns]
    counts = mine.group_by(*keys, "item").agg(nw.len().alias("_n"))
    twice = computed(counts.filter(nw.col("_n") > 1))
    if len(twice):
        items = sorted(set(twice.get_column("item").to_list()))
        raise CareerBenchError(
            f"score_scale: {len(twice)} item(s) are answered twice by one respondent.",
            found=f"in items {quoted(items)}",
            hint="one row for each respondent, wave and item",
        )


def _refuse_two_descriptions(counts: Any, columns: list[str]) -> None:
    unit = [name for name in ("respondent", "school_urn", "wave") if name in columns]
    described = counts.group_by(*unit).agg(nw.len().alias("_n"))
    twice = computed(described.filter(nw.col("_n") > 1))
    if len(twice):
        raise CareerBenchError(
            f"score_scale: {len(twice)} respondent(s) are described in two ways in one wave.",
            found=f"columns {quoted(name for name in columns if name not in _NOT_KEYS)}",
            hint="give each respondent one year_group, sex and so on in a wave",
        )
