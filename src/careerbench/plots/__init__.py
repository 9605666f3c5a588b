"""Results shown: each picture draws one result, estimates nothing and has its words."""

from careerbench.plots.alt_text import (
    describe_change,
    describe_heatmap,
    describe_scale_means,
    describe_shares,
)
from careerbench.plots.alt_text_more import (
    describe_answers,
    describe_combinations,
    describe_forest,
    describe_movement,
)
from careerbench.plots.alt_text_schools import (
    describe_caterpillar,
    describe_distribution,
    describe_funnel,
)
from careerbench.plots.answers import plot_answers
from careerbench.plots.behind import table_behind
from careerbench.plots.caterpillar import plot_caterpillar
from careerbench.plots.combinations import plot_combinations
from careerbench.plots.comparison import plot_change
from careerbench.plots.distribution import plot_distribution
from careerbench.plots.forest import plot_forest
from careerbench.plots.funnel import plot_funnel
from careerbench.plots.heatmap import plot_heatmap
from careerbench.plots.multiples import plot_multiples
from careerbench.plots.profile import plot_shares
from careerbench.plots.slope import plot_slope
from careerbench.plots.transition import plot_movement
from careerbench.plots.trend import plot_scale_means

__all__ = [
    "describe_answers",
    "describe_caterpillar",
    "describe_change",
    "describe_combinations",
    "describe_distribution",
    "describe_forest",
    "describe_funnel",
    "describe_heatmap",
    "describe_movement",
    "describe_scale_means",
    "describe_shares",
    "plot_answers",
    "plot_caterpillar",
    "plot_change",
    "plot_combinations",
    "plot_distribution",
    "plot_forest",
    "plot_funnel",
    "plot_heatmap",
    "plot_movement",
    "plot_multiples",
    "plot_scale_means",
    "plot_shares",
    "plot_slope",
    "table_behind",
]
