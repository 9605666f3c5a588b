"""What each answer says, looked up once for each distinct item and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import CareerBenchError, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from careerbench.frameworks import Framework

MET, ANSWERED, NOT_APPLICABLE = 1, 2, 4
"""Bits of what an answer says; none of them is an answer that says nothing."""


def judge_answer(framework: Framework, item_id: str, said: str) -> int | None:
    """Judge one answer: bits of MET, ANSWERED, NOT_APPLICABLE; None where it is not known.

    Examples
    --------
    >>> from careerbench.frameworks import load_framework
    >>> framework = load_framework("ne-primary-2019")
    >>> said = ("In place", "not_in_place", "don't know", "", "Not applicable", "maybe")
    >>> [judge_answer(framework, "p1_programme", answer) for answer in said]
    [3, 2, 0, 0, 4, None]
    """
    if not said.strip():
        return 0
    item = framework.items[item_id]
    scale = framework.scales[item.scale]
    code = scale.read(said)
    if code in scale.answers:
        return ANSWERED | (MET if code in item.meets else 0)
    if code in scale.not_applicable:
        return NOT_APPLICABLE
    return None if code is None else 0


def refuse_unknown_items(items: Iterable[str], framework: Framework, *, step: str) -> None:
    """Refuse items that are not the framework's, naming the nearest."""
    strange = sorted({str(item) for item in items} - set(framework.items))
    if strange:
        raise CareerBenchError(
            f"{step}: {len(strange)} item(s) are not in the framework '{framework.id}'.",
            found=quoted(strange),
            hint=f"'{strange[0]}': {did_you_mean(strange[0], framework.items)}",
        )


def refuse_unknown_answers(
    pairs: list[tuple[str, str]], framework: Framework, *, step: str
) -> None:
    """Refuse answers that are not on their item's scale, naming the nearest."""
    if not pairs:
        return
    item, answer = pairs[0]
    scale = framework.scales[framework.items[item].scale]
    raise CareerBenchError(
        f"{step}: {len(pairs)} answer(s) are not on their item's scale.",
        found=quoted(f"{item}: {answer}" for item, answer in pairs),
        hint=f"{item}: {did_you_mean(answer, [*scale.labels.values(), *scale.labels])}",
    )


def refuse_twice(named: list[str], n_twice: int, *, step: str) -> None:
    """Refuse answers that stand there twice."""
    if n_twice:
        raise CareerBenchError(
            f"{step}: {n_twice} item(s) of an audit are answered twice.",
            found=quoted(named, limit=4),
            hint="keep one answer for each school, wave, item and year group",
        )


def refuse_blank(column: str, n_blank: int, *, step: str) -> None:
    """Refuse answers of nobody knows whom, when, or to what."""
    if n_blank:
        raise CareerBenchError(
            f"{step}: {n_blank} row(s) have no {column}.",
            found=f"a blank {column}",
            hint="loaders.load_audits lists such rows; leave them out or fill them in",
        )


def refuse_year_groups(item: str, *, step: str) -> None:
    """Refuse answers by year group to an item that is asked once for the whole school."""
    raise CareerBenchError(
        f"{step}: '{item}' is answered by year group.",
        found="rows of the item with a year_group",
        hint="leave year_group blank there, or write by_year_group = true in the framework",
    )
