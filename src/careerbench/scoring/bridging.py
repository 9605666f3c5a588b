"""Scores of two editions on what both ask for, and how far they can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from careerbench.checks import require_columns, require_one_of
from careerbench.errors import BadArgumentError, CareerBenchError, counted, quoted
from careerbench.frameworks import Crosswalk, Framework, load_crosswalk
from careerbench.result import Result
from careerbench.scoring.answers import refuse_unknown_items
from careerbench.scoring.benchmarks import score_benchmarks
from careerbench.scoring.common_part import (
    INCLUDED,
    Comparability,
    common_framework,
    judge_pair,
    pairs_of,
)
from careerbench.scoring.standing import as_pandas, missing_rule
from careerbench.scoring.tables import frame_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from narwhals.typing import IntoDataFrame

_STEP = "bridge"
_HINT = "loaders.load_audits(path, framework=framework)"


@dataclass(frozen=True, eq=False)
class Bridge(Result):
    """How far each Benchmark can be compared across two editions, and the scores to do it with.

    ``scores`` has the columns of ``score_benchmarks`` for the common part of both editions, with
    the crosswalk's id as ``framework`` and the edition answered under as ``edition``.
    """

    scores: pd.DataFrame
    crosswalk: str
    before: str
    after: str
    include: str
    provisional: bool

    caption: ClassVar[str] = "What can be compared across the two editions"
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was scored, and what the verdicts mean."""
        relations = " or ".join(INCLUDED[self.include])
        notes = (
            f"scores hold what '{self.before}' and '{self.after}' both ask for (relation "
            f"{relations} in '{self.crosswalk}'): they are no scores of either edition.",
            f"{Comparability.COMPARABLE}: a difference is a difference between schools. "
            f"{Comparability.WITH_CARE}: part of it may come from what is asked. "
            f"{Comparability.NOT}: there are no scores.",
        )
        mark = "The crosswalk is provisional: its relations are judgements, not the publisher's."
        return (*notes, mark) if self.provisional else notes


def bridge(
    before: IntoDataFrame,
    after: IntoDataFrame,
    crosswalk: Crosswalk | str | Path,
    *,
    include: str = "same",
    schools: IntoDataFrame | None = None,
    missing: str | None = None,
) -> Bridge:
    """Score the common part of two editions, so that they can be compared.

    Parameters
    ----------
    before, after : DataFrame
        Audits answered under the earlier and under the later edition of the crosswalk, as for
        ``score_benchmarks``.
    crosswalk : Crosswalk, str or Path
        Links between the editions' criteria, its name, or the path of its TOML file:
        ``frameworks.find_crosswalk(before_id, after_id)``.
    include : {"same", "overlapping"}
        Compare only criteria that ask for the same; or also those that ask for more or less than
        before (broader, narrower), with care.
    schools, missing
        As for ``score_benchmarks``; ``missing`` must be given where the editions differ in it.

    Returns
    -------
    Bridge
        One row per Benchmark of the later edition, and of the earlier that lead nowhere:
        ``benchmark`` (the later edition's id), ``before_benchmark``, ``verdict`` (comparable,
        with care, not), ``reason`` (which criteria are the same, broader, narrower, new, gone),
        ``n_common`` (links compared), ``n_links``. ``scores`` is what ``analysis.change`` takes.

    Raises
    ------
    CareerBenchError
        If the crosswalk is not known, nothing is common, an item is of neither edition, a school
        has a wave in both tables, the editions' missing rules differ, or as for
        ``score_benchmarks``.

    Notes
    -----
    Each link becomes a criterion, met when all of its criteria are. A Benchmark achieved on its
    common part need not be achieved in either edition: its full scores stay two variables.
    Benchmarks with nothing in common have a verdict and no scores.

    Examples
    --------
    >>> import pandas as pd
    >>> audits = pd.DataFrame({"school_urn": ["900001"], "item": "g5_encounter", "answer": "All"})
    >>> found = bridge(audits.assign(wave="2024"), audits.assign(wave="2025"),
    ...     "gatsby-2014--gatsby-2025")
    >>> found.to_frame()[["benchmark", "verdict", "n_common"]].head(2)
      benchmark    verdict  n_common
    0        g1  with care         1
    1        g2        not         0
    """
    links = crosswalk if isinstance(crosswalk, Crosswalk) else _loaded(crosswalk)
    require_one_of(include, INCLUDED, name="include", step=_STEP)
    rule = _one_missing_rule(missing, links)
    ends = []
    for side, audits in (("before", before), ("after", after)):
        edition = links.from_framework if side == "before" else links.to_framework
        common = common_framework(links, side, include, missing=rule)
        if common is None:
            raise CareerBenchError(
                f"{_STEP}: '{links.id}' links no criteria that could be compared.",
                found=f"no link with relation {' or '.join(INCLUDED[include])}",
                hint="include='overlapping'" if include == "same" else "a crosswalk with links",
            )
        _check_items(audits, edition, side)
        scored = score_benchmarks(audits, common, schools=schools, missing=rule)
        ends.append(as_pandas(scored, step=_STEP).assign(edition=edition.id))
    return Bridge(
        _verdicts(links, include),
        scores=_joined(*ends),
        crosswalk=links.id,
        before=links.before,
        after=links.after,
        include=include,
        provisional=links.provisional,
    )


def _loaded(crosswalk: object) -> Crosswalk:
    from pathlib import Path

    if isinstance(crosswalk, str | Path):
        return load_crosswalk(crosswalk)
    raise BadArgumentError(
        f"{_STEP}: a crosswalk is needed to compare two editions.",
        found=type(crosswalk).__name__,
        hint="frameworks.load_crosswalk('gatsby-2014--gatsby-2025'), or the path of your own file",
    )


def _one_missing_rule(missing: str | None, links: Crosswalk) -> str:
    rules = [
        missing_rule(missing, edition, step=_STEP)
        for edition in (links.from_framework, links.to_framework)
    ]
    if rules[0] != rules[1]:
        raise BadArgumentError(
            f"{_STEP}: the editions treat missing answers differently.",
            found=f"{rules[0]} before, {rules[1]} after",
            hint=f"missing='{rules[1]}' for both",
        )
    return rules[0]


def _check_items(audits: object, edition: Framework, side: str) -> None:
    """Refuse items that are not the edition's, naming which side they came in on."""
    frame = frame_of(audits, step=_STEP, hint=_HINT)
    columns = frame.collect_schema().names()
    require_columns(columns, ["school_urn", "wave", "item"], step=_STEP, hint=_HINT)
    items = as_pandas(frame.select("item").unique().to_native(), step=_STEP)["item"].dropna()
    refuse_unknown_items(items, edition, step=f"{_STEP}, {side}")


def _verdicts(links: Crosswalk, include: str) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for pair in pairs_of(links):
        verdict, reason = judge_pair(links, pair, include)
        rows.append(
            {
                "benchmark": pair.after,
                "before_benchmark": ", ".join(pair.before),
                "verdict": str(verdict),
                "reason": reason,
                "n_common": sum(link.relation in INCLUDED[include] for link in pair.links),
                "n_links": len(pair.links),
            }
        )
    return pd.DataFrame(rows)


def _joined(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put both ends into one table; no school may have a wave at both."""
    import pandas as pd

    keys = ["school_urn", "wave"]
    ends = [end.astype({"school_urn": "str", "wave": "str"}) for end in (first, second)]
    both = ends[0][keys].drop_duplicates().merge(ends[1][keys].drop_duplicates(), on=keys)
    if len(both):
        raise CareerBenchError(
            f"{_STEP}: {counted(len(both), 'school')} answered under both editions in one wave.",
            found=f"wave {quoted(both['wave'].unique())} in both tables",
            hint="waves of different names, such as '2024/25' and '2025/26'",
        )
    return pd.concat(ends, ignore_index=True)
