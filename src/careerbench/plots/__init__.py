"""Results shown: each picture draws one result, estimates nothing and has its words."""

from careerbench.plots.alt_text import (
    describe_change,
    describe_heatmap,
    describe_scale_means,
    describe_shares,
)
from careerbench.plots.behind import table_behind
from careerbench.plots.comparison import plot_change
from careerbench.plots.heatmap import plot_heatmap
from careerbench.plots.profile import plot_shares
from careerbench.plots.trend import plot_scale_means

__all__ = [
    "describe_change",
    "describe_heatmap",
    "describe_scale_means",
    "describe_shares",
    "plot_change",
    "plot_heatmap",
    "plot_scale_means",
    "plot_shares",
    "table_behind",
]
