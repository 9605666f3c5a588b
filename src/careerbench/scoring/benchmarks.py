"""Answers to an audit become Benchmark scores and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import narwhals as nw

from careerbench.checks import require_columns, require_one_of
from careerbench.errors import CareerBenchError, did_you_mean, quoted
from careerbench.frameworks import Framework
from careerbench.panel import latest_audits
from careerbench.scoring import plan, states
from careerbench.scoring.rules import holds
from careerbench.scoring.tables import table_like

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

_UNIT = ["school_urn", "wave"]
_HINT = "loaders.load_audits(path, framework=framework)"
_MISSING_RULES = ("as_not_met", "exclude", "not_scored")


def score_benchmarks(
    audits: IntoDataFrameT, framework: Framework, *, missing: str | None = None
) -> IntoDataFrameT:
    """Score each Benchmark of each school at each wave.

    Parameters
    ----------
    audits : DataFrame
        One row per school, wave and item: ``school_urn``, ``wave``, ``item``, ``answer`` (blank
        where there is none) and, where known, ``audit_date`` and ``year_group``.
    framework : Framework
        The edition the answers were given under.
    missing : {"as_not_met", "exclude", "not_scored"}, optional
        What a missing answer (blank, "don't know", or no row at all) does: counts as not met,
        leaves the denominator, or leaves the whole Benchmark unscored. Default: as the framework
        declares.

    Returns
    -------
    DataFrame
        One row per school, wave and Benchmark: ``n_items`` (scored items of the Benchmark),
        ``n_applicable``, ``n_answered``, ``n_met``, ``share`` (0 to 1, of the denominator that
        ``missing`` names), ``share_reason`` (why there is none), ``state`` (achieved, partial,
        not achieved, not scored), ``n_criteria_met``, ``n_criteria_applicable``, ``n_audits``
        and ``framework``. The same kind of frame as ``audits``.

    Raises
    ------
    CareerBenchError
        If an item or an answer is not in the framework, or an answer stands there twice.

    Notes
    -----
    The state follows the framework's rules: *achieved* when the Benchmark's rule holds over its
    criteria, *not achieved* when no item is met, *partial* in between. A Benchmark of which
    nothing was answered, or nothing applies, is *not scored* whatever ``missing`` says. An item
    asked by year group counts as one item: it is met when its rule over the year groups (all of
    them, unless the framework says any) holds; year groups without a row were not asked. Where a
    school has several audits in a wave the latest counts, and ``n_audits`` says how many there
    were.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_framework
    >>> answers = {"p2_pupils": "All", "p2_parents": "Don't know"}
    >>> audits = pd.DataFrame({"item": list(answers), "answer": list(answers.values())})
    >>> audits = audits.assign(school_urn="900001", wave="baseline")
    >>> scores = score_benchmarks(audits, load_framework("ne-primary-2019"))
    >>> scores.loc[scores["benchmark"] == "p2", ["n_applicable", "n_answered", "n_met", "state"]]
       n_applicable  n_answered  n_met    state
    1             2           1      1  partial
    """
    rule = _missing_rule(missing, framework)
    items, units = _item_counts(audits, framework, step="score_benchmarks")
    criteria = _criteria(items, units, framework, rule)
    counts = criteria.group_by(*_UNIT, "benchmark").agg(
        *(nw.col(name).sum() for name in ("n_items", "n_applicable", "n_answered", "n_met")),
        nw.col("met").sum().alias("n_criteria_met"),
        nw.col("applies").sum().alias("n_criteria_applicable"),
    )
    benchmarks = table_like(units, plan.benchmarks_table(framework))
    order = benchmarks.drop("n_items").with_row_index("_place")
    joined = counts.join(order, on="benchmark").join(units, on=_UNIT)
    scored = _with_states(joined, rule).with_columns(framework=nw.lit(framework.id))
    return _in_order(scored).to_native()


def score_criteria(
    audits: IntoDataFrameT, framework: Framework, *, missing: str | None = None
) -> IntoDataFrameT:
    """Score each criterion: the level below ``score_benchmarks``.

    Parameters
    ----------
    audits, framework, missing
        As for ``score_benchmarks``.

    Returns
    -------
    DataFrame
        One row per school, wave and criterion: ``benchmark``, ``criterion``, ``n_items``,
        ``n_applicable``, ``n_answered``, ``n_met``, ``state`` (achieved, partial, not achieved,
        not scored) and ``framework``.

    Raises
    ------
    CareerBenchError
        As for ``score_benchmarks``.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_framework
    >>> audits = pd.DataFrame({"item": ["p8_staff"], "answer": ["In place"]})
    >>> audits = audits.assign(school_urn="900001", wave="baseline")
    >>> criteria = score_criteria(audits, load_framework("ne-primary-2019"))
    >>> criteria.loc[criteria["criterion"] == "p8.guidance", ["n_met", "state"]]
        n_met     state
    15      1  achieved
    """
    rule = _missing_rule(missing, framework)
    items, units = _item_counts(audits, framework, step="score_criteria")
    criteria = _criteria(items, units, framework, rule)
    known = table_like(units, plan.criteria_table(framework))
    order = known.select("criterion").with_row_index("_place")
    complete = (nw.col("n_answered") == nw.col("n_applicable")) | (rule != "not_scored")
    blank = (nw.col("n_answered") == 0) | ~complete
    state = _state(nw.col("met") == 1, blank)
    scored = criteria.join(order, on="criterion").join(units, on=_UNIT)
    scored = scored.with_columns(state=state, framework=nw.lit(framework.id))
    return _in_order(scored.drop("met", "applies")).to_native()


def _missing_rule(missing: str | None, framework: object) -> str:
    if not isinstance(framework, Framework):
        raise CareerBenchError(
            "scoring: framework must be a Framework.",
            found=type(framework).__name__,
            hint="frameworks.load_framework('ne-primary-2019')",
        )
    rule = missing or framework.missing
    require_one_of(rule, _MISSING_RULES, name="missing", step="scoring")
    return rule


def _item_counts(
    audits: IntoDataFrameT, framework: Framework, *, step: str
) -> tuple[nw.DataFrame, nw.DataFrame]:
    """Judge every answer; return a row per unit and item, and a row per unit."""
    frame = nw.from_native(audits, eager_only=True)
    require_columns(frame.columns, [*_UNIT, "item", "answer"], step=step, hint=_HINT)
    if "audit_date" in frame.columns:
        frame = nw.from_native(latest_audits(frame.to_native()), eager_only=True)
    else:
        frame = frame.with_columns(n_audits=nw.lit(1))
    units = frame.group_by(*_UNIT).agg(nw.col("n_audits").max()).with_row_index("_unit")
    asked = ["year_group"] if "year_group" in frame.columns else []
    rows = frame.select(
        *_UNIT, *asked, "item", nw.col("answer").cast(nw.String).fill_null("").alias("answer")
    )
    _refuse_twice(rows, [*_UNIT, *asked, "item"], step)
    judged = _judged(rows, framework, step)
    scored = judged.join(table_like(rows, plan.items_table(framework)), on="item")
    return _across_years(scored), units


def _judged(rows: nw.DataFrame, framework: Framework, step: str) -> nw.DataFrame:
    pairs = rows.select("item", "answer").unique().to_pandas()
    judged = plan.judge_answers(pairs, framework)
    unknown = judged[judged["unknown"] == 1]
    if len(unknown):
        raise _unknown(unknown.to_dict("records"), framework, step)
    return rows.join(table_like(rows, judged.drop(columns="unknown")), on=["item", "answer"])


def _across_years(rows: nw.DataFrame) -> nw.DataFrame:
    """Bring the year groups of one item together: 0/1 columns met, answered, not_applicable."""
    keys = [*_UNIT, "benchmark", "criterion", "item", "across_any"]
    counts = rows.group_by(*keys).agg(
        nw.len().alias("n_rows"),
        *(nw.col(name).sum() for name in ("met", "answered", "not_applicable")),
    )
    applies = nw.col("n_rows") - nw.col("not_applicable")
    all_met = (applies > 0) & (nw.col("met") == applies)
    met = (all_met & ~nw.col("across_any")) | ((nw.col("met") > 0) & nw.col("across_any"))
    return counts.with_columns(
        met=met.cast(nw.Int64),
        answered=(nw.col("answered") > 0).cast(nw.Int64),
        not_applicable=(applies == 0).cast(nw.Int64),
    )


def _criteria(
    items: nw.DataFrame, units: nw.DataFrame, framework: Framework, rule: str
) -> nw.DataFrame:
    """Count items into criteria: a row per unit and criterion, those without any row included."""
    counts = items.group_by(*_UNIT, "criterion").agg(
        nw.col("met").sum().alias("n_met"),
        nw.col("answered").sum().alias("n_answered"),
        nw.col("not_applicable").sum().alias("_n_not_applicable"),
    )
    known = table_like(units, plan.criteria_table(framework))
    every = units.select(*_UNIT).join(known, how="cross")
    joined = every.join(counts, on=[*_UNIT, "criterion"], how="left").with_columns(
        nw.col(name).fill_null(0).cast(nw.Int64)
        for name in ("n_met", "n_answered", "_n_not_applicable")
    )
    applicable = nw.col("n_items") - nw.col("_n_not_applicable")
    base = nw.col("n_answered") if rule == "exclude" else applicable
    based = joined.with_columns(n_applicable=applicable, n_base=base)
    met = holds("n_met", "n_needed", "n_base").cast(nw.Int64)
    applies = (nw.col("n_base") > 0).cast(nw.Int64)
    return based.with_columns(met=met, applies=applies).select(
        *_UNIT, "benchmark", "criterion", "n_items", "n_applicable", "n_answered", "n_met",
        "met", "applies",
    )  # fmt: skip


def _with_states(counts: nw.DataFrame, rule: str) -> nw.DataFrame:
    """Add the share, the reason where there is none, and the state."""
    applicable, answered = nw.col("n_applicable"), nw.col("n_answered")
    gaps = (answered < applicable) if rule == "not_scored" else nw.lit(False)
    reason = (
        nw.when(applicable == 0)
        .then(nw.lit(states.NOTHING_APPLIES))
        .otherwise(
            nw.when(answered == 0)
            .then(nw.lit(states.NOTHING_ANSWERED))
            .otherwise(nw.when(gaps).then(nw.lit(states.ANSWERS_MISSING)))
        )
    )
    base = answered if rule == "exclude" else applicable
    reasoned = counts.with_columns(share_reason=reason)
    blank = ~nw.col("share_reason").is_null()
    share = nw.when(~blank).then(nw.col("n_met") / base)
    achieved = holds("n_criteria_met", "n_criteria_needed", "n_criteria_applicable")
    return reasoned.with_columns(share=share, state=_state(achieved, blank)).select(
        *_UNIT, "benchmark", "n_items", "n_applicable", "n_answered", "n_met", "share",
        "share_reason", "state", "n_criteria_met", "n_criteria_applicable", "n_audits",
        "_unit", "_place",
    )  # fmt: skip


def _state(achieved: nw.Expr, blank: nw.Expr) -> nw.Expr:
    partial_or_not = (
        nw.when(nw.col("n_met") > 0)
        .then(nw.lit(states.PARTIAL))
        .otherwise(nw.lit(states.NOT_ACHIEVED))
    )
    verdict = nw.when(achieved).then(nw.lit(states.ACHIEVED)).otherwise(partial_or_not)
    return nw.when(blank).then(nw.lit(states.NOT_SCORED)).otherwise(verdict)


def _in_order(scored: nw.DataFrame) -> nw.DataFrame:
    """Sort by school and wave in the order met, then by the framework's order."""
    ordered = scored.sort("_unit", "_place").drop("_unit", "_place")
    native = ordered.to_native()
    if hasattr(native, "reset_index"):
        return cast("nw.DataFrame", nw.from_native(native.reset_index(drop=True)))
    return ordered


def _refuse_twice(rows: nw.DataFrame, keys: list[str], step: str) -> None:
    twice = rows.group_by(*keys).agg(nw.len().alias("_n")).filter(nw.col("_n") > 1)
    if len(twice):
        named = [", ".join(map(str, row)) for row in twice.select(*keys).iter_rows()]
        raise CareerBenchError(
            f"{step}: {len(twice)} item(s) of an audit are answered twice.",
            found=quoted(named, limit=4),
            hint="keep one answer for each school, wave, item and year group",
        )


def _unknown(pairs: list[dict], framework: Framework, step: str) -> CareerBenchError:
    items = {pair["item"] for pair in pairs if pair["item"] not in framework.items}
    if items:
        first = min(items)
        return CareerBenchError(
            f"{step}: {len(items)} item(s) are not in the framework '{framework.id}'.",
            found=quoted(sorted(items)),
            hint=f"'{first}': {did_you_mean(first, framework.items)}",
        )
    first_pair = pairs[0]
    scale = framework.scales[framework.items[first_pair["item"]].scale]
    return CareerBenchError(
        f"{step}: {len(pairs)} answer(s) are not on their item's scale.",
        found=quoted(f"{pair['item']}: {pair['answer']}" for pair in pairs),
        hint=f"{first_pair['item']}: {did_you_mean(first_pair['answer'], scale.lookup)}",
    )
