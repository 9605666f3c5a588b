"""Released results become files: packs, open data, methods, how each figure was made."""

from careerbench.report.open_data.writing import OpenData, ScreeningError, write_open_data
from careerbench.report.packs.content import programme_pack, school_pack
from careerbench.report.packs.model import Pack
from careerbench.report.packs.writing import Packs, write_packs
from careerbench.report.paragraphs.how_made import how_made
from careerbench.report.paragraphs.methods import methods

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
