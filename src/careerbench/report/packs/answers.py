"""What a pack says of surveys: what pupils, teachers and Careers Leaders answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from careerbench.report.packs.benchmarks import TOPIC as BENCHMARKS
from careerbench.report.packs.charts import answers_chart
from careerbench.report.packs.model import Cell, Column, Section, Share, Table
from careerbench.report.packs.notes import WHY_HIDDEN
from careerbench.report.packs.places import PROGRAMME, Place, areas_of
from careerbench.report.packs.sentences import Fact, say
from careerbench.report.packs.source import ALL, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_POSITIVE = {"answer_group": "positive"}
_NOT_KNOWN = "Not known"
_SHARE = "100 times positive answers over all who answered the question, halves up"
_DIFFERENT = (
    "The people who answered at two waves are not all the same, and not everybody answered: a "
    "difference between waves is not a change of the same people."
)


def survey_sections(source: Source, place: Place | None) -> list[Section]:
    """Say what was answered, topic by topic: at a school, or (None) in the whole programme."""
    topics = [topic for topic in source.labels.get("topic", {}) if topic != BENCHMARKS]
    found = [_section(source, place, topic) for topic in topics]
    return _once([section for section in found if section is not None])


def _once(sections: list[Section]) -> list[Section]:
    """Say what holds for every topic under the first only."""
    told: set[str] = set()
    kept = []
    for section in sections:
        words = tuple(word for word in section.words if word not in told)
        told.update(section.words)
        kept.append(replace(section, words=words))
    return kept


def _section(source: Source, place: Place | None, topic: str) -> Section | None:
    asked = place or PROGRAMME
    waves = _waves_of(source, asked, topic)
    if not waves:
        return None
    questions, scores = _questions(source, asked, topic, waves)
    facts = list(_facts(source, place, topic, questions, waves))
    tables = [_overall(source, place, topic, questions, waves)]
    if scores:
        tables.append(_scores(source, asked, topic, scores, waves))
    if place is None:
        tables.append(_every_answer(source, topic, questions, waves))
    groups = _groups(source, place)
    sliced = [_slices(source, asked, topic, questions, waves, group) for group in groups]
    tables += [table for table, _ in sliced if table is not None]
    chart = answers_chart(source, asked, topic, questions, waves)
    words = [_who(source, topic), _DIFFERENT]
    if any(number.kind == "hidden" for table in tables for _, _, number in table.numbers()):
        words.append(f"Where it says hidden: {WHY_HIDDEN}")
    words += [said for _, said in sliced if said]
    audience = "programme" if place is None else "school"
    return Section(
        f"What was answered: {source.word('topic', topic)}",
        say(facts, audience=audience, section="answers"),
        tuple(words),
        (chart,) if chart else (),
        tuple(tables),
    )


def _who(source: Source, topic: str) -> str:
    word = source.word(f"answer_group:{topic}", "positive")
    word = word.replace("Positive (", "Counted as positive: ").rstrip(")")
    return f"n is everybody who answered the question. {word}, unless a question says otherwise."


def _at(place: Place, topic: str, item: str, wave: str) -> dict[str, str]:
    return {**place.where, "topic": topic, "item": item, "wave": wave}


def _items(source: Source, topic: str) -> dict[str, str]:
    return source.labels.get(f"item:{topic}", {})


def _waves_of(source: Source, place: Place, topic: str) -> list[str]:
    """List the waves at which the topic has any cell for the place."""
    return [
        wave
        for wave in source.waves
        if any(
            source.count(_at(place, topic, item, wave)).kind != "none"
            for item in _items(source, topic)
        )
    ]


def _questions(
    source: Source, place: Place, topic: str, waves: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Tell single questions, which have answers, from scales, which have means."""
    questions, scales = {}, {}
    for item, words in _items(source, topic).items():
        title = f"{words}{_turned(source, topic, item)}"
        places = [_at(place, topic, item, wave) for wave in waves]
        if any(source.row_of({**where, **_POSITIVE}) is not None for where in places):
            questions[item] = title
        if any(source.row_of(where, "mean") is not None for where in places):
            scales[item] = title
    return questions, scales


def _turned(source: Source, topic: str, item: str) -> str:
    """Say which answers are positive where the question is put the other way round."""
    own = source.labels.get(f"answer_group:{topic}:{item}", {}).get("positive", "")
    return own.replace("Positive (", " (positive here: ")


def _overall(
    source: Source,
    place: Place | None,
    topic: str,
    questions: dict[str, str],
    waves: Sequence[str],
) -> Table:
    asked, several = place or PROGRAMME, len(waves) > 1
    rows: list[tuple[Cell, ...]] = []
    for item, title in questions.items():
        shares = [source.share(_at(asked, topic, item, wave), **_POSITIVE) for wave in waves]
        row: list[Cell] = [title, *shares]
        row += [source.points(shares[0], shares[-1])] if several else []
        if place is not None:
            row.append(source.share(_at(PROGRAMME, topic, item, waves[-1]), **_POSITIVE))
        rows.append(tuple(row))
    columns = [Column("Question"), *(Column(source.waves[wave], "share") for wave in waves)]
    change = " Change: from the first wave to the last, in percentage points." if several else ""
    if several:
        columns.append(Column("Change (% points)", "number"))
    if place is not None:
        columns.append(Column(f"All schools, {source.waves[waves[-1]]}", "share"))
    return Table(
        f"{topic}-answers".replace("_", "-"),
        f"Positive answers, {source.word('topic', topic)}",
        f"One row per question.{change}",
        tuple(columns),
        tuple(rows),
        f"{_SHARE}; differences are of the exact percentages",
    )


def _scores(
    source: Source, place: Place, topic: str, scales: dict[str, str], waves: Sequence[str]
) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (title, *(source.mean(_at(place, topic, item, wave)) for wave in waves))
        for item, title in scales.items()
    )
    return Table(
        f"{topic}-scores".replace("_", "-"),
        f"Mean scores, {source.word('topic', topic)}",
        "One row per scale.",
        (Column("Scale"), *(Column(source.waves[wave], "mean") for wave in waves)),
        rows,
        "means as released; n is those who have a score",
    )


def _every_answer(
    source: Source, topic: str, questions: dict[str, str], waves: Sequence[str]
) -> Table:
    """List every answer: how many of all gave it."""
    rows: list[tuple[Cell, ...]] = []
    for item, title in questions.items():
        for answer, word in source.labels.get(f"answer:{topic}", {}).items():
            shares = [_single(source, _at(PROGRAMME, topic, item, wave), answer) for wave in waves]
            rows.append((title, word, *shares))
    columns = (
        Column("Question"),
        Column("Answer"),
        *(Column(source.waves[wave], "share") for wave in waves),
    )
    return Table(
        f"{topic}-every-answer".replace("_", "-"),
        f"Every answer, {source.word('topic', topic)}",
        "One row per question and answer.",
        columns,
        tuple(rows),
        "100 times the answer over all who answered the question, halves up",
    )


def _single(source: Source, where: dict[str, str], answer: str) -> Share:
    """Find one answer, which stands under its group of answers."""
    for group in ("positive", "other"):
        if source.row_of({**where, "answer_group": group, "answer": answer}) is not None:
            return source.share(where, answer_group=group, answer=answer)
    return source.share(where, answer=answer)


Group = tuple[str, str, list[tuple[str, dict[str, str]]]]


def _groups(source: Source, place: Place | None) -> list[Group]:
    """List the ways to slice: an id, words, and each group's words and columns."""
    found: list[Group] = []
    for column in source.characteristics:
        groups = [(source.word(column, code), _where(source, column, code))
                  for code in source.codes[column]]  # fmt: skip
        said = source.word("characteristic", column).replace("_", " ")
        found.append((column, said[:1].lower() + said[1:], groups))
    if place is None and (areas := areas_of(source)):
        found.append(("area", "area", [(area.name, dict(area.where)) for area in areas]))
    return found


def _where(source: Source, column: str, code: str) -> dict[str, str]:
    above = {"key_stage": source.above.get(code, ALL)} if column == "year_group" else {}
    return {**above, column: code}


def _slices(
    source: Source,
    place: Place,
    topic: str,
    questions: dict[str, str],
    waves: Sequence[str],
    group: Group,
) -> tuple[Table | None, str]:
    """Slice the answers one way; where nothing at all is shown, say so in place of a table."""
    name, said, groups = group
    rows: list[tuple[Cell, ...]] = []
    for item, title in questions.items():
        for word, where in groups:
            shares = [
                source.share({**_at(place, topic, item, wave), **where}, **_POSITIVE)
                for wave in waves
            ]
            if any(share.whole.kind != "none" for share in shares):
                rows.append((title, word, *shares))
    if {row[1] for row in rows} <= {_NOT_KNOWN}:  # nothing is sliced
        return None, ""
    whole = [cell for row in rows for cell in row if isinstance(cell, Share)]
    if not any(share.whole.is_shown for share in whole):
        return None, (
            f"By {said}: every figure is hidden, at every wave and for every question. Groups are "
            "small, or showing one would give another away."
        )
    columns = (
        Column("Question"),
        Column(said[:1].upper() + said[1:]),
        *(Column(source.waves[wave], "share") for wave in waves),
    )
    table = Table(
        f"{topic}-by-{name}".replace("_", "-"),
        f"Positive answers by {said}, {source.word('topic', topic)}",
        f"One row per question and {said}.",
        columns,
        tuple(rows),
        _SHARE,
    )
    return table, ""


def _facts(
    source: Source,
    place: Place | None,
    topic: str,
    questions: dict[str, str],
    waves: Sequence[str],
) -> Iterator[Fact]:
    asked, titles = place or PROGRAMME, source.waves
    words = {"topic": source.word("topic", topic), "wave": titles[waves[-1]]}
    n_shown = 0
    for item, title in questions.items():
        shares = [source.share(_at(asked, topic, item, wave), **_POSITIVE) for wave in waves]
        n_shown += sum(share.is_shown for share in shares)
        first, last = shares[0], shares[-1]
        beside = source.share(_at(PROGRAMME, topic, item, waves[-1]), **_POSITIVE)
        about = {**words, "question": title, "first": titles[waves[0]], "last": titles[waves[-1]]}
        yield Fact(
            "answer_level",
            about,
            {"percent": last.percent, "n_positive": last.part, "n": last.whole,
             "programme_percent": beside.percent, "programme_n": beside.whole},
        )  # fmt: skip
        if len(waves) > 1:
            yield Fact(
                "answer_change",
                about,
                {"percent_first": first.percent, "percent_last": last.percent,
                 "n_first": first.whole, "n_last": last.whole,
                 "points": source.points(first, last)},
            )  # fmt: skip
    if not n_shown:
        yield Fact("all_hidden", words, {})
