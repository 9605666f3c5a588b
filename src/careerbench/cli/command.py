"""``main``: reads the command line, runs what it asks for, says in words what went wrong."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from careerbench import __version__
from careerbench.cli.dashboard import add_dashboard_command
from careerbench.cli.explore import add_explorer_commands
from careerbench.cli.files import add_file_commands
from careerbench.cli.open_data import add_open_data_command
from careerbench.cli.release import add_release_command
from careerbench.cli.report import add_report_command
from careerbench.cli.study import add_study_commands
from careerbench.errors import CareerBenchError, TableProblemsError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 well, 1 refused or errors found, 2 misuse."""
    asked = parser().parse_args(arguments)
    try:
        return asked.run(asked)
    except TableProblemsError as error:
        print(
            f"careerbench {asked.command}: {error.problem}\n  found: {error.found}", file=sys.stderr
        )
        print(f"  try:   careerbench check {asked.folder} --all", file=sys.stderr)
        return 1
    except CareerBenchError as error:
        print(f"careerbench {asked.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read us has heard enough: `careerbench check ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser() -> argparse.ArgumentParser:
    """Put the commands together."""
    whole = argparse.ArgumentParser(
        prog="careerbench",
        description="The open workbench for evaluating careers education in schools.",
    )
    whole.add_argument("--version", action="version", version=f"careerbench {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_explorer_commands(commands)
    add_study_commands(commands)
    add_file_commands(commands)
    add_release_command(commands)
    add_dashboard_command(commands)
    add_report_command(commands)
    add_open_data_command(commands)
    return whole
