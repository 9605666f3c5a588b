"""``careerbench report``: a release becomes a pack for each school and one for the programme."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.cli.terminal import show_progress
from careerbench.errors import counted

if TYPE_CHECKING:
    import argparse


def add_report_command(commands: Any) -> None:
    """Add the command to the parser's."""
    report = commands.add_parser(
        "report", help="write a pack for each school and one for the programme, from a release"
    )
    report.add_argument("release", type=Path, help="what careerbench release has written")
    report.add_argument("-o", "--output", type=Path, required=True, help="the folder for the packs")
    report.add_argument(
        "--schools", help="only these numbers, with commas; 'programme' is the programme's pack"
    )
    report.add_argument(
        "--formats", default="pdf,docx,xlsx", help="with commas (default: pdf,docx,xlsx)"
    )
    report.add_argument(
        "--fingerprint", help="the fingerprint announced with the release; another one is refused"
    )
    report.add_argument(
        "--force", action="store_true", help="write again what is there from the same release"
    )
    report.set_defaults(run=_report)


def _report(asked: argparse.Namespace) -> int:
    """Write the packs and say in words what became of them; 1 if any could not be written."""
    from careerbench.disclosure import open_release
    from careerbench.report import write_packs

    release = open_release(asked.release, fingerprint=asked.fingerprint)
    packs = write_packs(
        release,
        asked.output,
        schools=_listed(asked.schools) if asked.schools is not None else None,
        formats=_listed(asked.formats),
        force=asked.force,
        progress=lambda done, of, _what: show_progress(done / of),
    )
    print(f"{release.title}\n{counted(len(packs.written), 'pack')} written to {packs.folder}")
    if packs.skipped:
        print(f"{counted(len(packs.skipped), 'pack')} there already from this release: skipped")
    if packs.without_results:
        named = ", ".join(packs.without_results)
        print(f"No pack for {named}: the release has no result under that number")
    for key, why in packs.failed.items():
        print(f"not written: {key}: {why}", file=sys.stderr)
    print(f"Made from the release with the fingerprint {release.fingerprint}")
    return 1 if packs.failed else 0


def _listed(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]
