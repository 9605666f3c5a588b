"""The release in a notebook: what ``careerbench dashboard`` serves below ``live/``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench import html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.disclosure import Release

RELEASE_VARIABLE = "CAREERBENCH_RELEASE"
"""Names the release file, to the kernels of ``careerbench dashboard`` and to a notebook."""
_ELSEWHERE = (
    "This notebook shows nothing here: under Jupyter Server whoever may see a dashboard may also "
    "run code. Show the release with `careerbench dashboard NAME.release`."
)
_NONE = (
    f"No release is named. Set {RELEASE_VARIABLE} to a release file before this notebook starts, "
    "or run `careerbench dashboard NAME.release`."
)


def served_release(environment: Mapping[str, str] = os.environ) -> Release | None:
    """Open the release that the environment names.

    Parameters
    ----------
    environment : mapping of str to str
        Where ``CAREERBENCH_RELEASE`` is looked up; default: this process's.

    Returns
    -------
    Release or None
        None where no release is named, or where Voilà runs inside a Jupyter Server: there a
        viewer can run code of their own, so nothing is opened.

    Raises
    ------
    DisclosureError
        If the file is no release or was changed.

    Examples
    --------
    >>> served_release({}) is None
    True
    """
    if why_not(environment):
        return None
    from careerbench.disclosure import open_release

    return open_release(Path(environment[RELEASE_VARIABLE]))


def why_not(environment: Mapping[str, str] = os.environ) -> str:
    """Say why no release can be shown here; "" where one can.

    Voilà tells its kernels what page they were started for; the kernels of ``careerbench
    dashboard`` are told nothing but the release.
    """
    if environment.get("SERVER_SOFTWARE", "").startswith("voila/"):
        return _ELSEWHERE
    return "" if environment.get(RELEASE_VARIABLE) else _NONE


def show(release: Release | None) -> None:
    """Show the release under a mouse, or say why there is none."""
    from IPython.display import HTML, display

    if release is None:
        said = html.text(why_not() or _NONE)
        display(HTML(html.element("p", said, role="alert")))
        return
    from careerbench.dashboards.page.widget import ReleaseView

    display(ReleaseView(release))
