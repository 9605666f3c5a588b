"""The open workbench with which researchers evaluate careers education in schools."""

from importlib import import_module

__version__ = "0.1.0"
_ROOMS = (
    "analysis", "dashboards", "disclosure", "frameworks", "loaders", "panel", "plots", "report",
    "scoring", "study",
)  # fmt: skip
__all__ = [*_ROOMS, "__version__"]


def __getattr__(name: str) -> object:
    """Hand a room on when it is first asked for, so that importing careerbench is cheap."""
    if name in _ROOMS:
        return import_module(f"careerbench.{name}")
    raise AttributeError(f"module 'careerbench' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
