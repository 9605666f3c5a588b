"""The same people behind several questions, and groups that may be empty for all one knows."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.means import places
from careerbench.disclosure.populations import BENCHMARKS, areas_of, current_schools
from careerbench.periods import key_stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.disclosure.populations import Population
    from careerbench.study import Study

    Bools = NDArray[np.bool_]

_ANSWERS = ("answer_group", "answer")


def crowds_of(study: Study) -> dict[str, str]:
    """Name for each survey the first one that the same people answer.

    Two surveys of one audience that share a respondent are answered by the same people.
    """
    crowds = {name: name for name in study.surveys}
    for one, two in combinations(study.surveys.values(), 2):
        if one.scale.audience != two.scale.audience:
            continue
        if _respondents(one.responses) & _respondents(two.responses):
            old, new = crowds[two.name], crowds[one.name]
            crowds = {name: new if crowd == old else crowd for name, crowd in crowds.items()}
    return crowds


def _respondents(responses: pd.DataFrame) -> set[str]:
    return set(responses.loc[responses["answer"].notna(), "respondent"].dropna())


def same_places(
    cells: pd.DataFrame, populations: Iterable[Population], crowds: dict[str, str]
) -> pd.DataFrame:
    """Say of each cell of a survey which people it is about, whatever they were asked.

    Two cells with the same row are about the same people: "all" of a question that only Key Stage 2
    was asked is Key Stage 2 of the others, and a survey stands for all that the same people answer.
    """
    import pandas as pd

    place = cells[places(cells)].copy()
    place["topic"] = place["topic"].map(crowds)
    asked = {(each.topic, each.item, each.wave): each.asked for each in populations}
    key = pd.MultiIndex.from_frame(cells[["topic", "item", "wave"]])
    number, questions = key.factorize()
    for name in {name for said in asked.values() for name in said if name in place}:
        told = place[name].to_numpy(dtype=object).copy()
        stage = place["key_stage"].to_numpy() if name == "year_group" else np.full(len(told), ALL)
        for which, question in enumerate(questions):
            categories = asked.get(question, {}).get(name)
            if categories is None:
                continue
            here = (number == which) & (told == ALL)
            for wide in np.unique(stage[here].astype(str)):
                mine = [each for each in categories if wide == ALL or _stage(each) == wide]
                told[here & (stage == wide)] = "|".join(sorted(mine))
        place[name] = told
    return place.drop(columns="key_stage", errors="ignore")


def _stage(year_group: str) -> str:
    return str(key_stage_of(year_group) or "Not known")


def hidden_by_sizes(
    cells: pd.DataFrame, populations: Iterable[Population], crowds: dict[str, str]
) -> Bools:
    """Say which cells are about people whose number is hidden for a question to the same people.

    Parameters
    ----------
    cells : DataFrame
        A row per cell of whatever is released, with ``hidden`` and ``scored``.
    populations, crowds
        What was asked of whom; of ``crowds_of``.

    Notes
    -----
    A question that only some year groups of a key stage were asked has groups that no other has:
    beside the stage they would give the year groups that are left. They stay hidden unless the size
    of each of their year groups is shown at the place.
    """
    import pandas as pd

    populations = list(populations)
    place = same_places(cells, populations, crowds)
    number = pd.MultiIndex.from_frame(place).factorize()[0]
    surveyed = (cells["topic"] != BENCHMARKS).to_numpy()
    size = size_of_group(cells) & ~cells["scored"].to_numpy(bool)
    hidden = _spread(number, size & cells["hidden"].to_numpy(bool))
    for name, nodes in _nodes_told(populations, crowds).items():
        if name in place:
            hidden |= _spread(number, _of_no_node(place, name, nodes, size & ~hidden))
    return np.asarray(hidden & surveyed)


def _spread(number: NDArray[np.int64], flags: Bools) -> Bools:
    """Flag every cell that shares its number with a flagged one."""
    near = np.zeros(number.max(initial=-1) + 1, dtype=bool)
    near[number[flags]] = True
    return np.asarray(near[number])


def _nodes_told(
    populations: Iterable[Population], crowds: dict[str, str]
) -> dict[str, set[tuple[str, str, str]]]:
    """List the groups of categories of each characteristic that are nodes of what was asked."""
    every: dict[tuple[str, str, str], set[str]] = {}
    for each in populations:
        for name, asked in each.asked.items():
            every.setdefault((name, crowds[each.topic], each.wave), set()).update(asked)
    nodes: dict[str, set[tuple[str, str, str]]] = {}
    for (name, crowd, wave), categories in every.items():
        parts = [categories, *({category} for category in categories)]
        if name == "year_group":
            stages = {_stage(year) for year in categories}
            parts += [{year for year in categories if _stage(year) == stage} for stage in stages]
        nodes.setdefault(name, set()).update((crowd, wave, "|".join(sorted(p))) for p in parts)
    return nodes


def _of_no_node(
    place: pd.DataFrame, name: str, nodes: set[tuple[str, str, str]], shown: Bools
) -> Bools:
    """Say which cells hold several categories that are no node, of which not all are shown here."""
    import pandas as pd

    told = place[name].to_numpy(dtype=object)
    keys = zip(place["topic"], place["wave"], told, strict=True)
    odd = np.fromiter(("|" in key[2] and key not in nodes for key in keys), bool, len(place))
    if not odd.any():
        return odd
    known = pd.MultiIndex.from_frame(place[shown])
    for sets in np.unique(told[odd].astype(str)):
        here = np.flatnonzero(odd & (told == sets))
        safe = np.ones(len(here), dtype=bool)
        for category in sets.split("|"):
            safe &= pd.MultiIndex.from_frame(place.iloc[here].assign(**{name: category})).isin(
                known
            )
        odd[here[safe]] = False
    return odd


def size_of_group(cells: pd.DataFrame) -> Bools:
    """Say which cells count a group, not an answer, of a survey."""
    answers = [name for name in _ANSWERS if name in cells]
    size = (cells[answers] == ALL).all(axis=1) & (cells["topic"] != BENCHMARKS)
    return size.to_numpy(dtype=bool)


def with_empty_groups(cells: pd.DataFrame, study: Study) -> pd.DataFrame:
    """List every group of a survey that could have somebody, as hidden where it has nobody.

    Otherwise a row would tell that a hidden group has somebody in it: with 17 rows of a hidden size
    below a shown 17, each is 1.
    """
    import pandas as pd

    if cells.empty:
        return cells
    parts = [cells]
    areas = [*areas_of(study), "school_urn"]
    register = current_schools(study)[areas].astype("object").fillna("Not known").astype("str")
    for _, mine in cells[cells["topic"] != BENCHMARKS].groupby(["topic", "item"], sort=False):
        parts.append(_missing(mine, register, areas))
    return pd.concat(parts, ignore_index=True)


def _missing(mine: pd.DataFrame, register: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Make the rows of one question that nobody answered to, form by form."""
    import pandas as pd

    names = [name for name in places(mine) if name not in ("topic", "wave", "unit")]
    years: list[str] = [name for name in names if name in {"key_stage", "year_group"}]
    others = [[name] for name in names if name not in {*areas, *years}]
    answers: list[str] = [name for name in mine if name in set(_ANSWERS)]
    parts: list[list[str]] = [areas, years, *others, answers]
    texts = [name for part in parts for name in part]
    table = mine[texts].to_numpy(dtype=object)
    filled = table != ALL
    kind = filled @ (1 << np.arange(len(texts)))
    wave, scored = (mine[name].to_numpy(dtype=object) for name in ("wave", "scored"))
    nodes: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    found = []
    for one in np.unique(kind):
        here = kind == one
        told = [name for name, flag in zip(texts, filled[here][0], strict=True) if flag]
        chosen = [[name for name in part if name in told] for part in parts]
        for part in chosen:
            if tuple(part) not in nodes:
                nodes[tuple(part)] = _nodes(part, mine, register, areas)
        rounds = sorted(set(zip(wave[here], scored[here], strict=True)))
        columns = [texts.index(name) for part in chosen for name in part]
        there = set(zip(wave[here], scored[here], *table[here][:, columns].T, strict=True))
        combined = product(rounds, *(sorted(nodes[tuple(part)]) for part in chosen))
        rows = [row for row in (sum(each, ()) for each in combined) if row not in there]
        keys = ["wave", "scored", *(name for part in chosen for name in part)]
        found.append(pd.DataFrame(rows, columns=keys, dtype="object"))
    made = {name: mine[name].iloc[0] for name in ("topic", "item", "unit")}
    whole = pd.concat(found, ignore_index=True).reindex(columns=["wave", "scored", *texts])
    whole[texts] = whole[texts].astype("object").fillna(ALL)
    types = {name: "bool" if name == "scored" else "str" for name in whole}
    return whole.astype(types).assign(**made, n=0, hidden=True, own=False)


def _nodes(
    part: list[str], mine: pd.DataFrame, register: pd.DataFrame, areas: list[str]
) -> set[tuple[str, ...]]:
    """List what some columns can say: places of the register, categories of the question."""
    if not part:
        return {()}
    said = mine.loc[(mine[part] != ALL).all(axis=1), part].drop_duplicates()
    listed = set(said.itertuples(index=False, name=None))
    if part[0] in areas:
        listed |= set(register[part].drop_duplicates().itertuples(index=False, name=None))
    return listed
