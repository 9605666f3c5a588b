"""Scores of more answers than memory holds: some schools at a time, from Parquet to Parquet."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from careerbench.errors import BadArgumentError, CareerBenchError
from careerbench.loaders.scan import scan_audits
from careerbench.scoring import states
from careerbench.scoring.answers import refuse_blank, refuse_twice
from careerbench.scoring.lazy import planned_scores
from careerbench.scoring.lookup import LookUp, asked_rows, look_up
from careerbench.scoring.raters import refuse_mixed
from careerbench.scoring.standing import missing_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb
    import pyarrow as pa

    from careerbench.frameworks import Framework

ROWS_AT_ONCE = 5_000_000
_STEP = "score_parquet"


def score_parquet(
    source: Path,
    target: Path,
    framework: Framework,
    *,
    missing: str | None = None,
    overwrite: bool = False,
    memory: str = "1GB",
    rows_at_once: int = ROWS_AT_ONCE,
    on_progress: Callable[[float], object] = lambda _: None,
) -> int:
    """Score a Parquet file or folder of any size into a Parquet file.

    Parameters
    ----------
    source : Path
        A ``.parquet`` file or a folder of them, with the columns of ``score_benchmarks``.
    target : Path
        The ``.parquet`` file to write, not among the answers. It is there only when it is whole.
    framework, missing
        As for ``score_benchmarks``.
    overwrite : bool, default False
        Replace ``target`` if it is there.
    memory : str, default "1GB"
        What DuckDB may hold in memory; beyond it, disk beside ``target`` is used.
    rows_at_once : int, default 5,000,000
        Schools are taken together until they have this many answers.
    on_progress : callable, optional
        Told after each step which share of the work is done, 0 to 1.

    Returns
    -------
    int
        How many rows ``target`` has: one per school, wave and Benchmark, by school and wave, with
        the columns of ``score_benchmarks``.

    Raises
    ------
    CareerBenchError
        As for ``score_benchmarks``, repeated answers and several raters included; if ``source``
        cannot be read or ``target`` cannot be written.
    """
    rule = missing_rule(missing, framework, step=_STEP)
    _refuse_target(source, target)
    with (
        _written(target, overwrite=overwrite) as draft,
        scan_audits(source, memory=memory, folder=draft.parent) as audits,
    ):
        on_progress(0)
        refuse_mixed(nw.from_native(audits), step=_STEP)
        known = look_up(_rows(audits, framework), framework, step=_STEP)
        parts = _parts(audits, rows_at_once) or [("", "")]
        n_steps = len(parts) + 1
        on_progress(1 / n_steps)
        plans = (_plan(audits, part, framework, known, rule) for part in parts)
        return _write(plans, draft, lambda number: on_progress((number + 2) / n_steps))


def _rows(audits: duckdb.DuckDBPyRelation, framework: Framework) -> nw.LazyFrame:
    return asked_rows(nw.from_native(audits), framework, step=_STEP)


def _parts(audits: duckdb.DuckDBPyRelation, rows_at_once: int) -> list[tuple[str, str]]:
    """Bring schools together, by their number: the first and last of each part."""
    counts = audits.aggregate("CAST(school_urn AS VARCHAR) AS urn, count(*) AS n", "1")
    parts: list[tuple[str, str]] = []
    n_rows = rows_at_once
    for urn, n in counts.order("urn").fetchall():
        refuse_blank("school_urn", n if urn is None else 0, step=_STEP)
        if n_rows >= rows_at_once:
            parts.append((urn, urn))
            n_rows = 0
        parts[-1] = (parts[-1][0], urn)
        n_rows += n
    return parts


def _plan(
    audits: duckdb.DuckDBPyRelation,
    part: tuple[str, str],
    framework: Framework,
    known: LookUp,
    missing: str,
) -> duckdb.DuckDBPyRelation:
    """Plan the scores of the schools of one part, in order."""
    import duckdb

    urn = duckdb.ColumnExpression("school_urn").cast("VARCHAR")
    first, last = (duckdb.ConstantExpression(one) for one in part)
    rows = _rows(audits.filter((urn >= first) & (urn <= last)), framework)
    scores: Any = planned_scores(
        rows,
        framework,
        known,
        masks=None,
        missing=missing,
        level="benchmark",
    ).to_native()
    ids = duckdb.ConstantExpression([benchmark.id for benchmark in framework.benchmarks])
    place = duckdb.FunctionExpression("list_position", ids, duckdb.ColumnExpression("benchmark"))
    return scores.sort("school_urn", "wave", place)


def _write(
    plans: Iterator[duckdb.DuckDBPyRelation], draft: Path, on_part: Callable[[int], object]
) -> int:
    import pyarrow.parquet as pq

    n_rows, writer = 0, None
    try:
        for number, plan in enumerate(plans):
            scores = nw.from_native(plan).collect().to_arrow()
            _refuse_twice(scores)
            writer = writer or pq.ParquetWriter(draft, scores.schema, compression="zstd")
            writer.write_table(scores)
            n_rows += len(scores)
            on_part(number)
    finally:
        if writer:
            writer.close()
    return n_rows


def _refuse_twice(scores: pa.Table) -> None:
    import pyarrow.compute as pc

    twice = scores.filter(pc.equal(scores["share_reason"], states.ANSWERED_TWICE)).to_pylist()
    named = [f"{row['school_urn']}, {row['wave']}, {row['benchmark']}" for row in twice]
    refuse_twice(named, len(twice), step=_STEP)


def _refuse_target(source: Path, target: Path) -> None:
    """Refuse to write over the answers, or Parquet under the name of another kind of file."""
    inside = source.resolve() in (target.resolve(), *target.resolve().parents)
    if inside or target.suffix != ".parquet":
        raise BadArgumentError(
            f"{_STEP}: scores are written to a .parquet file apart from the answers.",
            found=f"'{target}'" + (f", which is of '{source}'" if inside else ""),
            hint="scores.parquet",
        )


@contextmanager
def _written(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a draft to write on, which takes the target's place when all went well."""
    if target.exists() and not (overwrite and target.is_file()):
        raise BadArgumentError(
            f"{_STEP}: '{target}' is there already.",
            found="a folder" if target.is_dir() else f"{target.stat().st_size:,} bytes",
            hint="another name; or --force (overwrite=True) to replace a file",
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".careerbench-", dir=target.parent) as folder:
            draft = Path(folder) / target.name
            yield draft
            draft.replace(target)
    except OSError as error:
        raise CareerBenchError(
            f"{_STEP}: '{target}' cannot be written.",
            found=error.strerror or str(error),
            hint="a file in a folder that is there, with room, and that you may write to",
        ) from None
