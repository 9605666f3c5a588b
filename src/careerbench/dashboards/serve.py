"""Serve the researcher's explorer to a browser on this machine."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from careerbench.dashboards.listening import listen
from careerbench.errors import ReadError


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
    listener = listen(port)
    try:
        from careerbench.dashboards.serving.limits import Limits
        from careerbench.dashboards.serving.messages import Rules
        from careerbench.dashboards.serving.voila import Setup, run

        setup = Setup(
            notebook.resolve(),
            listener,
            environment={**os.environ, **(environment or {})},
            announce=announce,
            open_browser=open_browser,
            rules=Rules(traits=frozenset({"index", "value"})),
            limits=Limits(ready_kernels=0),  # a study is large: one kernel for one page
        )
        return run(setup)
    except KeyboardInterrupt:
        return 0
    finally:
        listener.close()
