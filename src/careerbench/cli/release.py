"""``careerbench release``: a study becomes the one file that may be handed on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.cli.terminal import FOLDER_HELP, require_free, show_progress

if TYPE_CHECKING:
    import argparse

_HIDDEN = ("for their own sake", "for the sake of others", "with nobody there")


def add_release_command(commands: Any) -> None:
    """Add the command to the parser's."""
    release = commands.add_parser(
        "release", help="write what of a study may be seen: protected, audited, one file"
    )
    release.add_argument("folder", type=Path, help=FOLDER_HELP)
    release.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    release.add_argument(
        "--policy", help="a policy's name, or its TOML file (default: as study.toml says)"
    )
    release.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="an earlier release of the study; may be given several times, oldest first",
    )
    release.add_argument(
        "--workers", type=int, help="processes to use (default: what suits the machine and study)"
    )
    release.add_argument("--force", action="store_true", help="overwrite the file if it is there")
    release.set_defaults(run=_release)


def _tell(done: int, of: int, what: str) -> None:
    """Draw a bar; where nobody watches say once that it takes its time."""
    if sys.stderr.isatty():
        show_progress(done / of if of else 1.0, what)
    elif not done:
        print(f"{of} questions to protect: a large study takes minutes.", file=sys.stderr)


def _release(asked: argparse.Namespace) -> int:
    """Build and write the release, and say in words what became of its cells."""
    from careerbench.disclosure import build_release, open_release
    from careerbench.study import open_study

    require_free(asked.output, force=asked.force)
    against = [open_release(path) for path in asked.against]
    study = open_study(asked.folder)
    release = build_release(
        study,
        asked.policy,
        against=against,
        progress=_tell,
        workers=asked.workers,
    )
    release.save(asked.output)
    counts = release.log().set_index("decision")["n_cells"]
    own, others, nobody = (release.behind[name] for name in _HIDDEN)
    print(f"{release.title}\n{release.notes[0]}")
    print(
        f"{int(counts['shown']):,} cells shown, {own:,} hidden for their own sake, "
        f"{others:,} for the sake of others, {nobody:,} where nobody answered; no hidden figure "
        f"can be narrowed down to fewer than {release.certificate['width']} steps."
    )
    for level, n in release.manifest["levels"].items():
        whole = n["shown"] + n["hidden"]
        print(f"  {level}: {n['hidden'] / whole:.0%} of {whole:,} cells hidden")
    taken = [decision for decision in counts.index if "taken over" in decision]
    if taken:
        print(f"{len(taken)} questions taken over from an earlier release; the log says which.")
    print(f"Written to {asked.output}; fingerprint {release.fingerprint}")
    return 0
