"""Serve a release to stakeholders: a page for everybody, and a live view below ``live/``."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.dashboards.listening import HOST, is_this_machine, listen
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from careerbench.dashboards.serving.door import Door
    from careerbench.dashboards.serving.limits import Limits
    from careerbench.disclosure import Release

SHORTEST_PASSWORD = 10
_BASE_URL = re.compile(r"/([A-Za-z0-9_][A-Za-z0-9._-]*/)*")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
_NOT_IDENTITY = {"host", "cookie", "origin", "user-agent", "accept", "connection", "upgrade"}


@dataclass(frozen=True)
class Site:
    """Where a dashboard is found, and who may come in.

    Attributes
    ----------
    address : str
        The address to listen on. Any but this machine's own asks for ``password``.
    port : int
        0 takes any free port; a busy one makes way for the next.
    base_url : str
        The path of the front page: it begins and ends with a slash.
    password : str
        What visitors must know; "" lets in whoever reaches the server.
    proxy_user_header : str
        The header in which a proxy on this machine names whom it has signed in; "" for none.
    names : frozenset of str
        Host names by which browsers reach the server, such as ``careers.example.org``.

    Raises
    ------
    BadArgumentError
        If the address is open to others and nobody is asked who they are, or a value makes no
        sense.
    """

    address: str = HOST
    port: int = 8866
    base_url: str = "/"
    password: str = field(default="", repr=False)
    proxy_user_header: str = ""
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not _BASE_URL.fullmatch(self.base_url):
            raise BadArgumentError(
                "dashboard: base_url is a path between slashes.",
                found=repr(self.base_url),
                hint="/careers/dashboard/",
            )
        if self.password and len(self.password) < SHORTEST_PASSWORD:
            raise BadArgumentError(
                f"dashboard: the password is shorter than {SHORTEST_PASSWORD} characters.",
                found=f"{len(self.password)} characters",
                hint="three or four words that do not belong together",
            )
        header = self.proxy_user_header
        if header and (not _HEADER.fullmatch(header) or header.lower() in _NOT_IDENTITY):
            raise BadArgumentError(
                "dashboard: this header does not say who a proxy has signed in.",
                found=repr(header),
                hint="X-Forwarded-Email, or what your proxy sets",
            )
        self._require_door()

    def _require_door(self) -> None:
        """Refuse an address that is open to others, and a proxy elsewhere."""
        if is_this_machine(self.address):
            return
        if self.proxy_user_header:
            raise BadArgumentError(
                "dashboard: with a proxy in front, only this machine may reach the server: "
                "anybody else could write that header.",
                found=f"address {self.address}",
                hint=f"--address {HOST}, and the proxy on this machine",
            )
        if not self.password:
            raise BadArgumentError(
                "dashboard: others can reach this address, and nobody asks who they are.",
                found=f"address {self.address} without a password",
                hint="--password; or a signing-in proxy on this machine and --proxy-user-header",
            )


def serve_release(
    path: Path,
    *,
    site: Site | None = None,
    limits: Limits | None = None,
    open_browser: bool = True,
    announce: Callable[[str], None],
) -> int:
    """Serve a release file to people who may see the release and nothing else.

    Parameters
    ----------
    path : Path
        What ``careerbench release`` wrote. It is read once: a file that takes its place later
        is not shown, and a warning says so.
    site : Site, optional
        Where the dashboard is found, and who may come in. Default: this machine, port 8866.
    limits : Limits, optional
        How many kernels the live view may have, and how long they live.
    open_browser : bool, default True
        Whether to open the page in the user's browser.
    announce : callable
        Called once with the page's address, when the server answers.

    Returns
    -------
    int
        The exit code, 0 after an orderly stop.

    Raises
    ------
    DisclosureError
        If the file is no release, is cut off or was changed.
    BadArgumentError
        If the place makes no sense or is taken.

    Notes
    -----
    The front page needs no kernel: the browser draws every slice from the release's own cells.
    The live view's kernels see what is shown of it in a folder of their own. Once the server
    runs, Linux (5.13 and newer) lets neither it nor its kernels open any other file than
    Python's own. Call it from the main thread, which it holds until the server stops.
    """
    from careerbench.dashboards.live import prepare
    from careerbench.dashboards.places import resolve_shared
    from careerbench.dashboards.serving.limits import Limits
    from careerbench.dashboards.serving.workplace import workplace
    from careerbench.disclosure import open_release

    release = open_release(path)
    site, limits = site or Site(), limits or Limits()
    notebook = resolve_shared("notebooks/dashboards/release.ipynb")
    listener = listen(site.port, site.address)
    try:
        with workplace(notebook, prepare(release)) as place:
            from careerbench.dashboards.serving.voila import run

            asked = {"open_browser": open_browser, "announce": announce, "limits": limits}
            return run(_setup(release, place, site, listener, watched=Path(path), **asked))
    except KeyboardInterrupt:
        return 0
    finally:
        listener.close()


def _setup(
    release: Release, place: Any, site: Site, listener: Any, *, watched: Path, **asked: Any
) -> Any:
    """Put together what is served, to whom, and how."""
    from careerbench.dashboards.live import PICKED, VIEW_VARIABLE
    from careerbench.dashboards.serving.confine import confine, folders_of_python
    from careerbench.dashboards.serving.front import front, watch
    from careerbench.dashboards.serving.kernels import clean_environment
    from careerbench.dashboards.serving.messages import Rules
    from careerbench.dashboards.serving.voila import Setup

    door = _door(site, listener.getsockname()[1])
    told = {VIEW_VARIABLE: str(place.view)}

    def before() -> None:
        tempfile.tempdir = str(place.home)  # the one place that may be written to
        watch(watched)
        confine(folders_of_python(), writable=[place.root], offline=setup.by_file)

    setup = Setup(
        place.notebook,
        listener,
        environment=clean_environment(place.home, told),
        base_url=site.base_url,
        front=front(release, door, site.base_url, live=asked["limits"].most_kernels > 0),
        door=door,
        names=site.names,
        proxied=bool(site.proxy_user_header),
        rules=Rules(traits=frozenset({PICKED})),
        before=before,
        folder=place.root,
        **asked,
    )
    return setup


def _door(site: Site, port: int) -> Door:
    from careerbench.dashboards.serving.door import OpenDoor, PasswordDoor, ProxyDoor

    if site.proxy_user_header:
        return ProxyDoor(site.proxy_user_header)
    if site.password:
        return PasswordDoor(site.password, cookie=f"careerbench_{port}")
    return OpenDoor()
