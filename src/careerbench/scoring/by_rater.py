"""Each rater's audits scored apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from careerbench.checks import require_columns
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError, quoted
from careerbench.scoring.benchmarks import score_benchmarks
from careerbench.scoring.raters import KEPT_APART, raters_in, said
from careerbench.scoring.tables import frame_of

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame, IntoDataFrameT

    from careerbench.frameworks import Framework

_STEP = "score_by_rater"


def score_by_rater(
    audits: IntoDataFrameT,
    framework: Framework,
    *,
    schools: IntoDataFrame | None = None,
    missing: str | None = None,
) -> IntoDataFrameT:
    """Score each rater's audits apart, and what is planned apart from what is delivered.

    Parameters
    ----------
    audits : DataFrame
        As for ``score_benchmarks``, with ``rater`` (who assessed, such as *self*, *moderated* or
        *peer*), ``basis`` (such as *planned* or *delivered*), or both.
    framework, schools, missing
        As for ``score_benchmarks``.

    Returns
    -------
    DataFrame
        One row per rater, basis, school, wave and Benchmark: the columns of ``score_benchmarks``
        and ``rater`` and ``basis`` as ``audits`` has them, blank where the audit does not say.

    Raises
    ------
    CareerBenchError
        If there is neither column, or as for ``score_benchmarks``.

    Notes
    -----
    Where a school has several audits of one rater in a wave, the latest of that rater counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_framework
    >>> audits = pd.DataFrame({"rater": ["self", "peer"], "answer": ["All", "Some"]})
    >>> audits = audits.assign(school_urn="900001", wave="baseline", item="p2_pupils")
    >>> scores = score_by_rater(audits, load_framework("ne-primary-2019"))
    >>> scores.loc[scores["benchmark"] == "p2", ["rater", "state"]]
       rater         state
    1   self       partial
    9   peer  not achieved
    """
    frame = frame_of(audits, step=_STEP, hint="loaders.load_audits(path)")
    if isinstance(frame, nw.LazyFrame):
        raise BadArgumentError(
            f"{_STEP}: a lazy table does not say who its raters are before it is computed.",
            found=type(audits).__name__,
            hint="audits.collect(), or score_benchmarks(audits, framework) for one rater each",
        )
    require_columns(frame.columns, ["school_urn"], step=_STEP, hint="loaders.load_audits(path)")
    names = [name for name in KEPT_APART if name in frame.columns]
    if not names:
        raise MissingColumnsError(
            f"{_STEP}: the audits say neither who assessed (rater) nor on what (basis).",
            found=quoted(frame.columns),
            hint="scoring.score_benchmarks(audits, framework), or audits.assign(rater='self')",
        )
    if not len(frame):
        raise TableProblemsError(
            f"{_STEP}: the audits have no rows.", found="0 rows", hint="loaders.load_audits(path)"
        )
    parts = []
    for rater in raters_in(frame):
        mine = frame.filter(*(said(name) == value for name, value in rater.items()))
        scores = score_benchmarks(mine.to_native(), framework, schools=schools, missing=missing)
        labels = [
            nw.lit(value or None, dtype=nw.String).alias(name) for name, value in rater.items()
        ]
        parts.append(nw.from_native(scores, eager_only=True).with_columns(*labels))
    joined = nw.concat(parts).to_native()
    is_pandas = frame.implementation.is_pandas()
    return joined.reset_index(drop=True) if is_pandas else joined
