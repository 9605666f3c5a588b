"""Whom a pack is about: a school, its area, or the whole programme."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, DisclosureError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.report.packs.source import Source


@dataclass(frozen=True)
class Place:
    """A name, and the columns that single it out among the cells."""

    name: str
    where: Mapping[str, str] = field(default_factory=dict)


PROGRAMME = Place("all schools in the programme")


@dataclass(frozen=True)
class School:
    """A school of the release: its place, its area's, and what the register says of it."""

    urn: str
    place: Place
    area: Place | None
    facts: tuple[tuple[str, str], ...]


def school_of(source: Source, urn: str) -> School:
    """Find a school that the release names.

    Raises
    ------
    BadArgumentError
        If the release names no such school.
    DisclosureError
        If it has no name or lies in no area.
    """
    if urn not in source.schools:
        raise BadArgumentError(
            f"report: the release names no school '{urn}'.",
            found=f"{len(source.schools)} schools",
            hint=did_you_mean(urn, source.schools),
        )
    said = source.schools[urn]
    where = {name: said.get(name, "") for name in source.areas}
    missing = [name for name in ("school_name", *source.areas) if not said.get(name)]
    if missing:
        raise DisclosureError(
            f"report: the release says no {missing[0]} of school '{urn}'.",
            found="a blank",
            hint="complete the study's table of schools and build the release anew",
        )
    area = Place(f"schools in {where[source.areas[-1]]}", where) if source.areas else None
    facts = [("School number (URN)", urn)]
    if where:
        facts.append(("Area", ", ".join(reversed(where.values()))))
    if said.get("phase"):
        facts.append(("Phase", said["phase"]))
    return School(urn, Place(said["school_name"], {**where, "school_urn": urn}), area, tuple(facts))


def areas_of(source: Source) -> list[Place]:
    """List the finest areas by name."""
    if not source.areas:
        return []
    finest = source.areas[-1]
    found = {
        tuple(said.get(name, "") for name in source.areas): said[finest]
        for said in source.schools.values()
        if said.get(finest)
    }
    return [
        Place(name, dict(zip(source.areas, key, strict=True)))
        for key, name in sorted(found.items(), key=lambda item: item[1])
    ]
