"""``careerbench open-data``: a release becomes files for Explore Education Statistics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.cli.terminal import show_progress
from careerbench.errors import BadArgumentError, counted

if TYPE_CHECKING:
    import argparse


def add_open_data_command(commands: Any) -> None:
    """Add the command to the parser's."""
    command = commands.add_parser(
        "open-data",
        help="write a release as open data (Explore Education Statistics, CSV, Parquet)",
    )
    command.add_argument("release", type=Path, help="the file that careerbench release wrote")
    command.add_argument(
        "-o", "--output", type=Path, required=True, help="a new or empty folder to write to"
    )
    command.add_argument(
        "--period",
        action="append",
        default=[],
        metavar="WAVE=YEAR",
        help="a wave's period, such as baseline=2019/20 or 'baseline=2019/20 Autumn term'; once "
        "for every wave (default: by the dates of the waves)",
    )
    command.add_argument("--force", action="store_true", help="replace open data written earlier")
    command.set_defaults(run=_open_data)


def _open_data(asked: argparse.Namespace) -> int:
    """Write the folder, and say in words what is in it."""
    from careerbench.disclosure import open_release
    from careerbench.report import write_open_data

    periods = _periods(asked.period)
    written = write_open_data(
        open_release(asked.release),
        asked.output,
        time_periods=periods or None,
        force=asked.force,
        progress=lambda done, of, _name: show_progress(done / of),
    )
    print(written.title)
    for each in written.table.itertuples():
        if each.written:
            rows = counted(each.n_rows, "row")
            print(f"  {each.file}: {rows}, {each.n_shown:,} shown, passes the screener")
    for note in written.notes:
        print(note)
    print(f"Written to {asked.output}; read {asked.output / 'data_guidance.txt'} first.")
    return 0


def _periods(said: list[str]) -> dict[str, str]:
    """Read WAVE=YEAR, given once for each wave."""
    periods = {}
    for each in said:
        wave, equals, period = each.partition("=")
        if not equals or not wave.strip() or wave.strip() in periods:
            raise BadArgumentError(
                "--period wants each wave once, as WAVE=YEAR.",
                found=each,
                hint="--period baseline=2019/20 --period year_1=2020/21",
            )
        periods[wave.strip()] = period.strip()
    return periods
