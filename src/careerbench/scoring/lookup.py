"""The one small pass over a lazy frame: every different answer to every item, judged once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from careerbench.checks import require_columns
from careerbench.panel import latest_audits
from careerbench.periods import YEAR_GROUPS
from careerbench.scoring.answers import (
    judge_answer,
    refuse_blank,
    refuse_unknown_answers,
    refuse_unknown_items,
    refuse_year_groups,
)
from careerbench.scoring.keys import refuse_unknown_years, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from careerbench.frameworks import Framework

NEEDED = ("school_urn", "wave", "item", "answer")
OPTIONAL = ("year_group", "audit_date", "answer_reason")
HINT = "loaders.load_audits(path, framework=framework)"
_KEYS = ("school_urn", "wave", "item")


@dataclass(frozen=True)
class LookUp:
    """What a table of audits holds, and what each different answer in it says.

    ``said`` gives the bits of each item and answer (``answers.judge_answer``), ``years`` the year
    groups for which an item is answered (None: for the whole school).
    """

    n_rows: int
    said: Mapping[tuple[str, str], int]
    years: Mapping[str, tuple[str | None, ...]]


def asked_rows(frame: nw.LazyFrame, framework: Framework, *, step: str) -> nw.LazyFrame:
    """Take the columns that scoring needs, as text, of each school's latest audit in a wave."""
    schema = frame.collect_schema()
    require_columns(schema.names(), NEEDED, step=step, hint=HINT)
    there = [name for name in OPTIONAL if name in schema]
    kept = ("wave", "audit_date") if _is_coded(schema["wave"]) else ("audit_date",)
    rows = frame.select(
        nw.col(name) if name in kept else text_of(name, schema[name]) for name in (*NEEDED, *there)
    ).with_columns(nw.col("answer").fill_null(""))
    if "year_group" in there:
        year = nw.col("year_group").str.strip_chars()
        rows = rows.with_columns(year_group=nw.when(year != "").then(year))
    for asked in _asked(framework, there) if "year_group" in there else []:
        rows = rows.filter(asked)
    if "audit_date" in there:
        rows = nw.from_native(latest_audits(rows.to_native()))
    else:
        rows = rows.with_columns(n_audits=nw.lit(1).cast(nw.Int64))
    return rows


def _asked(framework: Framework, optional: Iterable[str]) -> list[nw.Expr]:
    """Leave out year groups that were not asked, or to which an item is not put."""
    whole = nw.col("year_group").is_null()
    mine = [item for item in framework.items.values() if item.year_groups]
    parts = [
        whole
        | ~nw.col("year_group").is_in(
            [year for year in YEAR_GROUPS if year not in item.year_groups]
        )
        | (nw.col("item").fill_null("") != item.id)
        for item in mine
    ]
    if "answer_reason" in optional:
        parts.append(whole | (nw.col("answer_reason").fill_null("") != "not_asked"))
    return parts


def _is_coded(kind: nw.dtypes.DType) -> bool:
    return isinstance(kind, nw.Categorical | nw.Enum)


def look_up(rows: nw.LazyFrame, framework: Framework, *, step: str) -> LookUp:
    """Gather every different answer to every item and judge it.

    Raises
    ------
    CareerBenchError
        If an item or an answer is not in the framework, a row names no school, wave or item, or an
        item that is asked once for the whole school is answered by year group.
    """
    by = [name for name in ("item", "answer", "year_group") if name in rows.collect_schema()]
    counts = [_is_blank(name).cast(nw.Int64).sum().alias(f"no_{name}") for name in _KEYS]
    seen = list(
        rows.group_by(*by).agg(nw.len().alias("n"), *counts).collect().iter_rows(named=True)
    )
    for name in _KEYS:
        refuse_blank(name, sum(int(one[f"no_{name}"]) for one in seen), step=step)
    refuse_unknown_items({one["item"] for one in seen}, framework, step=step)
    judged = {
        pair: judge_answer(framework, *pair)
        for pair in sorted({(one["item"], one["answer"]) for one in seen})
    }
    refuse_unknown_answers([pair for pair, bits in judged.items() if bits is None], framework,
                           step=step)  # fmt: skip
    return LookUp(
        n_rows=sum(int(one["n"]) for one in seen),
        said={pair: bits for pair, bits in judged.items() if bits is not None},
        years=_years(((one["item"], one.get("year_group")) for one in seen), framework, step),
    )


def _is_blank(name: str) -> nw.Expr:
    return nw.col(name).cast(nw.String).fill_null("").str.strip_chars() == ""


def _years(
    seen: Iterable[tuple[str, str | None]], framework: Framework, step: str
) -> dict[str, tuple[str | None, ...]]:
    found: dict[str, set[str | None]] = {}
    for item, year in seen:
        found.setdefault(item, set()).add(year)
    named = {year for years in found.values() for year in years if year is not None}
    refuse_unknown_years(sorted(named), step=step)
    for item, years in sorted(found.items()):  # an engine gives them in any order
        if years != {None} and not framework.items[item].by_year_group:
            refuse_year_groups(item, step=step)
    return {item: tuple(sorted(years, key=str)) for item, years in found.items()}
