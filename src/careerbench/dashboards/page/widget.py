"""``ReleaseView``: the stakeholders' page in a notebook or Voilà, by the same modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from careerbench.dashboards.page.payload import payload_of
from careerbench.dashboards.page.script import joined, style

if TYPE_CHECKING:
    from careerbench.disclosure import Release

_LONGEST = 4_000


def _kept(_value: object, widget: ReleaseView) -> dict[str, Any]:
    """Whatever a browser sends for the cells, they stay as they are."""
    return widget.payload


class ReleaseView(anywidget.AnyWidget):
    """Every slice of a release under a mouse; drawn in the browser, the kernel is not asked.

    Parameters
    ----------
    release : Release
        What ``disclosure.build_release`` made or ``disclosure.open_release`` opened.
    address : str, optional
        The view to open, such as ``"view=change&place=la_name%3AGateshead"``; it follows what the
        user picks.

    Raises
    ------
    DisclosureError
        If it is no Release.
    """

    _esm = joined("widget")
    _css = style()
    payload = traitlets.Dict(read_only=True).tag(sync=True, from_json=_kept)
    address = traitlets.Unicode("").tag(sync=True)

    def __init__(self, release: Release, *, address: str = "") -> None:
        payload = payload_of(release, step="ReleaseView")
        super().__init__(address=address)
        self.set_trait("payload", payload)

    @traitlets.validate("address")
    def _short(self, proposal: traitlets.Bunch) -> str:
        """Take no address that is longer than any view's; the browser sends this one."""
        said = str(proposal["value"])
        return said if len(said) <= _LONGEST else ""
