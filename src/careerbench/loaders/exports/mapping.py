"""``SurveyMapping``: which column is which item, and which answer which code, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.errors import ReadError, closest, quoted
from careerbench.frameworks import SurveyScale, load_scale
from careerbench.frameworks.survey_scale import MISSING_REASONS
from careerbench.loaders.exports.model import KINDS, STATES

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

ROW = "#row"
_KEYS = (
    "export", "scale", "include", "drop", "free_text", "columns", "constants", "items", "answers",
    "answers_of", "missing", "recode",
)  # fmt: skip
_TABLES = ("columns", "constants", "items", "answers", "answers_of", "missing", "recode")
_ITEM_KEYS = ("column", "option", "asked_when")


@dataclass(frozen=True)
class ItemRule:
    """Where an item's answer stands.

    Attributes
    ----------
    column : str
        The column's heading or the words of its question.
    option : str
        For a question with several answers: the one that makes this item "Yes".
    asked_column, asked_answers : str and tuple of str
        Put only to those who gave one of these answers to that question; blank: to everyone.
    """

    column: str
    option: str = ""
    asked_column: str = ""
    asked_answers: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SurveyMapping:
    """How a survey tool's file becomes survey rows.

    Attributes
    ----------
    file : str
        The name of the TOML file.
    export : str
        The kind of file; blank: found.
    scales : tuple of SurveyScale
        The scales that the items belong to; without one, answers are kept as they are mapped.
    include : tuple of str
        Responses to take in that are otherwise kept apart: partial, preview, spam.
    columns : mapping of str to str
        ``respondent``, ``school_urn``, ``wave``, ``year_group``, ``sex``... to the file's column.
    constants : mapping of str to str
        Columns that have one value for the whole file.
    items : mapping of str to ItemRule
    answers : mapping of str to str
        Answer to code, for every item; ``answers_of`` for one item.
    missing : mapping of str to str
        Answer to the reason why it is none.
    recode : mapping of str to mapping
        For a column of ``columns``: what the file says to what it means.
    drop, free_text : tuple of str
        Columns to leave out, and columns of free text, which never stand in item rows.
    """

    file: str
    export: str = ""
    scales: tuple[SurveyScale, ...] = ()
    include: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, ItemRule] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    answers_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    recode: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    free_text: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<SurveyMapping {self.file}: {len(self.items)} items, {len(self.columns)} columns>"


def load_mapping(path: str | os.PathLike[str]) -> SurveyMapping:
    r"""Read the mapping of a survey export.

    Parameters
    ----------
    path : str or path
        A TOML file. ``careerbench map FILE --scale NAME -o mapping.toml`` writes a first draft.

    Returns
    -------
    SurveyMapping

    Raises
    ------
    ReadError
        If the file is missing, no sound TOML, or says something unknown; every fault is listed.

    Notes
    -----
    A ``scale`` that ends in ``.toml`` is looked for beside the mapping. Columns are named by their
    heading or by the words of their question; case, spaces and punctuation do not matter.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mapping.toml")
    ...     text = '[columns]\nrespondent = "ID"\n[items]\nq1 = "I like jobs"\n'
    ...     n_characters = file.write_text(text)
    ...     load_mapping(file)
    <SurveyMapping mapping.toml: 1 items, 1 columns>
    """
    file = Path(path)
    toml = _read(file)
    faults = list(_faults(toml))
    scales = _scales(toml, file.parent, faults)
    items = {str(name): _item(name, said, faults) for name, said in _table(toml, "items").items()}
    faults += _scale_faults(toml, scales)
    if faults:
        listed = "".join(f"\n    - {fault}" for fault in faults)
        raise ReadError(
            f"load_mapping: '{file.name}' is not a sound mapping: {len(faults)} fault(s).",
            found=listed,
            hint="mend these; `careerbench map FILE --scale NAME -o mapping.toml` writes a draft",
        )
    return SurveyMapping(
        file=file.name,
        export=str(toml.get("export", "")),
        scales=scales,
        items=items,
        columns=_texts(_table(toml, "columns")),
        constants=_texts(_table(toml, "constants")),
        answers=_texts(_table(toml, "answers")),
        answers_of={item: _texts(said) for item, said in _table(toml, "answers_of").items()},
        missing=_texts(_table(toml, "missing")),
        recode={name: _texts(said) for name, said in _table(toml, "recode").items()},
        include=_list(toml, "include"),
        drop=_list(toml, "drop"),
        free_text=_list(toml, "free_text"),
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ReadError(
            f"load_mapping: '{file.name}' cannot be read.",
            found=error.strerror or type(error).__name__,
            hint="`careerbench map FILE --scale NAME -o mapping.toml` writes a draft",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(
            f"load_mapping: '{file.name}' is not sound TOML.",
            found=str(error),
            hint="mend the file at that place; it must be UTF-8 text",
        ) from None


def _faults(toml: Mapping[str, Any]) -> Iterator[str]:
    for key in toml:
        if key not in _KEYS:
            near = closest(key, _KEYS)
            yield f"'{key}' is not known" + (f": did you mean '{near}'?" if near else "")
    yield from _shape_faults(toml)
    if toml.get("export", KINDS[0]) not in KINDS:
        yield f"export = '{toml['export']}' is none of {quoted(KINDS)}"
    for key, given, known in (
        ("include", _list(toml, "include"), STATES[1:]),
        ("missing", _table(toml, "missing").values(), MISSING_REASONS),
    ):
        for each in given:
            if each not in known:
                yield f"{key}: '{each}' is none of {quoted(known)}"
    both = set(_table(toml, "columns")) & set(_table(toml, "constants"))
    if both:
        yield f"{quoted(sorted(both))} stands in [columns] and in [constants]"
    if not _table(toml, "items") and not _list(toml, "free_text"):
        yield "there are no [items]"


def _shape_faults(toml: Mapping[str, Any]) -> Iterator[str]:
    for key in _TABLES:
        if not isinstance(toml.get(key, {}), Mapping):
            yield f"{key} must be a table, written [{key}]"
    for key in ("answers_of", "recode"):
        for name, said in _table(toml, key).items():
            if not isinstance(said, Mapping):
                yield f"{key}.{name} must be a table, written [{key}.{name}]"


def _scales(toml: Mapping[str, Any], folder: Path, faults: list[str]) -> tuple[SurveyScale, ...]:
    from careerbench.errors import FrameworkError

    found = []
    for name in _list(toml, "scale"):
        own = folder / name
        try:
            found.append(load_scale(own if own.suffix == ".toml" else name))
        except FrameworkError as error:
            faults.append(f"scale '{name}': {error.problem} {error.hint or ''}".rstrip())
    return tuple(found)


def _scale_faults(toml: Mapping[str, Any], scales: tuple[SurveyScale, ...]) -> Iterator[str]:
    """Name items and codes that no scale of the mapping knows."""
    if not scales:
        return
    known = [item for scale in scales for item in scale.item_ids]
    for item in _table(toml, "items"):
        if item not in known:
            near = closest(item, known)
            yield f"items.{item} is no item of the scale" + (
                f": did you mean '{near}'?" if near else f": one of {quoted(known)}"
            )
    codes = {code for scale in scales for code in (*scale.answers, *scale.missing)}
    for name, said in {"answers": _table(toml, "answers"), **_table(toml, "answers_of")}.items():
        strange = {str(code) for code in (said if isinstance(said, Mapping) else {}).values()}
        if strange - codes:
            yield f"{name}: {quoted(sorted(strange - codes))} are no codes of the scale"


def _item(name: object, said: object, faults: list[str]) -> ItemRule:
    if isinstance(said, str):
        return ItemRule(said)
    if not isinstance(said, Mapping) or not isinstance(said.get("column"), str):
        faults.append(f"items.{name} must be a column, or a table with a column")
        return ItemRule("")
    faults += [f"items.{name}: '{key}' is not known" for key in said if key not in _ITEM_KEYS]
    when = said.get("asked_when", {})
    if when and not (isinstance(when, Mapping) and {"column", "answers"} == set(when)):
        faults.append(f'items.{name}: asked_when = {{ column = "...", answers = ["..."] }}')
        when = {}
    return ItemRule(
        str(said["column"]),
        str(said.get("option", "")),
        str(when.get("column", "")),
        _list(when, "answers"),
    )


def _table(toml: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    said = toml.get(key, {})
    return said if isinstance(said, Mapping) else {}


def _texts(said: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in said.items()}


def _list(toml: Mapping[str, Any], key: str) -> tuple[str, ...]:
    said = toml.get(key, ())
    return (said,) if isinstance(said, str) else tuple(str(each) for each in said)
