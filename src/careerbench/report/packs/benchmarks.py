"""What a pack says of Benchmarks: states by wave, among others, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.report.packs.charts import standing_chart, states_chart
from careerbench.report.packs.model import Cell, Column, Number, Section, Share, Table
from careerbench.report.packs.places import PROGRAMME, Place, School, areas_of
from careerbench.report.packs.sentences import Fact, say
from careerbench.report.packs.source import STATES, Source, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

TOPIC = "benchmarks"
_BEST_FIRST = tuple(reversed(STATES))
_STATE = "the one state whose count is 1 for this school, Benchmark and wave"
_COUNTS = "counts of schools as released; All is every school with an audit at the wave"
States = dict[str, dict[str, Number]]


def school_sections(source: Source, school: School) -> list[Section]:
    """Say where a school stands, what changed, and where it stands among others."""
    if not source.has_school_states:
        return [Section("Benchmarks", (), (_NO_STATES,))]
    states = _states(source, school.place)
    waves = [wave for wave in source.waves if any(s[wave].is_shown for s in states.values())]
    sections = [_states_section(source, states, waves)]
    if waves:
        sections += [
            _standing(source, school, states, waves[-1]),
            _changed(source, states, waves),
        ]
    return sections


def programme_sections(source: Source) -> list[Section]:
    """Say how many schools are in each state at each wave, what changed, and area by area."""
    counts = _by_state(source, "benchmarks-by-wave", PROGRAMME, list(source.waves))
    last = list(source.waves)[-1]
    charts = standing_chart(source, PROGRAMME, last, {})
    facts = [_level(source, benchmark, last) for benchmark in _benchmarks(source)]
    now = Section(
        "Benchmarks across the programme",
        say(facts, audience="programme", section="now"),
        (_KEY,),
        (charts,) if charts else (),
        (counts,),
    )
    return [now, _programme_changed(source), *_by_area(source)]


_NO_STATES = (
    "This release holds no Benchmark results of single schools. The programme's pack has the "
    "counts of all schools."
)
_ONE_WAVE = "no change can be told"
_KEY = (
    "The symbols: ● Achieved, ◐ Partial, ○ Not achieved, – Not scored (nothing was answered). "
    "Every state is also given in words."
)


def _benchmarks(source: Source) -> dict[str, str]:
    return source.labels.get(f"item:{TOPIC}", {})


def _cell(place: Place, benchmark: str, wave: str) -> dict[str, str]:
    return {**place.where, "topic": TOPIC, "item": benchmark, "wave": wave}


def _states(source: Source, place: Place) -> States:
    return {
        benchmark: {wave: source.state(_cell(place, benchmark, wave)) for wave in source.waves}
        for benchmark in _benchmarks(source)
    }


def _states_section(source: Source, states: States, waves: Sequence[str]) -> Section:
    titles = source.waves
    facts = []
    if waves:
        here = [by_wave[waves[-1]] for by_wave in states.values()]
        last = [number for number in here if number.is_shown]
        facts.append(
            Fact(
                "benchmarks_now",
                {"wave": titles[waves[-1]]},
                {
                    "n": Number("tally", str(len(last)), float(len(last)), _cells(last)),
                    **{state.replace(" ", "_"): tally(last, state) for state in STATES},
                },
            )
        )
    facts += [
        Fact("no_audit", {"wave": title}, {})
        for wave, title in titles.items()
        if all(by_wave[wave].kind == "none" for by_wave in states.values())
    ]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (title, *states[b].values()) for b, title in _benchmarks(source).items()
    )
    table = Table(
        "benchmarks-by-wave",
        "State of each Benchmark at each wave",
        "One row per Benchmark, one column per wave.",
        (Column("Benchmark"), *(Column(title, "number") for title in titles.values())),
        rows,
        _STATE,
    )
    chart = states_chart(source, _benchmarks(source), states)
    said = say(facts, audience="school", section="now")
    return Section("Benchmarks at each wave", said, (_KEY,), (chart,), (table,))


def _cells(numbers: Sequence[Number]) -> tuple[int, ...]:
    return tuple(cell for number in numbers for cell in number.cells)


def _standing(source: Source, school: School, states: States, wave: str) -> Section:
    own = {benchmark: by_wave[wave] for benchmark, by_wave in states.items()}
    places = [place for place in (school.area, PROGRAMME) if place is not None]
    tables = tuple(
        _by_state(
            source,
            "area-by-state" if place is school.area else "programme-by-state",
            place,
            [wave],
            own=own,
        )
        for place in places
    )
    facts = [_beside(source, benchmark, wave, own[benchmark]) for benchmark in own]
    chart = standing_chart(source, PROGRAMME, wave, own)
    return Section(
        f"Where the school stands among others, {source.waves[wave]}",
        say(facts, audience="school", section="standing"),
        (
            "Counts of schools in each state. They say how common a state is, not how good a "
            "school is: schools differ in size, intake and in when they began.",
        ),
        (chart,) if chart else (),
        tables,
    )


def _beside(source: Source, benchmark: str, wave: str, own: Number) -> Fact:
    share = source.share(_cell(PROGRAMME, benchmark, wave), answer="achieved")
    return Fact(
        "benchmark_beside",
        {"benchmark": _benchmarks(source)[benchmark], "wave": source.waves[wave]},
        {
            "own": own,
            "n_achieved": share.part,
            "n": share.whole,
            "percent": share.percent,
        },
    )


def _by_state(
    source: Source,
    name: str,
    place: Place,
    waves: Sequence[str],
    own: dict[str, Number] | None = None,
) -> Table:
    """Count schools by state: a row per Benchmark, and per wave where there are several."""
    words = [source.word(f"answer:{TOPIC}", state) for state in _BEST_FIRST]
    several = len(waves) > 1
    rows: list[tuple[Cell, ...]] = []
    for benchmark, title in _benchmarks(source).items():
        for wave in waves:
            cell = _cell(place, benchmark, wave)
            counts = [source.count({**cell, "answer": state}) for state in _BEST_FIRST]
            head: list[Cell] = [title]
            head += [source.waves[wave]] if several else []
            head += [own[benchmark]] if own else []
            rows.append((*head, *counts, source.count(cell)))
    columns = [Column("Benchmark"), *([Column("Wave")] if several else [])]
    columns += [Column("This school", "number")] if own else []
    columns += [Column(word, "number") for word in (*words, "All")]
    when = "at each wave" if several else source.waves[waves[0]]
    return Table(
        name,
        f"Schools by state of each Benchmark, {place.name}, {when}",
        "One row per Benchmark and wave." if several else "One row per Benchmark.",
        tuple(columns),
        tuple(rows),
        _COUNTS,
    )


def _changed(source: Source, states: States, waves: Sequence[str]) -> Section:
    first, last = waves[0], waves[-1]
    rows: list[tuple[Cell, ...]] = []
    moves = []
    for benchmark, title in _benchmarks(source).items():
        before, after = states[benchmark][first], states[benchmark][last]
        word = _move(before, after)
        moves.append((word, before, after))
        rows.append((title, before, after, word))
    facts = [_moved(source, first, last, moves)] if first != last else []
    columns = (
        Column("Benchmark"),
        Column(source.waves[first], "number"),
        Column(source.waves[last], "number"),
        Column("Change"),
    )
    table = Table(
        "changes",
        "What changed between the school's first and last audit",
        "One row per Benchmark.",
        columns,
        tuple(rows),
        "the two states as released; the change compares their order: not achieved, partial, "
        "achieved",
    )
    said = say(facts, audience="school", section="changed")
    if first == last:
        only = f"There is an audit at one wave only ({source.waves[first]}): {_ONE_WAVE}."
        return Section("What changed", said, (only,))
    words = (
        "A school audits itself. A change of state is a change in what it reported, and says "
        "nothing about why.",
    )
    return Section("What changed", said, words, (), (table,))


def _move(before: Number, after: Number) -> str:
    """Say a move between two states; what was not scored has no place in the order."""
    scored = [n for n in (before, after) if n.is_shown and n.text != "not scored"]
    if len(scored) < 2:
        return "not comparable"
    step = (after.value or 0) - (before.value or 0)
    return "the same" if not step else "up" if step > 0 else "down"


def _moved(
    source: Source, first: str, last: str, moves: Sequence[tuple[str, Number, Number]]
) -> Fact:
    def counted(*words: str) -> Number:
        cells = tuple(a.cells + b.cells for word, a, b in moves if word in words)
        return Number(
            "moves", str(len(cells)), float(len(cells)), tuple(c for pair in cells for c in pair)
        )

    return Fact(
        "benchmarks_moved",
        {"first": source.waves[first], "last": source.waves[last]},
        {
            "up": counted("up"),
            "down": counted("down"),
            "same": counted("the same"),
            "n": counted("up", "down", "the same"),
        },
    )


def _level(source: Source, benchmark: str, wave: str) -> Fact:
    share = source.share(_cell(PROGRAMME, benchmark, wave), answer="achieved")
    return Fact(
        "benchmark_level",
        {"benchmark": _benchmarks(source)[benchmark], "wave": source.waves[wave]},
        {"n_achieved": share.part, "n": share.whole, "percent": share.percent},
    )


def _programme_changed(source: Source) -> Section:
    waves = list(source.waves)
    if len(waves) == 1:
        return Section("What changed", (), (f"There is one wave only: {_ONE_WAVE}.",))
    rows: list[tuple[Cell, ...]] = []
    facts = []
    for benchmark, title in _benchmarks(source).items():
        shares = [
            source.share(_cell(PROGRAMME, benchmark, wave), answer="achieved") for wave in waves
        ]
        points = source.points(shares[0], shares[-1])
        rows.append((title, *shares, points))
        facts.append(_change_fact(source, title, shares[0], shares[-1], points))
    columns = (
        Column("Benchmark"),
        *(Column(title, "share") for title in source.waves.values()),
        Column("Change (% points)", "number"),
    )
    table = Table(
        "achieved-by-wave",
        "Schools that achieve each Benchmark, and the change",
        "One row per Benchmark, of the schools with an audit at the wave. Change: from the first "
        "wave to the last, in percentage points.",
        columns,
        tuple(rows),
        "100 times achieved over all, halves up; the change is the difference of the two exact "
        "percentages",
    )
    words = (
        "Not every school has an audit at every wave, so the waves do not count the same schools.",
        "Every school is in the programme: there is no comparison group, so a change is no proof "
        "of what caused it.",
    )
    said = say(facts, audience="programme", section="changed")
    return Section("What changed", said, words, (), (table,))


def _change_fact(source: Source, title: str, first: Share, last: Share, points: Number) -> Fact:
    waves = list(source.waves.values())
    return Fact(
        "benchmark_change",
        {"benchmark": title, "first": waves[0], "last": waves[-1]},
        {
            "percent_first": first.percent,
            "percent_last": last.percent,
            "n_first": first.whole,
            "n_last": last.whole,
            "points": points,
        },
    )


def _by_area(source: Source) -> list[Section]:
    areas = areas_of(source)
    if not areas:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            title,
            area.name,
            *(
                source.share(_cell(area, benchmark, wave), answer="achieved")
                for wave in source.waves
            ),
        )
        for benchmark, title in _benchmarks(source).items()
        for area in areas
    ]
    table = Table(
        "achieved-by-area",
        "Schools that achieve each Benchmark, area by area",
        "One row per Benchmark and area.",
        (
            Column("Benchmark"),
            Column("Area"),
            *(Column(title, "share") for title in source.waves.values()),
        ),
        tuple(rows),
        "100 times achieved over all, halves up; no percentage of few schools",
    )
    words = ("Areas hold few schools: one school more or less moves a share a lot.",)
    return [Section("Benchmarks area by area", (), words, (), (table,))]
