"""The data guidance that goes with open data: what is in the files, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import counted
from careerbench.report.facts import load_words
from careerbench.report.open_data.places import only_region, unlisted_authorities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from careerbench.disclosure import Release
    from careerbench.report.open_data.writing import OpenData

ABOUT = "data_guidance.txt"


def about_text(release: Release, written: OpenData) -> str:
    """Say what is in the files, how to read them, and what they must not be used for."""
    parts = [
        ("", _lead(release, written)),
        ("Files", _files(written)),
        ("Time", [*(f"- {note}" for note in written.periods)]),
        ("Places", list(_places(release))),
        ("Symbols", [f"- {symbol}: {said}" for symbol, said in _symbols()]),
        ("What was checked", [f"- {written.notes[0]}"]),
        ("What the release promises", [f"- {note}" for note in release.notes]),
        ("Made with", list(_stamp(release))),
    ]
    return (
        "\n\n".join(
            "\n".join([*([title, "-" * len(title)] if title else []), *lines])
            for title, lines in parts
            if lines
        )
        + "\n"
    )


def _symbols() -> Iterator[tuple[str, str]]:
    yield from load_words("open_data/words")["symbols"]["words"].items()


def _lead(release: Release, written: OpenData) -> list[str]:
    lines = [release.title, "=" * len(release.title), ""]
    if release.manifest.get("about"):
        lines.append(str(release.manifest["about"]))
    if written.n_made_up:
        lines += [
            "",
            f"NOT FOR PUBLICATION: {counted(written.n_made_up, 'school')} in these files are made "
            "up. Their numbers (900000 and above) are given out by no register and stand for no "
            "real school.",
        ]
    return lines


def _files(written: OpenData) -> list[str]:
    grains = load_words("open_data/words")["grains"]
    lines = [
        f"- {each.file} with its .meta.csv: {grains[each.grain]}; {each.n_rows:,} rows, "
        f"{each.n_shown:,} with their main figure shown"
        if each.written
        else f"- {each.file} is not here: all {each.n_rows:,} figures in it are hidden"
        for each in written.table.itertuples()
    ]
    return [
        *lines,
        "- cells/: the release's own tables, as CSV and Parquet. In the CSV a symbol stands in "
        "place of a hidden value; in Parquet it is blank and 'reason' has the symbol.",
    ]


def _places(release: Release) -> Iterator[str]:
    only = only_region(release)
    if only:
        yield (
            f"- Every school lies in {only}: the whole programme is written as that region. It is "
            "the schools of the programme, not all schools of the region, or of an authority."
        )
    else:
        yield (
            "- National rows are the schools of the programme in England, not all schools of "
            "England; the same holds for regions and authorities."
        )
    yield "- school_laestab is 'x': the release does not carry it."
    unlisted = unlisted_authorities(release)
    if unlisted:
        yield (
            f"- Without codes ('x', blank), because our list of 2022 does not have them: "
            f"{', '.join(unlisted)}."
        )


def _stamp(release: Release) -> Iterator[str]:
    said = release.manifest
    edition = said["framework"]
    provisional = " (provisional)" if edition["provisional"] else ""
    yield f"- Framework: {edition['title']} ({edition['id']}){provisional}"
    yield f"- Policy: {said['policy']['id']}, {said['policy']['title']}"
    yield f"- Release fingerprint: {release.fingerprint or 'not saved yet'}"
    yield f"- Software: {', '.join(f'{name} {is_}' for name, is_ in said['versions'].items())}"
