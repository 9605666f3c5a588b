"""``draft_framework``: a first framework file from an audit spreadsheet."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import FrameworkError, quoted
from careerbench.frameworks.draft_guess import (
    Guess,
    asks_for_a_person,
    guess_column,
    in_order,
    is_identity,
    plain,
    share_an_order,
    words,
)
from careerbench.frameworks.draft_read import read_columns
from careerbench.periods import order_year_groups, split_year_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

_BENCHMARK = re.compile(
    r"(?:gatsby\s*)?(?:benchmark|bm|gb|[a-z])?[\s_]*([1-9])(?=[\s._\-:)])", re.I
)
_CODE = re.compile(r"[A-Za-z]\w*(?:[.\-]\w+)*")
_SCHOOL = ("urn", "school urn", "unique reference number", "school", "school name")
_BANDS = (
    ("none", "None (0%)", "from = 0"),
    ("1_to_25", "1-25%", "above = 0"),
    ("26_to_50", "26-50%", "above = 25"),
    ("51_to_75", "51-75%", "above = 50"),
    ("76_to_99", "76-99%", "above = 75"),
    ("all", "All (100%)", "from = 100"),
)


@dataclass(frozen=True)
class _Question:
    """One item of the audit to be: the columns or rows that answer it, and what they hold."""

    heading: str
    guess: Guess
    years: tuple[str, ...] = ()
    text: str = ""


def draft_framework(path: str | Path | pd.DataFrame, *, to: str | Path | None = None) -> str:
    """Write a first framework file from the columns and answers of an audit spreadsheet.

    Parameters
    ----------
    path : str, Path or DataFrame
        A CSV file or xlsx workbook (its first sheet with rows), or a table already read, such as
        ``loaders.read_table`` gives back. Wide: a column for each item, headed by its text or
        code, with a year group at its end (``Encounters (Year 3)``) where it is asked by year
        group. Long: a column of items and one of answers.
    to : str or Path, optional
        Where to write the file; nothing is overwritten.

    Returns
    -------
    str
        The text of the TOML file. It loads as it is; what is guessed (answer order, which answers
        meet an item, which Benchmark an item belongs to) is ``provisional`` and marked TO DO.

    Raises
    ------
    ReadError
        If the file cannot be read plainly or holds no table.
    FrameworkError
        If no column looks like an item, or ``to`` exists.

    Notes
    -----
    Answers are listed only where they are well-known words (yes, partly in place, most, ...) or
    stand in three columns, so that no name or remark reaches the file. Other columns are left out
    and named in a comment, by their headings only.

    Examples
    --------
    >>> import pandas as pd
    >>> audit = pd.DataFrame({"URN": ["900001", "900002"], "Is there a plan?": ["Yes", "No"]})
    >>> text = draft_framework(audit)
    >>> [line for line in text.splitlines() if line.startswith("meets")]
    ['meets = ["Yes"]  # TO DO: which answers meet an item']
    """
    columns, repeated = read_columns(path)
    name = "audit" if hasattr(path, "columns") else Path(str(path)).stem
    questions, left_out = _questions(columns)
    left_out += [(heading, "stands over more than one column") for heading in repeated]
    if not questions:
        raise FrameworkError(
            "draft_framework: no column looks like an item with answers.",
            found=quoted(f"{heading}: {reason}" for heading, reason in left_out),
            hint="a column for each item, or columns headed item and answer",
        )
    text = "\n".join(_lines(name, questions, left_out)) + "\n"
    if to is not None:
        _write(text, Path(to))
    return text


def _questions(
    columns: Mapping[str, Sequence[str]],
) -> tuple[list[_Question], list[tuple[str, str]]]:
    said = {plain(heading): heading for heading in reversed(list(columns))}
    item, answer = (
        next((said[word] for word in words()[kind] if word in said), None)
        for kind in ("item", "answer")
    )
    school = next((columns[said[word]] for word in _SCHOOL if word in said), ())
    if item and answer:
        return _long(columns, item, answer, said)
    return _wide(columns, school)


def _wide(
    columns: Mapping[str, Sequence[str]], school: Sequence[str]
) -> tuple[list[_Question], list[tuple[str, str]]]:
    left_out: list[tuple[str, str]] = []
    groups: dict[str, list[tuple[str, str, Sequence[str]]]] = {}
    for heading, cells in columns.items():
        if is_identity(heading):
            left_out.append((heading, "names the school, the round or a person"))
            continue
        stem, year = split_year_group(heading) or (heading, "")
        groups.setdefault(stem, []).append((heading, year, cells))
    in_columns = _in_columns(
        {stem: [cell for *_, column in parts for cell in column] for stem, parts in groups.items()}
    )
    questions = []
    for stem, parts in groups.items():
        cells = [cell for _, _, column in parts for cell in column]
        guess = guess_column(
            cells, heading=stem, in_columns=in_columns, schools=list(school) * len(parts)
        )
        if guess.left_out:
            left_out += [(heading, guess.left_out) for heading, _, _ in parts]
        else:
            years = order_year_groups(year for _, year, _ in parts if year)
            questions.append(_Question(stem, guess, tuple(years)))
    return questions, left_out


def _long(
    columns: Mapping[str, Sequence[str]], item: str, answer: str, said: Mapping[str, str]
) -> tuple[list[_Question], list[tuple[str, str]]]:
    blank = [""] * len(columns[item])
    year = columns[said["year group"]] if "year group" in said else blank
    wording = next((columns[said[word]] for word in words()["text"] if word in said), blank)
    left_out = [
        (heading, "not the item, its answer or its year group")
        for heading, cells in columns.items()
        if heading not in (item, answer) and cells is not year and cells is not wording
    ]
    answers: dict[str, list[str]] = {}
    years: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    rows = zip(columns[item], columns[answer], year, wording, strict=True)
    for name, cell, year_group, text in rows:
        if name:
            answers.setdefault(name, []).append(cell)
            years.setdefault(name, []).append(year_group)
            texts.setdefault(name, text)
    in_columns = _in_columns(answers)
    questions = []
    for name, cells in answers.items():
        guess = guess_column(cells, heading=name, in_columns=in_columns)
        if guess.left_out:
            left_out.append((f"{item} {name}", guess.left_out))
        else:
            asked = order_year_groups(set(years[name]) - {""})
            questions.append(_Question(name, guess, tuple(asked), texts[name]))
    return questions, left_out


def _in_columns(answers: Mapping[str, Sequence[str]]) -> Counter:
    """Count under how many headings a word stands, those that ask for a person aside."""
    asked = [cells for heading, cells in answers.items() if not asks_for_a_person(heading)]
    return Counter(cell for cells in asked for cell in set(cells) if cell)


def _scales(questions: Iterable[_Question]) -> dict[str, Guess]:
    """Bring the answers together: a set within another is the same scale."""
    scales: list[Guess] = []
    for guess in sorted((q.guess for q in questions), key=lambda guess: -len(guess.answers)):
        place = next((at for at, one in enumerate(scales) if _fits(guess, one)), None)
        if place is None:
            scales.append(guess)
        else:
            scales[place] = _joined(scales[place], guess)
    names = ("percent" if guess.percentages else f"scale_{n}" for n, guess in enumerate(scales, 1))
    return dict(zip(names, scales, strict=True))


def _fits(guess: Guess, scale: Guess) -> bool:
    within = {plain(a) for a in guess.answers} <= {plain(a) for a in scale.answers}
    together = share_an_order((*guess.answers, *scale.answers))
    return guess.percentages == scale.percentages and (within or together)


def _joined(scale: Guess, guess: Guess) -> Guess:
    def union(kind: str) -> tuple[str, ...]:
        both = (*getattr(scale, kind), *getattr(guess, kind))
        return tuple({plain(answer): answer for answer in reversed(both)}.values())[::-1]

    answers = tuple(in_order(union("answers")))
    return Guess(answers, union("not_applicable"), union("missing"), scale.percentages)


def _lines(
    name: str, questions: Sequence[_Question], left_out: Sequence[tuple[str, str]]
) -> Iterable[str]:
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "audit"
    yield "# A first draft, written by draft_framework from an audit's headings and answers. What"
    yield "# stands after TO DO is a guess or a gap; docs/frameworks.md says what each entry means."
    if left_out:
        yield "#"
        yield "# Left out:"
        yield from (f"#   {_comment(heading)}: {reason}" for heading, reason in left_out)
    yield f"id = {_quoted(slug + '-draft')}"
    yield f"title = {_quoted(f'Draft of a framework from {name}')}"
    yield "valid_from = 2000-01-01  # TO DO: the first day the edition was in force"
    yield "provisional = true"
    yield 'missing = "as_not_met"  # TO DO: or "exclude", "not_scored"'
    scales = _scales(questions)
    for scale, guess in scales.items():
        yield from _scale_lines(scale, guess)
    ids = _ids(questions)
    for number, members in _benchmarks(questions).items():
        yield ""
        yield "[[benchmark]]"
        yield f"id = {_quoted(f'benchmark_{number}')}"
        yield f"title = {_quoted(f'Benchmark {number}')}  # TO DO"
        for question in members:
            place = next(at for at, one in enumerate(questions) if one is question)
            scale = next(key for key, one in scales.items() if _fits(question.guess, one))
            yield from _item_lines(question, ids[place], scale)


def _scale_lines(name: str, guess: Guess) -> Iterable[str]:
    yield ""
    yield f"[scales.{name}]"
    yield "provisional = true"
    yield "answers = [  # TO DO: lowest first"
    if guess.percentages:
        yield from (
            f"    {{ code = {_quoted(code)}, label = {_quoted(label)}, {start} }},"
            for code, label, start in _BANDS
        )
        meets = "all"
    else:
        yield from (f"    {_quoted(answer)}," for answer in guess.answers)
        meets = in_order(guess.answers)[-1]
    yield "]"
    yield f"meets = [{_quoted(meets)}]  # TO DO: which answers meet an item"
    for kind in ("not_applicable", "missing"):
        codes = getattr(guess, kind)
        if codes:
            yield f"{kind} = [{', '.join(map(_quoted, codes))}]"


def _item_lines(question: _Question, name: str, scale: str) -> Iterable[str]:
    text = question.text or question.heading
    yield "[[benchmark.criterion]]  # TO DO: bring the items of one criterion together"
    yield f"id = {_quoted(name + '.criterion')}"
    yield f"text = {_quoted(text)}"
    yield "[[benchmark.criterion.item]]"
    yield f"id = {_quoted(name)}"
    yield f"text = {_quoted(text)}"
    yield f"scale = {_quoted(scale)}"
    if question.years:
        yield "by_year_group = true"
        yield f"year_groups = [{', '.join(map(_quoted, question.years))}]"


def _ids(questions: Sequence[_Question]) -> list[str]:
    """Give each item an id: its heading where that is a code, or else a number."""
    return [
        question.heading if _CODE.fullmatch(question.heading) else f"item_{number}"
        for number, question in enumerate(questions, start=1)
    ]


def _benchmarks(questions: Sequence[_Question]) -> dict[str, list[_Question]]:
    """Group items by the number that their headings begin with, if all have one."""
    matches = [_BENCHMARK.match(question.heading) for question in questions]
    numbers = [match[1] if match else "" for match in matches]
    groups: dict[str, list[_Question]] = {}
    for number, question in zip(numbers, questions, strict=True):
        groups.setdefault(number if all(numbers) else "1", []).append(question)
    return dict(sorted(groups.items()))


def _quoted(said: str) -> str:
    """Write a text as TOML: JSON's escapes are TOML's, but for the delete character."""
    plain = said.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007F")


def _comment(said: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in said)


def _write(text: str, path: Path) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise FrameworkError(
            f"draft_framework: '{path.name}' is there already.",
            found="a file of that name",
            hint="another name, so that nothing you mended is lost",
        ) from None
    except (OSError, ValueError) as error:
        raise FrameworkError(
            f"draft_framework: '{path.name}' cannot be written.",
            found=getattr(error, "strerror", None) or str(error),
            hint="a folder that is there and that you may write to",
        ) from None
