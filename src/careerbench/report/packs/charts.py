"""The pictures of a pack as data: what is drawn, and a sentence that says it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from careerbench.errors import counted
from careerbench.plots.theme import load_theme
from careerbench.report.packs.model import Chart, Number, Share
from careerbench.report.packs.source import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from careerbench.report.packs.places import Place
    from careerbench.report.packs.source import Source

_BEST_FIRST = tuple(reversed(STATES))


def look() -> dict[str, Any]:
    """Return the colours and symbols of the house, for the drawings."""
    theme = load_theme()
    series = [
        {"colour": colour, "marker": marker}
        for colour, marker in zip(theme.colours, theme.markers, strict=True)
    ]
    return {"states": {k: dict(v) for k, v in theme.states.items()}, "series": series,
            "ink": dict(theme.ink)}  # fmt: skip


def states_chart(
    source: Source, benchmarks: Mapping[str, str], states: Mapping[str, Mapping[str, Number]]
) -> Chart:
    """Draw the state of each Benchmark at each wave: a field of symbols and words."""
    numbers = [number for by_wave in states.values() for number in by_wave.values()]
    rows = [
        {"label": title, "cells": [_state(source, number) for number in states[b].values()]}
        for b, title in benchmarks.items()
    ]
    parts = []
    for wave, title in source.waves.items():
        here = [by_wave[wave] for by_wave in states.values()]
        if not any(number.is_shown for number in here):
            parts.append(f"{title}: no result")
            continue
        named = []
        for state in _BEST_FIRST:
            which = [benchmarks[b] for b, by_wave in states.items() if by_wave[wave].text == state]
            if which:
                named.append(f"{_word(source, state).lower()}: {', '.join(which)}")
        parts.append(f"{title} - {'; '.join(named)}")
    return Chart(
        "states",
        "states",
        "State of each Benchmark at each wave",
        f"A grid of Benchmarks by waves. {'. '.join(parts)}.",
        {"columns": list(source.waves.values()), "rows": rows},
        tuple(numbers),
    )


def standing_chart(
    source: Source, place: Place, wave: str, own: Mapping[str, Number]
) -> Chart | None:
    """Draw how many schools are in each state of each Benchmark; None where any count is hidden."""
    rows, numbers, parts = [], [], []
    for benchmark, title in source.labels.get("item:benchmarks", {}).items():
        where = {**place.where, "topic": "benchmarks", "item": benchmark, "wave": wave}
        counts = {state: source.count({**where, "answer": state}) for state in _BEST_FIRST}
        whole = source.count(where)
        if not whole.value or any(n.kind == "hidden" for n in counts.values()):
            return None
        mine = own.get(benchmark)
        numbers += [*counts.values(), whole, *([mine] if mine else [])]
        bars = [
            {"state": state, "value": number.value or 0, "text": number.text}
            for state, number in counts.items()
        ]
        said = mine.text if mine is not None and mine.is_shown else None
        rows.append({"label": title, "bars": bars, "n": whole.text, "own": said})
        achieved = counts["achieved"]
        also = f"; this school: {_word(source, said).lower()}" if said else ""
        parts.append(f"{title}: {achieved.text} of {whole.text} achieved{also}")
    return Chart(
        "standing",
        "standing",
        f"Schools in each state of each Benchmark, {place.name}, {source.waves[wave]}",
        f"Bars, one for each of {counted(len(rows), 'Benchmark')}: how many schools are in each "
        f"state. {'. '.join(parts)}.",
        {
            "rows": rows,
            "words": {state: _word(source, state) for state in _BEST_FIRST},
            "marked": bool(own),
        },
        tuple(numbers),
    )


def answers_chart(
    source: Source, place: Place, topic: str, questions: Mapping[str, str], waves: Sequence[str]
) -> Chart | None:
    """Draw the percentage of positive answers by wave; None where no percentage is shown."""
    rows, numbers, parts = [], [], []
    for item, title in questions.items():
        where = {**place.where, "topic": topic, "item": item}
        shares = [source.share({**where, "wave": w}, answer_group="positive") for w in waves]
        numbers += [n for share in shares for n in (share.part, share.whole, share.percent)]
        rows.append({"label": title, "points": [_point(share) for share in shares]})
        said = [f"{source.waves[w]} {_in_words(s)}" for w, s in zip(waves, shares, strict=True)]
        parts.append(f"{title}: {', '.join(said)}")
    if not any(number.kind == "percent" for number in numbers):
        return None
    name = source.word("topic", topic)
    return Chart(
        f"{topic}-answers".replace("_", "-"),
        "answers",
        f"Positive answers to each question, {name}, {place.name}",
        f"Percentages of positive answers, a row for each question. {'. '.join(parts)}.",
        {"waves": [source.waves[w] for w in waves], "rows": rows},
        tuple(numbers),
    )


def _point(share: Share) -> dict[str, Any]:
    if share.percent.is_shown:
        return {"value": share.percent.value, "text": share.percent.text, "n": share.whole.text}
    return {"value": None, "text": _why(share), "n": None}


def _why(share: Share) -> str:
    """Say why there is no percentage."""
    return "hidden" if share.percent.kind == "hidden" else share.percent.text


def _in_words(share: Share) -> str:
    return f"{share.percent.text} of {share.whole.text}" if share.percent.is_shown else _why(share)


def _state(source: Source, number: Number) -> dict[str, Any]:
    if not number.is_shown:
        return {"state": None, "word": number.text.capitalize()}
    return {"state": number.text, "word": _word(source, number.text)}


def _word(source: Source, state: str | None) -> str:
    return source.word("answer:benchmarks", state or "")
