"""Serve one dashboard notebook to a browser on this machine."""

import errno
import logging
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from careerbench.errors import BadArgumentError, ReadError

HOST = "127.0.0.1"
_PORTS_TRIED = 50
_TAKEN = (errno.EADDRINUSE, errno.EACCES)

_log = logging.getLogger(__name__)


def serve_notebook(
    notebook: Path,
    *,
    port: int = 8866,
    open_browser: bool = True,
    environment: Mapping[str, str] | None = None,
    announce: Callable[[str], None],
) -> int:
    """Serve one notebook as a page of this machine, until Ctrl-C or SIGTERM.

    Parameters
    ----------
    notebook : Path
        The notebook to run for each visitor. Its code is never sent to the browser.
    port : int, default 8866
        The port to listen on; 0 takes any. If it is busy, the next free one is taken and a
        warning names it.
    open_browser : bool, default True
        Whether to open the page in the user's browser.
    environment : mapping of str to str, optional
        Variables set for the kernels, on top of this process's own.
    announce : callable
        Called once with the page's address, when the server answers.

    Returns
    -------
    int
        The exit code, 0 after an orderly stop.

    Raises
    ------
    ReadError
        If there is no such notebook.
    BadArgumentError
        If the port is not a number from 0 to 65535, or no port near it is free.

    Notes
    -----
    Only 127.0.0.1 is listened on. Every visit starts a Python process of its own, with the
    interpreter that runs this one; it ends when the page is closed. No file beside the notebook
    is served. Call it from the main thread, which it holds until the server stops.
    """
    if not notebook.is_file():
        raise ReadError(
            f"dashboard: there is no notebook '{notebook.name}'.",
            found=f"no file at {notebook}",
            hint="the path of an .ipynb file",
        )
    listener = _listen(port)
    try:
        from careerbench.dashboards.server import run

        return run(
            notebook.resolve(),
            listener,
            environment=dict(environment or {}),
            announce=announce,
            open_browser=open_browser,
        )
    except KeyboardInterrupt:
        return 0
    finally:
        listener.close()


def _listen(port: int) -> socket.socket:
    """Listen on the port, or on the next that is free, and say so."""
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise BadArgumentError(
            "dashboard: port must be a whole number from 0 to 65535.",
            found=repr(port),
            hint="port=8866",
        )
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)):
        listener = _bound(candidate)
        if listener:
            if candidate != port:
                _log.warning("Port %d is busy: the dashboard is on port %d.", port, candidate)
            return listener
    raise BadArgumentError(
        f"dashboard: no port is free from {port} on.",
        found=f"{_PORTS_TRIED} busy ports",
        hint="port=0, which takes any free port",
    )


def _bound(port: int) -> socket.socket | None:
    """Open a listening socket, or None where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # where it would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in _TAKEN:
            return None
        raise
    listener.setblocking(False)
    return listener
