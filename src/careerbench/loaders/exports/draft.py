"""A first draft of a mapping, written from the file itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import careerbench.loaders.privacy as privacy
from careerbench.frameworks import SurveyScale, load_scale
from careerbench.loaders.exports.closed import frequent_answers
from careerbench.loaders.exports.likeness import SURE, Match, nearest, pair_off, plain
from careerbench.loaders.exports.mapping import ROW
from careerbench.loaders.exports.model import CLOSED, JOINED_BY, describing_words, reason_for
from careerbench.loaders.exports.read import open_export
from careerbench.loaders.privacy import SHOWN_FROM
from careerbench.loaders.schema import load_schema

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from careerbench.loaders.exports.model import Export, Question

_DESCRIBE = (
    "respondent", "school_urn", "wave", "year_group", "sex", "fsm", "fsm6", "pupil_premium", "sen",
    "eal", "ethnicity", "role",
)  # fmt: skip
_SHORT = 40


def draft_mapping(
    path: str | os.PathLike[str],
    *,
    scale: SurveyScale | str | Path,
    kind: str | None = None,
    sheet: str | None = None,
) -> str:
    r"""Write a first draft of the mapping from a survey export to a scale.

    Parameters
    ----------
    path : str or path
        The export.
    scale : SurveyScale, str or Path
        The scale, its name, or the path of its TOML file.
    kind : str, optional
        The kind of export; found if not given.
    sheet : str, optional
        Name of a workbook's sheet.

    Returns
    -------
    str
        TOML for ``load_mapping``. Each match says how alike the wordings are; what was not matched
        is listed in comments. Personal columns are dropped, free text is kept apart. Answers are
        shown only where the file itself offers them or ten people gave them.

    Raises
    ------
    ReadError, FrameworkError
        If the file cannot be read, or there is no such scale.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "form.csv")
    ...     rows = "Timestamp,I know about lots of jobs\n2024/05/01,Yes\n2024/05/01,No\n"
    ...     n_characters = file.write_text(rows)
    ...     draft = draft_mapping(file, scale="pupil-careers")
    >>> [line for line in draft.splitlines() if line.startswith("pu_jobs")]
    ['pu_jobs = "I know about lots of jobs"  # 83% alike']
    """
    rule = scale if isinstance(scale, SurveyScale) else load_scale(scale)
    export = open_export(path, kind, step="draft_mapping", sheet=sheet)
    name = rule.id if isinstance(scale, SurveyScale) else str(scale)
    draft = _Draft.of(export, rule)
    lines = [*_head(export, name), *_left_out(draft), *_columns(draft), *_items(draft)]
    return "\n".join([*lines, *_answers(draft)]) + "\n"


@dataclass(frozen=True, eq=False)
class _Draft:
    """What was matched."""

    export: Export
    scale: SurveyScale
    described: dict[str, Question]
    items: dict[str, Match]

    @classmethod
    def of(cls, export: Export, scale: SurveyScale) -> _Draft:
        described = dict(_describing(export))
        taken = {each.column for each in described.values()}
        wordings = {
            each.column: each.text
            for each in export.questions
            if each.kind in (*CLOSED, "empty") and each.column not in taken
        }
        meant = {item.id: item.text for item in scale.items}
        by_column = pair_off(wordings, meant)
        items = {match.name: Match(name, match.score) for name, match in by_column.items()}
        return cls(export, scale, described, items)

    def rest(self) -> list[Question]:
        """List the closed questions that are neither items nor describe the respondent."""
        used = {each.column for each in self.described.values()}
        used |= {match.name for match in self.items.values() if match.score >= SURE}
        kinds = (*CLOSED,)
        return [
            each for each in self.export.questions if each.kind in kinds and each.column not in used
        ]


def _describing(export: Export) -> Iterator[tuple[str, Question]]:
    """Find columns that say who answered, by the names that the survey schema knows."""
    schema = load_schema("survey")
    own = export.respondent()
    for name in _DESCRIBE:
        for question in export.questions:
            if name == "respondent" and own is not None:
                found = question.column == own
            elif name == "respondent" and question.kind == "upn":
                found = True
            else:
                named = name in (schema.find(question.column), schema.find(question.text))
                found = (named and question.kind in (*CLOSED, "metadata")) or (
                    question.kind in (*CLOSED, "text") and _asks_for(name, question)
                )
            if found:
                yield name, question
                break


def _asks_for(name: str, question: Question) -> bool:
    """Tell whether a question's words ask for something that describes the respondent."""
    words = plain(question.text)
    return any(plain(said) in words for said in describing_words().get(name, ()))


def _head(export: Export, scale: str) -> Iterator[str]:
    yield f"# A draft, made from '{export.source.title}' by likeness: read every line before use."
    for said in export.source.decisions:
        yield f"# {_comment(said)}"
    yield f"export = {_text(export.kind)}"
    yield f"scale = {_text(scale)}"
    for state in ("partial", "preview", "spam"):
        n = int((export.states == state).sum())
        if n:
            yield f"# {n} {state} response(s) kept apart; include = [{_text(state)}] takes them in"


def _left_out(draft: _Draft) -> Iterator[str]:
    used = {each.column for each in draft.described.values()}
    texts = {each.column: each.text for each in draft.export.questions}
    private = draft.export.of_kind("personal", "upn")
    kinds = privacy.find_personal(draft.export.frame[private], texts=texts)
    yield ""
    yield "drop = ["
    for question in draft.export.questions:
        if question.column in used:
            continue
        if question.kind in ("personal", "upn"):
            what = privacy.say_kind(kinds[question.column])
            yield f"    {_text(question.column)},  # personal: {what}"
        elif question.kind in ("metadata", "empty"):
            why = "the survey tool's own" if question.kind == "metadata" else "no answers"
            yield f"    {_text(question.column)},  # {why}"
    for question in draft.rest():
        near = next((i for i, m in draft.items.items() if m.name == question.column), None)
        yield f"    {_text(question.column)},  # {question.kind}, " + (
            f"perhaps item {near} ({draft.items[near].percent} alike)" if near else "not matched"
        )
    yield "]"
    free = [name for name in draft.export.of_kind("text") if name not in used]
    yield "free_text = [" if free else "free_text = []"
    yield from (f"    {_text(name)}," for name in free)
    yield from ["]"] if free else []


def _columns(draft: _Draft) -> Iterator[str]:
    yield ""
    yield "[columns]"
    if "respondent" not in draft.described:
        yield f'respondent = "{ROW}"  # responses are numbered: nobody can be followed across waves'
    for name, question in draft.described.items():
        hashed = "  # replaced by a keyed hash" if question.kind == "upn" else ""
        if name == "respondent" and draft.export.kind == "microsoft_forms":
            hashed = "  # counts from 1 in every form: nobody can be followed across waves"
        yield f"{name} = {_text(question.column)}{hashed}"
    missing = [name for name in ("school_urn", "wave") if name not in draft.described]
    yield ""
    yield "[constants]"
    yield from (f'# {name} = ""  # to be filled in, or named under [columns]' for name in missing)
    trait = [
        name for name in draft.described if name in ("school_urn", "sex", "fsm", "eal", "role")
    ]
    for name in trait:
        options = draft.described[name].options
        if options:
            yield ""
            yield f"[recode.{name}]  # what the file says = what it means"
            yield from (f"# {_text(each)} = {_text(each)}" for each in options)


def _items(draft: _Draft) -> Iterator[str]:
    words = {each.column: each.text for each in draft.export.questions}
    yield ""
    yield "[items]"
    for item in draft.scale.items:
        match = draft.items.get(item.id)
        asked = f'"{_short(item.text)}"'
        if match is None:
            yield f'# {item.id} = ""  # nothing like {asked} in the file'
        elif match.score < SURE:
            yield f"# {item.id} = {_text(match.name)}  # only {match.percent} like {asked}: check"
        else:
            said = "" if words[match.name] == match.name else f": {_comment(words[match.name])}"
            yield f"{item.id} = {_text(match.name)}  # {match.percent} alike{said}"


def _answers(draft: _Draft) -> Iterator[str]:
    known = {plain(word): code for word, code in draft.scale.lookup.items()}
    shown, n_rare = _answers_given(draft)
    yield ""
    yield "[answers]  # what the file says = the scale's code"
    missing: list[str] = []
    for answer in shown:
        code = known.get(plain(answer))
        reason = reason_for(answer)
        if code is not None:
            yield f"{_text(answer)} = {_text(code)}  # the same words"
        elif reason:
            missing.append(f"{_text(answer)} = {_text(reason)}")
        else:
            yield _suggested(answer, draft.scale)
    if n_rare:
        yield f"# {n_rare} more answer(s), each given by fewer than {SHOWN_FROM} and not shown"
    yield ""
    yield "[missing]  # what the file says = why there is no answer"
    yield from missing


def _suggested(answer: str, scale: SurveyScale) -> str:
    labels = {label: code for code, label in scale.labels.items()}
    match = nearest(answer, labels)
    if match is None:
        return f'# {_text(answer)} = ""  # like none of the scale\'s answers'
    sure = match.score >= SURE
    line = f"{_text(answer)} = {_text(labels[match.name])}  # {match.percent} like '{match.name}'"
    return line if sure else f"# {line}: check"


def _answers_given(draft: _Draft) -> tuple[list[str], int]:
    """List the answers to matched items that may be shown, and count the others."""
    matched = [match.name for match in draft.items.values() if match.score >= SURE]
    questions = [each for each in draft.export.questions if each.column in matched]
    cells_of = [draft.export.frame[each.column] for each in questions]
    shown = dict.fromkeys(option for each in questions for option in each.options)
    shown |= dict.fromkeys(sorted(frequent_answers(cells_of)))
    given: set[str] = set()
    for question in questions:
        cells = draft.export.frame[question.column].dropna()
        for text in cells.unique():
            given |= set(str(text).split(JOINED_BY)) if question.kind == "multiple" else {str(text)}
    known = {plain(word) for word in draft.scale.lookup}
    on_scale = sorted(text for text in given if plain(text) in known)
    rare = [text for text in given if text not in shown and plain(text) not in known]
    return list(dict.fromkeys([*on_scale, *shown])), len(rare)


def _text(said: str) -> str:
    """Write a TOML string; a heading that is itself somebody's is written as it must be."""
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007F")


def _comment(said: str) -> str:
    words = " ".join(said.split())
    return "".join(each for each in words if each.isprintable())


def _short(said: str) -> str:
    words = _comment(said)
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"
