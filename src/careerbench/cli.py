"""The ``careerbench`` command: one line a task, from a study's tables to what is handed on."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from careerbench import __version__
from careerbench.cli_dashboard import add_dashboard_command
from careerbench.cli_open_data import add_open_data_command
from careerbench.cli_release import add_release_command
from careerbench.cli_report import add_report_command
from careerbench.errors import BadArgumentError, CareerBenchError, TableProblemsError, counted
from careerbench.result import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
_FOLDER_HELP = "the study: a folder that holds study.toml"
_SHOWN_PROBLEMS = 40
_SHOWN_ROWS = 3
_HIGHEST_PORT = 65535
_BAR_WIDTH = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 well, 1 refused or errors found, 2 misuse."""
    asked = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="careerbench",
        description="The open workbench for evaluating careers education in schools.",
    )
    parser.add_argument("--version", action="version", version=f"careerbench {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="score the sample study and open it in the browser")
    _add_server_options(demo)
    demo.set_defaults(run=_demo)
    explore = commands.add_parser("explore", help="open a study of yours in the browser")
    explore.add_argument("folder", type=Path, help=_FOLDER_HELP)
    _add_server_options(explore)
    explore.set_defaults(run=_explore)
    _add_study_commands(commands)
    _add_file_commands(commands)
    add_release_command(commands, folder_help=_FOLDER_HELP, show_progress=_show_progress)
    add_open_data_command(commands, show_progress=_show_progress)
    add_report_command(commands, show_progress=_show_progress)
    add_dashboard_command(commands, port=_port)
    return parser


def _add_study_commands(commands: _Commands) -> None:
    """Add what works on a study folder."""
    check = commands.add_parser("check", help="list what is wrong with a study; exit 1 on errors")
    check.add_argument("folder", type=Path, help=_FOLDER_HELP)
    check.add_argument("--all", action="store_true", help="list every problem, however many")
    check.add_argument("-o", "--output", type=Path, help="also write the list as CSV")
    check.set_defaults(run=_check)
    score = commands.add_parser("score", help="write the Benchmark scores of a study as CSV")
    score.add_argument(
        "folder", type=Path, help=f"{_FOLDER_HELP}; or Parquet, a file or a folder of any size"
    )
    score.add_argument(
        "-o", "--output", type=Path, required=True, help="the CSV file (of Parquet: Parquet)"
    )
    score.add_argument("--framework", help="for Parquet: the framework's name, or its TOML file")
    score.add_argument("--force", action="store_true", help="for Parquet: replace the output")
    score.add_argument("--year-group", help="score as it stands for one year group: R, 1 to 13")
    score.add_argument(
        "--missing",
        choices=("as_not_met", "exclude", "not_scored"),
        help="what a missing answer does (default: as the framework declares)",
    )
    score.set_defaults(run=_score)


def _add_file_commands(commands: _Commands) -> None:
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


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8866, help="default 8866; 0 takes a free one")
    parser.add_argument("--no-browser", action="store_true", help="print the address only")


def _port(said: str) -> int:
    if said.isdigit() and int(said) <= _HIGHEST_PORT:
        return int(said)
    raise argparse.ArgumentTypeError(f"'{said}' is no port: a number from 0 to {_HIGHEST_PORT}")


def _demo(asked: argparse.Namespace) -> int:
    from careerbench.dashboards.places import sample_folder

    print("careerbench demo: opening the sample study; every school in it is made up.", flush=True)
    return _serve(sample_folder(), asked)


def _explore(asked: argparse.Namespace) -> int:
    return _serve(asked.folder.resolve(), asked)


def _serve(folder: Path, asked: argparse.Namespace) -> int:
    from careerbench.dashboards.places import explorer_notebook
    from careerbench.dashboards.serve import serve_notebook
    from careerbench.study import open_study

    study = open_study(folder)
    scores = study.scores()
    n_schools, n_achieved = scores["school_urn"].nunique(), (scores["state"] == "achieved").sum()
    print(
        f"{n_schools} schools, {len(study.waves)} waves, {len(study.framework.benchmarks)} "
        f"Benchmarks scored: {n_achieved} of {len(scores)} achieved.",
        flush=True,
    )

    def announce(address: str) -> None:
        print(f"Open {address} in your browser. Ctrl-C stops.", flush=True)

    return serve_notebook(
        explorer_notebook(),
        port=asked.port,
        open_browser=not asked.no_browser,
        environment={"CAREERBENCH_STUDY": str(folder)},
        announce=announce,
    )


def _check(asked: argparse.Namespace) -> int:
    from careerbench.study import open_study

    if asked.output:
        _require_writable(asked.output)
    study = open_study(asked.folder, on_problem="quarantine")
    found = study.problems.to_frame().sort_values("severity", kind="stable")
    if asked.output:
        found.to_csv(asked.output, index=False, lineterminator="\n")
    print(f"{study.title}\n{study!r}")
    alike = _alike(found.to_dict("records"))
    shown = alike if asked.all else alike[:_SHOWN_PROBLEMS]
    for problem, rows in shown:
        print(_problem_line(problem, rows, every=asked.all))
    if len(alike) > len(shown):
        print(f"... and {len(alike) - len(shown)} more kinds: --all lists them, -o FILE writes all")
    print(study.problems.notes[0].rstrip("."))
    return 1 if study.problems.n_errors else 0


def _alike(problems: list[dict]) -> list[tuple[dict, list[str]]]:
    """Bring problems of one wording together: one of them, and the rows of all."""
    groups: dict[tuple[str, ...], tuple[dict, list[str]]] = {}
    for problem in problems:
        key = tuple(show(problem[name]) for name in ("file", "column", "severity", "problem"))
        groups.setdefault(key, (problem, []))[1].append(show(problem["row"]))
    return list(groups.values())


def _problem_line(problem: Mapping[str, object], rows: list[str], *, every: bool) -> str:
    said = {name: show(value) for name, value in problem.items()}
    named = [row for row in rows if row]
    shown = named if every else named[:_SHOWN_ROWS]
    more = f" and {len(named) - len(shown)} more" if len(named) > len(shown) else ""
    row = f"row{'s' if len(named) > 1 else ''} {', '.join(shown)}{more}" if named else ""
    place = ", ".join(part for part in (row, said["column"]) if part)
    where = f"{said['file']} ({place})" if place else said["file"]
    line = f"{said['severity']}: {where}: {said['problem']}"
    return f"{line}\n    try: {said['hint']}" if said["hint"] else line


def _require_writable(path: Path) -> None:
    """Refuse an output that cannot be written before anything is computed."""
    was_there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
        if not was_there:
            path.unlink()
    except OSError as error:
        raise BadArgumentError(
            f"'{path}' cannot be written.",
            found=str(error.strerror),
            hint="a file in a folder that is there",
        ) from error


def _score(asked: argparse.Namespace) -> int:
    from careerbench.study import open_study

    if asked.framework:
        return _score_parquet(asked)
    _refuse_parquet(asked.folder)
    _require_writable(asked.output)
    study = open_study(asked.folder)
    scores = study.scores(year_group=asked.year_group, missing=asked.missing)
    scores.to_csv(asked.output, index=False, lineterminator="\n")
    print(f"{counted(len(scores), 'score')} written to {asked.output}")
    return 0


def _score_parquet(asked: argparse.Namespace) -> int:
    from careerbench.frameworks import load_framework
    from careerbench.scoring.stream import score_parquet

    if asked.year_group or (asked.folder / "study.toml").exists():
        raise BadArgumentError(
            "--framework is for Parquet files, which have no study.toml and no --year-group.",
            found="--year-group" if asked.year_group else f"a study in '{asked.folder}'",
            hint=f"careerbench score {asked.folder} -o {asked.output}, without --framework",
        )
    n_scores = score_parquet(
        asked.folder,
        asked.output,
        load_framework(asked.framework),
        missing=asked.missing,
        overwrite=asked.force,
        on_progress=_show_progress,
    )
    print(f"{counted(n_scores, 'score')} written to {asked.output}")
    return 0


def _refuse_parquet(path: Path) -> None:
    """Refuse Parquet files of which nobody says under which framework they were answered."""
    first = path if path.is_file() else next(path.rglob("*.parquet"), path)
    if first.suffix == ".parquet" and not (path / "study.toml").exists():
        raise BadArgumentError(
            f"'{path}' holds Parquet: under which framework was it answered?",
            found="no --framework",
            hint="--framework ne-primary-2019, or a .toml file of your own",
        )


def _show_progress(done: float) -> None:
    """Draw a bar on a terminal; nothing where nobody watches."""
    if sys.stderr.isatty():
        bar = "█" * round(done * _BAR_WIDTH)
        end = "\n" if done >= 1 else ""
        print(f"\r{bar:░<{_BAR_WIDTH}} {done:4.0%}", end=end, file=sys.stderr, flush=True)


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
