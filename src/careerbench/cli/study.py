"""``careerbench check`` and ``score``: what is wrong with a study, and its Benchmark scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.cli.terminal import FOLDER_HELP, require_free, require_writable, show_progress
from careerbench.errors import BadArgumentError, counted
from careerbench.result import show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_SHOWN_PROBLEMS = 40
_SHOWN_ROWS = 3


def add_study_commands(commands: Any) -> None:
    """Add what works on a study folder."""
    check = commands.add_parser("check", help="list what is wrong with a study; exit 1 on errors")
    check.add_argument("folder", type=Path, help=FOLDER_HELP)
    check.add_argument("--all", action="store_true", help="list every problem, however many")
    check.add_argument("-o", "--output", type=Path, help="also write the list as CSV")
    check.add_argument("--force", action="store_true", help="overwrite the file if it is there")
    check.set_defaults(run=_check)
    score = commands.add_parser("score", help="write the Benchmark scores of a study as CSV")
    score.add_argument(
        "folder", type=Path, help=f"{FOLDER_HELP}; or Parquet, a file or a folder of any size"
    )
    score.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        help=".csv or .parquet; of Parquet: Parquet",
    )
    score.add_argument("--framework", help="for Parquet: the framework's name, or its TOML file")
    score.add_argument("--force", action="store_true", help="overwrite the file if it is there")
    score.add_argument("--year-group", help="score as it stands for one year group: R, 1 to 13")
    score.add_argument(
        "--missing",
        choices=("as_not_met", "exclude", "not_scored"),
        help="what a missing answer does (default: as the framework declares)",
    )
    score.set_defaults(run=_score)


def _check(asked: argparse.Namespace) -> int:
    from careerbench.study import open_study

    if asked.output:
        _require_output(asked, (".csv",))
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


def _score(asked: argparse.Namespace) -> int:
    from careerbench.study import open_study

    if asked.framework:
        return _score_parquet(asked)
    _refuse_parquet(asked.folder)
    _require_output(asked, (".csv", ".parquet"))
    study = open_study(asked.folder)
    scores = study.scores(year_group=asked.year_group, missing=asked.missing)
    if asked.output.suffix.lower() == ".parquet":
        scores.to_parquet(asked.output, index=False)
    else:
        scores.to_csv(asked.output, index=False, lineterminator="\n")
    print(f"{counted(len(scores), 'score')} written to {asked.output}")
    return 0


def _require_output(asked: argparse.Namespace, kinds: tuple[str, ...]) -> None:
    """Refuse an output of another kind, one that is there, and always one of the study's files."""
    output = asked.output
    if output.is_dir() or not output.parent.is_dir():
        require_writable(output)
    if output.suffix.lower() not in kinds:
        raise BadArgumentError(
            f"'{output.name}' is no file that {asked.command} writes.",
            found=f"'{output.suffix}'" if output.suffix else "no ending",
            hint=" or ".join(output.with_suffix(kind).name for kind in kinds),
        )
    named = asked.folder / "study.toml"
    inside = output.resolve().parent == asked.folder.resolve() and named.is_file()
    if inside and output.name in named.read_text(encoding="utf-8", errors="replace"):
        raise BadArgumentError(
            f"'{output.name}' is one of the study's own files.",
            found="its name in study.toml",
            hint="another name after -o",
        )
    require_free(output, force=asked.force)
    require_writable(output)


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
        on_progress=show_progress,
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
