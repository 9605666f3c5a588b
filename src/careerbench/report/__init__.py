"""Released results become files: packs, open data, methods, how each figure was made."""

from careerbench.report.content import programme_pack, school_pack
from careerbench.report.how_made import how_made
from careerbench.report.methods import methods
from careerbench.report.model import Pack
from careerbench.report.open_data import OpenData, ScreeningError, write_open_data
from careerbench.report.packs import Packs, write_packs

__all__ = [
    "OpenData",
    "Pack",
    "Packs",
    "ScreeningError",
    "how_made",
    "methods",
    "programme_pack",
    "school_pack",
    "write_open_data",
    "write_packs",
]
