"""Where the notebooks and sample data that come with careerbench lie."""

from pathlib import Path

from careerbench.errors import ReadError

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def explorer_notebook() -> Path:
    """Return the notebook of the explorer dashboard."""
    return resolve_shared("notebooks/dashboards/explore.ipynb")


def sample_folder() -> Path:
    """Return the folder of the sample study; every school in it is made up."""
    return resolve_shared("data_samples")


def resolve_shared(name: str) -> Path:
    """Find a file or folder that comes with careerbench.

    Parameters
    ----------
    name : str
        Its path from the root of the project, with forward slashes.

    Returns
    -------
    Path
        In a checkout, the file itself; in an installed package, the copy inside it.

    Raises
    ------
    ReadError
        If neither holds it.
    """
    found = [root / name for root in _roots() if (root / name).exists()]
    if not found:
        raise ReadError(
            f"'{name}' does not come with this copy of careerbench.",
            found=f"nothing of that name in {len(_roots())} places",
            hint="installing careerbench again",
        )
    return found[0]


def _roots() -> list[Path]:
    """List the places to look in: the checkout around ``src``, then the installed copy."""
    in_checkout = _PACKAGE.parent.name == "src" and (_CHECKOUT / "pyproject.toml").is_file()
    return [*([_CHECKOUT] if in_checkout else []), _PACKAGE / "_bundled"]
