"""What crosses with what in a release: questions, waves, places, characteristics, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from careerbench.disclosure import Release

    Codes = tuple[str, ...]

ALL = "All"
BENCHMARKS = "benchmarks"
_LEVELS = {"region_name": "Region", "la_name": "Local authority", "school": "School"}


def question_axis(release: Release, cells: pd.DataFrame) -> list[dict[str, Any]]:
    """List topics with their items and answers, in the order of the release's words."""
    words = _Words(release)
    traits = _traits_in(release, cells)
    units = cells.groupby("topic", sort=False)["unit"].first()
    topics: list[dict[str, Any]] = []
    number = 0
    means = set(cells.loc[cells["measure"] == "mean", ["topic", "item"]].itertuples(index=False))
    for topic in words.ordered("topic", cells["topic"].unique()):
        mine = cells[cells["topic"] == topic]
        items = []
        for item in words.ordered(f"item:{topic}", mine["item"].unique()):
            title = words.of(f"item:{topic}", item)
            is_scale = (topic, item) in means
            told = {"id": item, "label": title, "number": number, "scale": is_scale}
            turned = words.label.get((f"answer_group:{topic}:{item}", "positive"))
            items.append(told | ({"positive": turned} if turned else {}))
            number += 1
        topics.append({
            "id": topic,
            "label": words.of("topic", topic),
            "unit": str(units[topic]),
            "items": items,
            "traits": [name for name in traits if (mine[name] != ALL).any()],
            "answers": _answers_of(words, topic, mine),
        })  # fmt: skip
    return topics


def axes_of(release: Release, cells: pd.DataFrame) -> list[dict[str, Any]]:
    """List the axes after the question: wave, place, each characteristic, answer.

    Each has ``columns`` of the cells, ``codes`` (every combination of them that occurs, the margin
    first) and ``nodes``: a code for addresses, a label, and what it lies in.
    """
    words = _Words(release)
    crossing = release.manifest["crossing"]
    areas = [name for name in crossing["areas"] if name in cells]
    traits = _traits_in(release, cells)
    waves = words.ordered("wave", cells["wave"].unique())
    wave_nodes = [{"code": code, "label": words.of("wave", code)} for code in waves]
    axes: list[dict[str, Any]] = [
        {"name": "wave", "title": "Wave", "columns": ["wave"], "nodes": wave_nodes,
         "codes": [(code,) for code in waves]},
        _places(release, cells, areas),
    ]  # fmt: skip
    for name in traits:
        columns = ["key_stage", name] if name == "year_group" and "key_stage" in cells else [name]
        axes.append(_trait(words, name, columns, _met(cells, columns)))
    return [*axes, _answers(cells)]


def _traits_in(release: Release, cells: pd.DataFrame) -> list[str]:
    return [name for name in release.manifest["crossing"]["characteristics"] if name in cells]


def _places(release: Release, cells: pd.DataFrame, areas: list[str]) -> dict[str, Any]:
    """Nest the programme, its areas and its schools; the programme comes first."""
    named = release.schools()
    columns = [*areas, *(["school_urn"] if "school_urn" in cells else [])]
    names = dict(zip(named["school_urn"], named["school_name"], strict=True))
    twice = set(named.loc[named["school_name"].duplicated(keep=False), "school_urn"])
    label_of = {urn: f"{name} ({urn})" if urn in twice else name for urn, name in names.items()}
    levels = [*areas, "school"]

    def rank(codes: Codes) -> tuple[Any, ...]:
        return (_depth(codes), *(label_of.get(code, code) for code in codes))

    codes = sorted(_met(cells, columns), key=rank)
    known = {combination: number for number, combination in enumerate(codes)}
    nodes: list[dict[str, Any]] = []
    for combination in codes:
        depth = _depth(combination)
        if depth == 0:
            nodes.append({"code": "", "label": "Whole programme", "level": "programme"})
            continue
        level, last = levels[depth - 1], combination[depth - 1]
        above = (*combination[: depth - 1], *[ALL] * (len(columns) - depth + 1))
        nodes.append({
            "code": f"{level}:{last}",
            "label": label_of.get(last, last) if level == "school" else last,
            "level": level,
            "parent": known.get(above, 0),
        })  # fmt: skip
    said = {level: _LEVELS.get(level, _plain(level)) for level in levels}
    return {"name": "place", "title": "Place", "columns": columns, "codes": codes,
            "nodes": nodes, "levels": said}  # fmt: skip


def _trait(words: _Words, name: str, columns: list[str], met: list[Codes]) -> dict[str, Any]:
    """List a characteristic's categories; a year group follows the key stage that it lies in."""
    fine = columns[-1]
    order = {code: number for number, code in enumerate(words.ordered(name, [c[-1] for c in met]))}
    first = {each[0]: len(order) for each in met}
    for each in met:
        if each[-1] != ALL:
            first[each[0]] = min(first[each[0]], order[each[-1]])

    def rank(codes: Codes) -> tuple[Any, ...]:
        is_all = (codes[0] != ALL, codes[-1] != ALL)
        return is_all[0], first[codes[0]], codes[0], is_all[1], order[codes[-1]]

    codes = sorted(met, key=rank)
    known = {combination: number for number, combination in enumerate(codes)}
    nodes = []
    for combination in codes:
        filled = [code for code in combination if code != ALL]
        at = fine if len(filled) == len(columns) else columns[0]
        above: Codes = (filled[0], ALL) if len(filled) > 1 else ()
        parent = known.get(above)
        node: dict[str, Any] = {
            "code": ":".join(filled),
            "label": words.of(at, filled[-1]) if filled else "All",
        }
        nodes.append(node if parent is None else {**node, "parent": parent})
    title = words.label.get(("characteristic", name), _plain(name))
    return {"name": name, "title": title, "columns": columns, "codes": codes, "nodes": nodes}


def _answers(cells: pd.DataFrame) -> dict[str, Any]:
    columns = [name for name in ("answer_group", "answer") if name in cells]
    codes = sorted(_met(cells, columns), key=lambda codes: (_depth_of_answer(codes), codes))
    return {"name": "answer", "title": "Answer", "columns": columns, "codes": codes,
            "nodes": [{"code": ":".join(combination)} for combination in codes]}  # fmt: skip


def _answers_of(words: _Words, topic: str, cells: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """List the groups of answers and the single answers of a topic, as codes of the answer axis."""
    columns = [name for name in ("answer_group", "answer") if name in cells]
    met = _met(cells, columns)
    groups = [codes for codes in met if len(codes) == 2 and codes[0] != ALL and codes[1] == ALL]
    single = sorted({codes[-1] for codes in met if codes[-1] != ALL})
    ordered = words.ordered(f"answer_group:{topic}", [codes[0] for codes in groups])
    return {
        "groups": [
            {"code": f"{code}:{ALL}", "label": words.of(f"answer_group:{topic}", code), "id": code}
            for code in ordered
        ],
        "single": [
            {"code": ":".join(codes), "label": words.of(f"answer:{topic}", code), "id": code}
            for code in words.ordered(f"answer:{topic}", single)
            for codes in sorted(met)
            if codes[-1] == code
        ],
    }


class _Words:
    """The words of a release for its codes, and their order."""

    def __init__(self, release: Release) -> None:
        rows = release.labels().itertuples(index=False, name=None)
        self.label = {(str(dimension), str(code)): str(label) for dimension, code, label in rows}

    def of(self, dimension: str, code: str) -> str:
        """Return the words for a code, or the code itself."""
        return self.label.get((dimension, code), code)

    def ordered(self, dimension: str, codes: Iterable[str]) -> list[str]:
        """Return codes in the order of the words, those without any last."""
        order = {code: n for n, (where, code) in enumerate(self.label) if where == dimension}
        return sorted(set(codes), key=lambda code: (order.get(code, len(self.label)), code))


def _met(cells: pd.DataFrame, columns: Sequence[str]) -> list[Codes]:
    """List the combinations that occur, the margin among them."""
    found = cells[list(columns)].drop_duplicates().itertuples(index=False, name=None)
    return list(dict.fromkeys([(ALL,) * len(columns), *found]))


def _depth(codes: Codes) -> int:
    return sum(code != ALL for code in codes)


def _depth_of_answer(codes: Codes) -> int:
    return 2 * (codes[-1] != ALL) + (codes[0] != ALL)


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
