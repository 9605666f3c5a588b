"""What a pack says: put together from the released cells, whatever the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench import __version__
from careerbench.errors import BadArgumentError
from careerbench.report.packs import answers, benchmarks
from careerbench.report.packs.model import Pack, Section, Stamp
from careerbench.report.packs.notes import notes_section, stamp_of
from careerbench.report.packs.places import school_of
from careerbench.report.packs.source import Source
from careerbench.report.packs.trace import origins_section, trace_of

if TYPE_CHECKING:
    from careerbench.disclosure.release import Release

PROGRAMME = "programme"


def school_pack(release: Release, school_urn: str) -> Pack:
    """Say everything that one school's pack says.

    Parameters
    ----------
    release : Release
        What may be seen: ``open_release(path)``.
    school_urn : str
        A school that the release names.

    Returns
    -------
    Pack
        Sections with sentences, charts and tables; every number in it is a shown cell, or a
        declared function of shown cells, and carries the cells it is made from. What is hidden
        stands as "hidden".

    Raises
    ------
    BadArgumentError
        If ``release`` is no release, or names no such school.
    DisclosureError
        If a cell that is needed says something impossible.

    Examples
    --------
    >>> school_pack("pilot.release", "900001")
    Traceback (most recent call last):
        ...
    careerbench.errors.BadArgumentError: school_pack: packs are written from a Release and from
    nothing else.
      found: type str
      try:   disclosure.open_release('study.release'), or disclosure.build_release(study)
    """
    return school_from(source_of(release, step="school_pack"), str(school_urn))


def programme_pack(release: Release) -> Pack:
    """Say everything that the programme's pack says; see `school_pack`.

    Examples
    --------
    >>> programme_pack(None)
    Traceback (most recent call last):
        ...
    careerbench.errors.BadArgumentError: programme_pack: packs are written from a Release and from
    nothing else.
      found: type NoneType
      try:   disclosure.open_release('study.release'), or disclosure.build_release(study)
    """
    return programme_from(source_of(release, step="programme_pack"))


def source_of(release: object, *, step: str) -> Source:
    """Make the cells of a release ready to be looked up; refuse anything else."""
    from careerbench.disclosure.release import Release

    if not isinstance(release, Release):
        raise BadArgumentError(
            f"{step}: packs are written from a Release and from nothing else.",
            found=f"type {type(release).__name__}",
            hint="disclosure.open_release('study.release'), or disclosure.build_release(study)",
        )
    return Source(release)


def school_from(source: Source, urn: str) -> Pack:
    """Put a school's pack together."""
    school = school_of(source, urn)
    sections = [
        *benchmarks.school_sections(source, school),
        *answers.survey_sections(source, school.place),
    ]
    facts = (*school.facts, ("Programme", source.release.title), _waves(source))
    return _pack(source, f"school-{urn}", school.place.name, facts, sections)


def programme_from(source: Source) -> Pack:
    """Put the programme's pack together."""
    sections = [
        *benchmarks.programme_sections(source),
        *answers.survey_sections(source, None),
    ]
    facts = (("Programme", source.release.title), _waves(source))
    return _pack(source, PROGRAMME, "The programme as a whole", facts, sections)


def stamp(source: Source) -> Stamp:
    """Say what packs of this release are stamped with."""
    return stamp_of(source, __version__)


def _waves(source: Source) -> tuple[str, str]:
    return "Waves", ", ".join(source.waves.values())


def _pack(
    source: Source,
    key: str,
    title: str,
    facts: tuple[tuple[str, str], ...],
    sections: list[Section],
) -> Pack:
    made = stamp(source)
    tables = [table for section in sections for table in section.tables]
    notes = notes_section(source, made)
    return Pack(
        key=key,
        title=title,
        subtitle=source.release.title,
        facts=facts,
        sections=(*sections, notes, origins_section(source, tables)),
        stamp=made,
        trace=tuple(trace_of(source, tables)),
    )
