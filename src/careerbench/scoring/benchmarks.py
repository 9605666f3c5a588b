"""Answers to an audit become Benchmark scores and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from careerbench.checks import require_columns, require_one_of
from careerbench.errors import CareerBenchError
from careerbench.frameworks import Framework
from careerbench.panel import latest_audits
from careerbench.scoring import table
from careerbench.scoring.answers import refuse_blank
from careerbench.scoring.conditions import items_put_to
from careerbench.scoring.dense import Units, leaves_of
from careerbench.scoring.keys import in_words, years_in_words
from careerbench.scoring.lazy import lazy_scores
from careerbench.scoring.lookup import HINT, NEEDED, OPTIONAL
from careerbench.scoring.raters import refuse_mixed
from careerbench.scoring.rules import Arithmetic, Verdict, judge_benchmark, judge_criterion
from careerbench.scoring.tables import frame_of

if TYPE_CHECKING:
    import pandas as pd
    from narwhals.typing import IntoFrame, IntoFrameT

_MISSING_RULES = ("as_not_met", "exclude", "not_scored")


def score_benchmarks(
    audits: IntoFrameT,
    framework: Framework,
    *,
    schools: IntoFrame | None = None,
    missing: str | None = None,
) -> IntoFrameT:
    """Score each Benchmark of each school at each wave.

    Parameters
    ----------
    audits : DataFrame, or a lazy one
        One row per school, wave and item: ``school_urn``, ``wave``, ``item``, ``answer`` (blank
        where there is none) and, where known, ``audit_date`` and ``year_group``.
    framework : Framework
        The edition the answers were given under.
    schools : DataFrame, optional
        One row per school, as ``loaders.load_schools`` gives it: says which items with conditions
        (``phases``, ``sixth_form``, ``year_groups``) are put to which school.
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
        and ``framework``. The same kind of frame as ``audits``. Schools and waves come in the
        order met, or of their categories.

    Raises
    ------
    CareerBenchError
        If an item or an answer is not in the framework, an answer stands there twice, a row
        names no school, wave or item, ``schools`` lacks a school or a needed column, or the
        audits are by several raters (``rater``) or on several bases (``basis``).

    Notes
    -----
    Any engine: pandas, Polars, Arrow tables, and what plans before it computes (Polars lazy
    frames, DuckDB relations, PySpark frames), of which only the faults and the different answers
    are computed here. Their scores come in any order of rows. A repeated answer cannot be found in
    a plan: it leaves the Benchmark of that school and wave *not scored*, "answered twice".

    The state follows the framework's rules: *achieved* when the Benchmark's rule holds over its
    criteria, *not achieved* when no item is met, *partial* in between. A Benchmark of which
    nothing was answered, or nothing applies, is *not scored* whatever ``missing`` says.

    An item asked by year group counts as one item: it is met when its rule over the year groups
    (all of them, unless the framework says any) holds. Year groups without a row, with the
    ``answer_reason`` "not_asked", or to which the framework does not put the item, do not count.
    A year group left blank is a missing answer: not met, left out of the item's rule, or reason
    not to score, as ``missing`` says. ``n_answered`` counts the item with any year's answer.

    An item that is not put to a school by its phase, sixth form or year groups is not applicable
    there, and an answer to it does not count. Without ``schools``, or where the register is blank,
    such an item applies unless its answer says that it does not.

    Where a school has several audits in a wave the latest counts, and ``n_audits`` says how many
    there were.

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
    frame: Any = frame_of(audits, step="score_benchmarks", hint=HINT)
    refuse_mixed(frame, step="score_benchmarks")
    if isinstance(frame, nw.LazyFrame):
        return lazy_scores(
            frame, framework, schools=schools, missing=rule, level="benchmark"
        ).to_native()
    rows = _in_memory(frame, framework, step="score_benchmarks")
    criteria, units = _judge_criteria(rows, framework, schools, rule, step="score_benchmarks")
    benchmarks = {
        benchmark.id: judge_benchmark(
            benchmark, [criteria[part.id] for part in benchmark.criteria], _arithmetic(rule)
        )
        for benchmark in framework.benchmarks
    }
    scores = table.scores_table(benchmarks, units, missing=rule, name="benchmark")
    return _handed_back(scores, framework, frame)


def score_criteria(
    audits: IntoFrameT,
    framework: Framework,
    *,
    schools: IntoFrame | None = None,
    missing: str | None = None,
) -> IntoFrameT:
    """Score each criterion: the level below ``score_benchmarks``.

    Parameters
    ----------
    audits, framework, schools, missing
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
    frame: Any = frame_of(audits, step="score_criteria", hint=HINT)
    refuse_mixed(frame, step="score_criteria")
    if isinstance(frame, nw.LazyFrame):
        return lazy_scores(
            frame, framework, schools=schools, missing=rule, level="criterion"
        ).to_native()
    rows = _in_memory(frame, framework, step="score_criteria")
    criteria, units = _judge_criteria(rows, framework, schools, rule, step="score_criteria")
    owners = {part.id: owner.id for owner in framework.benchmarks for part in owner.criteria}
    scores = table.criteria_table(criteria, units, owners, missing=rule)
    return _handed_back(scores, framework, frame)


def _missing_rule(missing: str | None, framework: object) -> str:
    if not isinstance(framework, Framework):
        raise CareerBenchError(
            "scoring: framework must be a Framework.",
            found=type(framework).__name__,
            hint="frameworks.load_framework('ne-primary-2019')",
        )
    rule = framework.missing if missing is None else missing
    require_one_of(rule, _MISSING_RULES, name="missing", step="scoring")
    return rule


def _in_memory(frame: nw.DataFrame, framework: Framework, *, step: str) -> pd.DataFrame:
    """Take the columns that scoring needs, of each school's latest audit in a wave."""
    require_columns(frame.columns, NEEDED, step=step, hint=HINT)
    optional = [name for name in OPTIONAL if name in frame.columns]
    chosen = frame.select(*NEEDED, *optional)
    if chosen.schema.get("audit_date") == nw.Date:  # pandas would make objects of them
        chosen = chosen.with_columns(nw.col("audit_date").cast(nw.Datetime))
    rows = chosen.to_pandas()
    rows = rows.assign(**{name: in_words(rows[name]) for name in NEEDED})
    if "year_group" in optional:
        rows = rows.assign(year_group=years_in_words(rows["year_group"], step=step))
    if "answer_reason" in optional and "year_group" in optional:
        silent = (rows["answer_reason"] == "not_asked") & rows["year_group"].notna()
        rows = rows[~silent] if silent.any() else rows
    if "year_group" in optional:
        rows = _of_asked_years(rows, framework)
    if "audit_date" in optional:
        rows = latest_audits(rows)
    return rows


def _of_asked_years(rows: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Leave out answers for year groups that an item is not put to."""
    for item in framework.items.values():
        if item.year_groups:
            year = rows["year_group"]
            beside = (rows["item"] == item.id) & year.notna() & ~year.isin(item.year_groups)
            rows = rows[~beside]
    return rows


def _judge_criteria(
    rows: pd.DataFrame,
    framework: Framework,
    schools: IntoFrame | None,
    rule: str,
    *,
    step: str,
) -> tuple[dict[str, Verdict], Units]:
    leaves, units = leaves_of(rows, framework, missing=rule, step=step)
    _refuse_unnamed(rows, units, step)
    if schools is not None:
        asked = items_put_to(schools, framework, units.schools, step=step)
        for item, mask in asked.items():
            leaves[item] = leaves[item].limited_to(mask[units.school_codes].astype(np.int16))
    verdicts = {
        criterion.id: judge_criterion(criterion, leaves, _arithmetic(rule))
        for benchmark in framework.benchmarks
        for criterion in benchmark.criteria
    }
    return verdicts, units


def _refuse_unnamed(rows: pd.DataFrame, units: Units, step: str) -> None:
    """Refuse a school or wave whose name is an empty text."""
    for name, named, codes in (
        ("school_urn", units.schools, units.school_codes),
        ("wave", units.waves, units.wave_codes),
    ):
        if not all(str(named[code]).strip() for code in np.unique(codes)):
            empty = rows[name].astype("str").str.strip() == ""
            refuse_blank(name, int(empty.sum()), step=step)


def _arithmetic(rule: str) -> Arithmetic:
    return Arithmetic(as_number=lambda verdict: verdict.astype(np.int16), missing=rule)


def _handed_back(scores: pd.DataFrame, framework: Framework, frame: nw.DataFrame) -> Any:
    """Hand the table back as the kind of frame that came in."""
    scores["framework"] = table.texts([framework.id], np.zeros(len(scores), dtype=np.int8))
    if frame.implementation.is_pandas():
        return scores
    import pyarrow as pa

    arrow = pa.Table.from_pandas(scores, preserve_index=False)
    return nw.from_arrow(arrow, backend=frame.implementation).to_native()
