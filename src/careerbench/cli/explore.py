"""``careerbench demo`` and ``explore``: a study under a mouse, for researchers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.cli.terminal import FOLDER_HELP, port

if TYPE_CHECKING:
    import argparse


def add_explorer_commands(commands: Any) -> None:
    """Add what opens a study in the browser."""
    demo = commands.add_parser("demo", help="score the sample study and open it in the browser")
    _add_server_options(demo)
    demo.set_defaults(run=_demo)
    explore = commands.add_parser("explore", help="open a study of yours in the browser")
    explore.add_argument("folder", type=Path, help=FOLDER_HELP)
    _add_server_options(explore)
    explore.set_defaults(run=_explore)


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=8866, help="default 8866; 0 takes a free one")
    parser.add_argument("--no-browser", action="store_true", help="print the address only")


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
