"""``careerbench map``, ``key`` and ``sample``: files to work with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.errors import CareerBenchError, counted

if TYPE_CHECKING:
    import argparse


def add_file_commands(commands: Any) -> None:
    """Add what writes files to work with."""
    draft = commands.add_parser("map", help="write a first draft of a survey export's mapping")
    draft.add_argument("file", type=Path, help="what the survey tool exported")
    draft.add_argument("--scale", required=True, help="the scale's name, or its TOML file")
    draft.add_argument("-o", "--output", type=Path, required=True, help="the TOML file to write")
    draft.add_argument("--kind", help="the survey tool, such as qualtrics (default: found)")
    draft.add_argument("--force", action="store_true", help="overwrite the file if it is there")
    draft.set_defaults(run=_map)
    key = commands.add_parser("key", help="make a study's secret key, readable by you alone")
    key.add_argument("file", type=Path, help="the new file, best outside the study's folder")
    key.set_defaults(run=_key)
    sample = commands.add_parser("sample", help="write a made-up study to try things on")
    sample.add_argument("folder", type=Path, help="an empty or new folder")
    sample.add_argument("--seed", type=int, help="another number gives another study")
    sample.add_argument("--force", action="store_true", help="write over an earlier sample")
    sample.set_defaults(run=_sample)


def _map(asked: argparse.Namespace) -> int:
    from careerbench.loaders import draft_mapping

    if asked.output.exists() and not asked.force:
        raise CareerBenchError(
            f"'{asked.output.name}' is there already.",
            found=f"{asked.output.stat().st_size:,} bytes, perhaps with your corrections",
            hint="another name after -o; or --force to overwrite it",
        )
    draft = draft_mapping(asked.file, scale=asked.scale, kind=asked.kind)
    try:
        asked.output.write_text(draft, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CareerBenchError(
            f"'{asked.output.name}' cannot be written.",
            found=error.strerror or type(error).__name__,
            hint="a file in a folder that is there and that you may write to",
        ) from None
    print(f"A draft is written to {asked.output}: read every line of it before you use it.")
    return 0


def _key(asked: argparse.Namespace) -> int:
    from careerbench.loaders import make_study_key

    file = make_study_key(asked.file)
    print(f"A new key is in {file}. Keep a copy: another key gives every pupil another number.")
    return 0


def _sample(asked: argparse.Namespace) -> int:
    from careerbench.study import write_sample

    written = write_sample(asked.folder, seed=asked.seed, overwrite=asked.force)
    print(
        f"{counted(len(written), 'file')} written. Open it with: careerbench explore {asked.folder}"
    )
    return 0
