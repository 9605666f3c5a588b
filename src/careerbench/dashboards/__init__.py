"""All of it under a mouse: the only room that knows ipywidgets and Voilà."""

from importlib import import_module

_HOMES = {
    "Explorer": "explore",
    "ExplorerState": "state",
    "serve_notebook": "serve",
    "study_folder": "explore",
}
__all__ = ["Explorer", "ExplorerState", "serve_notebook", "study_folder"]


def __getattr__(name: str) -> object:
    """Import a part when it is first asked for: serving a page needs no widget here."""
    if name in _HOMES:
        return getattr(import_module(f"careerbench.dashboards.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'careerbench.dashboards' has no attribute {name!r}")
