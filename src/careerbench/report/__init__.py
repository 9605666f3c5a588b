"""Released results become files for other people: open data, and how each figure was made."""

from careerbench.report.how_made import how_made
from careerbench.report.methods import methods
from careerbench.report.open_data import OpenData, ScreeningError, write_open_data

__all__ = ["OpenData", "ScreeningError", "how_made", "methods", "write_open_data"]
