"""The release in a notebook: what ``careerbench dashboard`` serves below ``live/``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench import html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.disclosure import Release

RELEASE_VARIABLE = "CAREERBENCH_RELEASE"
"""Names the release file, to the kernels of ``careerbench dashboard`` and to a notebook."""
VIEW_VARIABLE = "CAREERBENCH_VIEW"
"""Names what the server has made ready of the release, to its kernels only."""
PICKED = "address"
"""The one trait that a page may set: which view it shows."""
_ELSEWHERE = (
    "This notebook shows nothing here: under Jupyter Server whoever may see a dashboard may also "
    "run code. Show the release with `careerbench dashboard NAME.release`."
)
_NONE = (
    f"No release is named. Set {RELEASE_VARIABLE} to a release file before this notebook starts, "
    "or run `careerbench dashboard NAME.release`."
)


@dataclass(frozen=True)
class Prepared:
    """The state of a view that was made ready elsewhere: a kernel that shows it needs no pandas."""

    state: Mapping[str, Any] = field(repr=False)


def prepare(release: Release) -> bytes:
    """Return the state of a release's view as JSON, for ``served_release`` of a light kernel."""
    from careerbench.dashboards.page.widget import ReleaseView

    view = ReleaseView(release)
    state = view.get_state()
    view.close()
    shown = {name: value for name, value in state.items() if name in {"_esm", "_css"}}
    own = ReleaseView.class_own_traits(sync=True)
    shown |= {name: state[name] for name in own if name in state and not name.startswith("_")}
    return json.dumps(shown, ensure_ascii=False).encode("utf-8")


def served_release(environment: Mapping[str, str] = os.environ) -> Release | Prepared | None:
    """Open the release that the environment names.

    Parameters
    ----------
    environment : mapping of str to str
        Where ``CAREERBENCH_RELEASE`` is looked up; default: this process's.

    Returns
    -------
    Release, Prepared or None
        In a kernel of ``careerbench dashboard``, what its server has prepared of the release. None
        where no release is named, or where Voilà runs inside a Jupyter Server: there a
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
    if VIEW_VARIABLE in environment:
        return Prepared(json.loads(Path(environment[VIEW_VARIABLE]).read_text(encoding="utf-8")))
    from careerbench.disclosure import open_release

    return open_release(Path(environment[RELEASE_VARIABLE]))


def why_not(environment: Mapping[str, str] = os.environ) -> str:
    """Say why no release can be shown here; "" where one can.

    Voilà tells its kernels what page they were started for; the kernels of ``careerbench
    dashboard`` are told nothing but the release.
    """
    if environment.get("SERVER_SOFTWARE", "").startswith("voila/"):
        return _ELSEWHERE
    named = environment.get(RELEASE_VARIABLE) or environment.get(VIEW_VARIABLE)
    return "" if named else _NONE


def show(release: Release | Prepared | None) -> None:
    """Show the release under a mouse, or say why there is none."""
    from IPython.display import HTML, display

    if release is None:
        said = html.text(why_not() or _NONE)
        display(HTML(html.element("p", said, role="alert")))
        return
    if isinstance(release, Prepared):
        display(_view(release))
        return
    from careerbench.dashboards.page.widget import ReleaseView

    display(ReleaseView(release))


def _view(prepared: Prepared) -> object:
    """Make a widget of the prepared state; of it, a page can set the address and nothing else."""
    import anywidget
    import traitlets

    class View(anywidget.AnyWidget):
        """What ``ReleaseView`` shows, from its state."""

        _esm = prepared.state["_esm"]
        _css = prepared.state.get("_css", "")
        address = traitlets.Unicode("").tag(sync=True)

    view = View()
    others = {name: value for name, value in prepared.state.items()
              if not name.startswith("_") and name != PICKED}  # fmt: skip
    view.add_traits(**{name: _fixed(value) for name, value in others.items()})
    view.send_state()
    return view


def _fixed(value: Any) -> Any:
    """Return a trait that keeps its value, whatever a browser sends for it."""
    import traitlets

    trait = traitlets.Any(value, read_only=True)
    return trait.tag(sync=True, from_json=lambda _sent, _widget: value)
