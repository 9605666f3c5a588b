"""Which heading of a file stands for which column of a schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from careerbench.errors import MissingColumnsError, ReadError, closest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerbench.loaders.schema import TableSchema

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PAIR = re.compile(r"(?P<stem>.+?)\s*\((?P<part>code|name)\)", re.IGNORECASE)


def match_headings(
    headings: Iterable[str], schema: TableSchema, *, step: str, file: str
) -> dict[str, str]:
    """Map headings to the schema's columns; headings that stand for none are left out."""
    matched: dict[str, str] = {}
    for heading in headings:
        name = schema.find(heading)
        if name is None:
            continue
        if name in matched.values():
            first = next(said for said, column in matched.items() if column == name)
            raise ReadError(
                f"{step}: two columns of '{file}' mean {name}.",
                found=quoted([first, heading]),
                hint="keep one of them, or give the other a heading of its own",
            )
        matched[heading] = name
    return matched


def require_headings(
    needed: Sequence[str],
    headings: Sequence[str],
    matched: dict[str, str],
    schema: TableSchema,
    *,
    step: str,
    file: str,
) -> None:
    """Refuse a file that lacks columns, naming each and what was probably meant."""
    missing = [name for name in needed if name not in matched.values()]
    if not missing:
        return
    spare = [heading for heading in headings if heading not in matched]
    raise MissingColumnsError(
        f"{step}: '{file}' has no column {quoted(missing)}.",
        found=quoted(headings),
        hint="; ".join(_advice(name, spare, schema) for name in missing),
    )


def _advice(name: str, spare: list[str], schema: TableSchema) -> str:
    known = [name, *schema.columns[name].also]
    near = next((closest(word, spare) for word in known if closest(word, spare)), None)
    if near:
        return f"is it '{near}'? Head that column {name}"
    return f"head a column {' or '.join(known[:3])}"


def name_unknown(
    headings: Sequence[str], matched: dict[str, str], schema: TableSchema
) -> dict[str, str]:
    """Give headings the schema does not know snake_case names that collide with nothing.

    A ``X (code)`` beside a known ``X (name)`` is called after it, with ``_code``.
    """
    taken = set(matched.values())
    named: dict[str, str] = {}
    for heading in headings:
        if heading in matched:
            continue
        stem = automatic_name(heading, schema)
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        named[heading] = name
    return named


def automatic_name(heading: str, schema: TableSchema) -> str:
    """Make a snake_case name of a heading, the way ``name_unknown`` does before it numbers."""
    pair = _PAIR.fullmatch(heading)
    if pair is None:
        return snake_case(heading)
    if pair["part"].casefold() == "name":
        return snake_case(pair["stem"])
    return f"{schema.find(pair['stem'] + ' (name)') or snake_case(pair['stem'])}_code"


def snake_case(heading: str) -> str:
    """Write a heading in lower case with underscores.

    Examples
    --------
    >>> snake_case("ReligiousEthos"), snake_case("FEHEIdentifier"), snake_case("Linked schools %")
    ('religious_ethos', 'fehe_identifier', 'linked_schools')
    """
    words = re.sub(r"\W+", "_", _CAMEL.sub("_", heading)).casefold().strip("_")
    return re.sub(r"_+", "_", words) or "unnamed"
