"""What a study counts: who answered each question at each wave, and how schools stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.axes import Dimension
from careerbench.errors import DisclosureError, quoted
from careerbench.periods import key_stage_of
from careerbench.scoring import score_items, score_scale
from careerbench.study.plan import AREAS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from careerbench.study import Study, Survey

    Levels = tuple[tuple[str, ...], ...]
    Publish = Callable[[Levels], bool]

NOT_KNOWN = "Not known"
POSITIVE, OTHER = "positive", "other"
BENCHMARKS = "benchmarks"
_UNITS = {"pupil": "pupils", "pupils": "pupils"}
_ROUTED = 10
"""So many people of a category, none of whom answers, were not asked."""


@dataclass(frozen=True, eq=False)
class Population:
    """Everybody who answered one question at one wave, as counts of the finest groups.

    Attributes
    ----------
    topic, item, wave, unit : str
        What was asked of whom, and when.
    base : DataFrame
        One row per finest group that has anybody and per answer: the dimension columns and ``n``.
    dimensions : tuple of Dimension
    publish : callable
        Takes the filled columns of each dimension; says whether such cells are released.
    sums : DataFrame or None
        For means: one row per finest group, with the ``total`` of its scores.
    asked : mapping of str to tuple of str
        For each characteristic, the categories that were asked the question.
    sizes_known : bool
        Whether everybody knows how large the groups are: a release lists the schools of each area.
    """

    topic: str
    item: str
    wave: str
    unit: str
    base: pd.DataFrame
    dimensions: tuple[Dimension, ...]
    publish: Publish = field(repr=False)
    sums: pd.DataFrame | None = None
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sizes_known: bool = False


def populations_of(study: Study) -> Iterator[Population]:
    """Walk what a study releases: each survey's items and scale by wave, then the Benchmarks."""
    for survey in study.surveys.values():
        yield from _survey(study, survey)
    yield from _benchmarks(study)


def areas_of(study: Study) -> tuple[str, ...]:
    """Name the columns of the register that schools are added up by, wide to narrow."""
    return tuple(
        name for name in AREAS if name in study.schools and study.schools[name].notna().any()
    )


def current_schools(study: Study) -> pd.DataFrame:
    """Return the register without the numbers that schools went by before, as its links say."""
    now = study.lineage["current_urn"].fillna(study.lineage["school_urn"])
    former = set(study.lineage.loc[now != study.lineage["school_urn"], "school_urn"])
    return study.schools[~study.schools["school_urn"].isin(former)]


def unit_of(survey: Survey) -> str:
    """Say who answers a survey: pupils, or respondents of another kind."""
    return _UNITS.get(survey.scale.audience.strip().casefold(), "respondents")


def _survey(study: Study, survey: Survey) -> Iterator[Population]:
    areas = areas_of(study)
    mine = [name for name in study.release.characteristics if name in survey.responses]
    geography = Dimension((*areas, "school_urn"))
    groups = tuple(
        Dimension(("key_stage", name)) if name == "year_group" else Dimension((name,))
        for name in mine
    )
    columns = [*geography.columns, *(name for part in groups for name in part.columns)]
    rows = _placed(study, score_items(survey.responses, survey.scale), areas, mine)
    rows = rows[rows["value"].notna()]
    grouped = np.where(rows["in_top_box"] == 1, POSITIVE, OTHER)
    codes = rows["answer"].astype("str").map(lambda said: survey.scale.lookup[_folded(said)])
    rows = rows.assign(answer_group=grouped, answer=codes)
    scored = _placed(study, score_scale(survey.responses, survey.scale), areas, mine)
    scored = scored[scored["score"].notna()]
    depth = _depth_of(study, areas)
    for wave in study.wave_titles:
        everybody = rows[rows["wave"] == wave]
        for item in survey.scale.item_ids:
            asked = everybody[everybody["item"] == item]
            if len(asked):
                who = _asked(everybody, asked, mine)
                yield from _item(
                    survey, item, wave, asked, (geography, *groups), columns, depth, who
                )
        here = scored[scored["wave"] == wave]
        if len(here):
            by = here.groupby(columns, sort=True)["score"]
            yield Population(
                survey.name,
                survey.scale.id,
                wave,
                unit_of(survey),
                by.size().rename("n").reset_index(),
                (geography, *groups),
                _publish(depth, len(groups)),
                by.sum().rename("total").reset_index(),
                {name: every for name, (_, every) in _asked(everybody, everybody, mine).items()},
            )


def _item(
    survey: Survey,
    item: str,
    wave: str,
    asked: pd.DataFrame,
    dimensions: tuple[Dimension, ...],
    columns: list[str],
    depth: tuple[int, ...],
    who: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Iterator[Population]:
    """Give an item twice: positive or not down to schools, every answer for wide areas.

    A question that only some year groups were asked tells the year group in every slice: that
    counts as one characteristic, so that beside the other questions nothing crosses deeper.
    """
    areas = dimensions[0].columns[:-1]
    unit = unit_of(survey)
    grouped = Dimension(("answer_group",), answer=True)
    base = _crossed(asked, columns, _listed("answer_group", (POSITIVE, OTHER)))
    told = tuple(len(each) < len(every) for each, every in who.values())
    asked_of = {name: each for name, (each, _) in who.items()}
    publish = _publish(depth, len(dimensions) - 1, told)
    yield Population(
        survey.name, item, wave, unit, base, (*dimensions, grouped), publish, asked=asked_of
    )
    each = Dimension(("answer_group", "answer"), answer=True)
    wide = dimensions[1:]
    wide_columns = columns[len(areas) + 1 :]
    if areas[:1] == ("region_name",):
        wide, wide_columns = (Dimension(("region_name",)), *wide), ["region_name", *wide_columns]
    base = _crossed(asked, wide_columns, _answers_of(survey, item))
    n_groups = len(dimensions) - 1
    if areas[:1] == ("region_name",):
        publish_wide = _publish(depth[:2], n_groups, told)
    else:
        publish_wide = _publish_without_areas(depth[0])
    if wide:
        yield Population(
            survey.name, item, wave, unit, base, (*wide, each), publish_wide, asked=asked_of
        )


def _asked(
    everybody: pd.DataFrame, asked: pd.DataFrame, characteristics: list[str]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Say for each characteristic which categories were asked a question, and which any was.

    A few people who all skip a question were asked it all the same.
    """
    found = {}
    for name in characteristics:
        people = everybody.groupby(name)["respondent"].nunique()
        every = tuple(sorted(people.index))
        silent = people[~people.index.isin(asked[name].unique())]
        gone = set(silent.index) if silent.sum() >= _ROUTED else set()
        found[name] = (tuple(each for each in every if each not in gone), every)
    return found


def _benchmarks(study: Study) -> Iterator[Population]:
    """Count schools by the state of each Benchmark, for every area."""
    areas = areas_of(study)
    scores = study.scores()
    scores = _placed(study, scores, areas, [])
    states = ("achieved", "partial", "not achieved", "not scored")
    dimensions = (
        *((Dimension(areas),) if areas else ()),
        Dimension(("answer",), answer=True),
    )
    for wave in study.wave_titles:
        for benchmark in study.framework.labels:
            mine = scores[(scores["wave"] == wave) & (scores["benchmark"] == benchmark)]
            if len(mine):
                named = mine.assign(answer=mine["state"].astype("str"))
                base = _crossed(named, [*areas], _listed("answer", states))
                yield Population(
                    BENCHMARKS, benchmark, wave, "schools", base, dimensions, _everything,
                    sizes_known=True,
                )  # fmt: skip


def school_states(study: Study) -> pd.DataFrame:
    """Return each school's own state, Benchmark by Benchmark, in the columns of the cells."""
    areas = areas_of(study)
    scores = _placed(study, study.scores(), areas, [])
    named = scores.rename(columns={"benchmark": "item", "state": "answer"})
    return named[["item", "wave", *areas, "school_urn", "answer"]].astype("str")


def _placed(
    study: Study, rows: pd.DataFrame, areas: tuple[str, ...], characteristics: list[str]
) -> pd.DataFrame:
    """Give rows their school's areas and their own characteristics; blanks become a category."""
    rows = rows.drop(columns=[name for name in areas if name in rows])
    placed = study.with_schools(rows, *areas) if areas else rows
    made = {
        name: placed[name].astype("str").fillna(NOT_KNOWN) for name in (*areas, *characteristics)
    }
    if "year_group" in characteristics:
        stages = made["year_group"].map(key_stage_of)
        made["key_stage"] = stages.astype("str").fillna(NOT_KNOWN)
    taken = [name for name, values in made.items() if (values == "All").any()]
    if taken:
        raise DisclosureError(
            f"build_release: {quoted(taken)} hold the word 'All', which stands for a margin.",
            found="a category called 'All'",
            hint="give that category another name",
        )
    return placed.assign(**made, wave=placed["wave"].astype("str"))


def _crossed(rows: pd.DataFrame, columns: list[str], pairs: pd.DataFrame) -> pd.DataFrame:
    """Count every group that has anybody by every pair of answer group and answer."""
    groups = rows[columns].drop_duplicates() if columns else rows.iloc[:1][[]]
    counts = rows.groupby([*columns, *pairs.columns], sort=True).size().rename("n").reset_index()
    every = groups.merge(pairs, how="cross")
    whole = every.merge(counts, on=[*columns, *pairs.columns], how="left")
    return whole.fillna({"n": 0}).astype({"n": "int64"})


def _answers_of(survey: Survey, item: str) -> pd.DataFrame:
    """List every answer of an item, also those nobody gave, with the group it counts in."""
    import pandas as pd

    scale = survey.scale
    reverse = next(each.reverse for each in scale.items if each.id == item)
    top = {scale.answers[code] for code in scale.top_box}
    groups = [
        POSITIVE if scale.value_of(code, reverse=reverse) in top else OTHER
        for code in scale.answers
    ]
    return pd.DataFrame({"answer_group": groups, "answer": list(scale.answers)})


def _listed(name: str, codes: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: codes})


def _depth_of(study: Study, areas: tuple[str, ...]) -> tuple[int, ...]:
    """Say how many characteristics may cross: programme first, school last."""
    depth = study.release.depth
    return tuple(depth[level] for level in LEVELS if level in ("programme", *areas, "school"))


def _publish(depth: tuple[int, ...], n_groups: int, told: tuple[bool, ...] = ()) -> Publish:
    """Say which forms are released: geography first, then characteristics, then the answer.

    ``told`` names the characteristics that a question tells of by whom it was asked.
    """
    always = (*told, *(False,) * (n_groups - len(told)))

    def publish(levels: Levels) -> bool:
        chosen = levels[1 : 1 + n_groups]
        if not levels[0] and not any(chosen):
            return True
        n_told = sum(bool(level) or known for level, known in zip(chosen, always, strict=True))
        return n_told <= depth[len(levels[0])]

    return publish


def _publish_without_areas(at_most: int) -> Publish:
    def publish(levels: Levels) -> bool:
        return sum(bool(level) for level in levels[:-1]) <= at_most

    return publish


def _everything(_levels: Levels) -> bool:
    return True


def _folded(said: str) -> str:
    from careerbench.frameworks.words import folded

    return folded(said)
