"""A stand-in for the widget that draws a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anywidget
import traitlets

if TYPE_CHECKING:
    from careerbench.disclosure import Release

_ESM = "export default { render({ model, el }) { el.textContent = model.get('title'); } };"


class ReleaseView(anywidget.AnyWidget):
    """Shows the title of a release."""

    _esm = _ESM
    title = traitlets.Unicode().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)

    def __init__(self, release: Release) -> None:
        super().__init__(title=release.title)
