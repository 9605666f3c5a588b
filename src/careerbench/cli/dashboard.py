"""``careerbench dashboard``: a release under a mouse, for people who may see it and no more."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.cli.terminal import port, require_free
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

_PASSWORD_VARIABLE = "CAREERBENCH_PASSWORD"  # noqa: S105
_ASK = object()
_FIRST = "careerbench release FOLDER -o pilot.release"


def add_dashboard_command(commands: Any) -> None:
    """Add the command to the parser's."""
    dashboard = commands.add_parser(
        "dashboard", help="show a release in the browser, to people who may see the release only"
    )
    dashboard.add_argument("release", type=Path, help="what `careerbench release` has written")
    dashboard.add_argument("--static", type=Path, metavar="FILE",
                           help="write one HTML file that needs no server, and end")  # fmt: skip
    dashboard.add_argument("--force", action="store_true",
                           help="with --static: overwrite the file if it is there")  # fmt: skip
    _add_place(dashboard)
    _add_people(dashboard)
    dashboard.set_defaults(run=_dashboard)


def _add_place(parser: argparse.ArgumentParser) -> None:
    place = parser.add_argument_group("where it is found")
    place.add_argument("--port", type=port, default=8866, help="default 8866; 0 takes a free one")
    place.add_argument("--address", default="127.0.0.1",
                       help="default 127.0.0.1, which only this machine reaches")  # fmt: skip
    place.add_argument("--base-url", default="/", help="its path behind a proxy: /careers/")
    place.add_argument("--name", action="append", default=[], metavar="HOST",
                       help="a host name by which browsers reach it; may be repeated")  # fmt: skip
    place.add_argument("--no-browser", action="store_true", help="print the address only")
    place.add_argument("--max-kernels", type=_kernels, default=12, metavar="N",
                       help="live views at once, 0 for none (default 12)")  # fmt: skip


def _add_people(parser: argparse.ArgumentParser) -> None:
    people = parser.add_argument_group(
        "who may come in", f"The password may also stand in the variable {_PASSWORD_VARIABLE}."
    )
    people.add_argument("--password", nargs="?", const=_ASK, metavar="WORDS",
                        help="ask for a password, here and now; WORDS given here can be seen by "
                        "everybody on this machine")  # fmt: skip
    people.add_argument("--password-file", type=Path, metavar="FILE",
                        help="a file whose first line is the password")  # fmt: skip
    people.add_argument("--proxy-user-header", default="", metavar="NAME",
                        help="the header in which a signing-in proxy on this machine names "
                        "the visitor; it must remove what clients send")  # fmt: skip


def _kernels(said: str) -> int:
    import argparse

    if said.isdigit() and int(said) <= 1_000:
        return int(said)
    raise argparse.ArgumentTypeError(f"'{said}' is no number of kernels: 0 to 1000")


def _dashboard(asked: argparse.Namespace) -> int:
    _require_release(asked.release)
    if asked.static:
        return _write(asked)
    from careerbench.dashboards.serving.limits import Limits
    from careerbench.dashboards.share import Site, serve_release

    site = Site(
        address=asked.address,
        port=asked.port,
        base_url=asked.base_url,
        password=_password(asked),
        proxy_user_header=asked.proxy_user_header,
        names=frozenset(name.lower() for name in asked.name),
    )
    most = asked.max_kernels

    def announce(address: str) -> None:
        print(f"Open {address} in your browser. Ctrl-C stops.", flush=True)

    return serve_release(
        asked.release,
        site=site,
        limits=Limits(most_kernels=most, ready_kernels=min(1, most)),
        open_browser=not asked.no_browser,
        announce=announce,
    )


def _require_release(path: Path) -> None:
    """Refuse a study, a table or a notebook before anything of it is read."""
    kind = "a folder" if path.is_dir() else f"a file that ends in '{path.suffix}'"
    if path.is_dir() or path.suffix.lower() in {".csv", ".xlsx", ".toml", ".ipynb", ".parquet"}:
        raise BadArgumentError(
            f"dashboard shows releases only, and '{path.name}' is none.", found=kind, hint=_FIRST
        )


def _password(asked: argparse.Namespace) -> str:
    """Return the password from where it stands; best not an argument, which others can list."""
    said = os.environ.pop(_PASSWORD_VARIABLE, "")
    ways = [asked.password is not None, bool(asked.password_file), bool(said)]
    if sum(ways) > 1 or (any(ways) and asked.proxy_user_header):
        raise BadArgumentError(
            "dashboard: visitors come in one way.",
            found="more than one of --password, --password-file, --proxy-user-header and "
            f"{_PASSWORD_VARIABLE}",
            hint="one of them",
        )
    if asked.password_file:
        said = _first_line(asked.password_file)
    elif asked.password is _ASK:
        said = getpass.getpass("Password for visitors: ")
    elif asked.password is not None:
        said = asked.password
        print("The password can be seen in this machine's list of processes: --password without "
              "words asks for it, --password-file reads it.", file=sys.stderr)  # fmt: skip
    if any(ways) and not said:
        raise BadArgumentError("dashboard: the password is empty.", hint="a longer one")
    return said


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise BadArgumentError(
            f"dashboard: the password cannot be read from '{path}'.",
            found=getattr(error, "strerror", None) or "no text",
            hint="a text file whose first line is the password",
        ) from error


def _write(asked: argparse.Namespace) -> int:
    """Write the page as one file."""
    from careerbench.dashboards.page import write_page
    from careerbench.disclosure import open_release

    target = asked.static
    require_free(target, force=asked.force, option="--static")
    release = open_release(asked.release)
    write_page(release, target)
    print(f"{release.title}\nWritten to {target}: {target.stat().st_size:,} bytes in one file.")
    print(f"It shows the release {release.fingerprint[:12]} and opens without a server.")
    sys.stdout.flush()
    return 0
