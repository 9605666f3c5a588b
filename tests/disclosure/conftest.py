"""An attacker who shares no code with the library: everything published, and linear programmes."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

collect_ignore_glob = ["attacking*.py"]  # loaded by the tests, in their order; no tests themselves
ALL = "All"


class Attacker:
    """Knows a released frame, which combinations are possible, and that counts are not negative.

    ``inner`` is the true table of finest cells; its counts are only used to say what a small count
    is, and as the proof that the published figures belong together.
    """

    def __init__(self, released, inner, paths, *, count="n", at_least=0, answer=None, z=True):
        self.paths = [path if isinstance(path, tuple) else (path,) for path in paths]
        self.names = [name for path in self.paths for name in path]
        self.inner = inner.reset_index(drop=True)
        self.truth = self.inner[count].to_numpy(float)
        shown, hidden = (
            released[released[count].notna()],
            released[released[f"{count}_reason"] == "c"],
        )
        self.rows = self.sums_of(shown[self.names])
        self.values = shown[count].to_numpy(float)
        self.hidden_rows = self.sums_of(hidden[self.names]) if at_least else self.rows[:0]
        if z:
            self.hidden_rows = np.vstack([self.hidden_rows, self.sums_of(self.told(answer))])
        self.shown = shown

    def told(self, answer):
        """Groups that are not marked as empty; without answers, categories: each has somebody."""
        groups = [[name for path in self.paths for name in path if path != (answer,)]]
        if answer is None:
            groups = [list(path) for path in self.paths]
        parts = [self.inner[names].drop_duplicates() for names in groups]
        return pd.concat(parts).reindex(columns=self.names).astype("object").fillna(ALL)

    def sums_of(self, cells):
        """One row per cell, 1 where a finest cell is part of it."""
        inner = {name: self.inner[name].to_numpy() for name in self.names}
        rows = np.ones((len(cells), len(self.inner)))
        for number, cell in enumerate(cells.itertuples(index=False, name=None)):
            for name, value in zip(self.names, cell, strict=True):
                if value != ALL:
                    rows[number] *= inner[name] == value
        return rows

    def every_cell(self):
        """Every combination of nodes, listed or not, that somebody can be in."""
        nodes = []
        for path in self.paths:
            leaves = self.inner[list(path)].drop_duplicates().itertuples(index=False, name=None)
            found = {leaf[:depth] + (ALL,) * (len(path) - depth) for leaf in leaves for depth in range(len(path) + 1)}  # fmt: skip
            nodes.append(sorted(found))
        cells = pd.DataFrame([sum(parts, ()) for parts in product(*nodes)], columns=self.names)
        return cells, self.sums_of(cells)

    def interval(self, row):
        """Lowest and highest value that fits everything shown."""
        limits = {
            "A_eq": csr_array(self.rows) if len(self.rows) else None,
            "b_eq": self.values if len(self.rows) else None,
            "A_ub": csr_array(-self.hidden_rows) if len(self.hidden_rows) else None,
            "b_ub": -np.ones(len(self.hidden_rows)) if len(self.hidden_rows) else None,
            "bounds": (0, None),
            "method": "highs",
        }
        low, high = linprog(row, **limits), linprog(-row, **limits)
        assert low.status == 0
        return low.fun, (-high.fun if high.status == 0 else np.inf)

    def narrow(self, sensitive, width):
        """Cells with a sensitive true count whose interval is narrower than the width."""
        cells, rows = self.every_cell()
        found = []
        for cell, row in zip(cells.itertuples(index=False, name=None), rows, strict=True):
            true = float(row @ self.truth)
            if row.any() and sensitive(dict(zip(self.names, cell, strict=True)), true):
                low, high = self.interval(row)
                assert low - 1e-6 <= true <= high + 1e-6
                if high - low < width - 1e-6:
                    found.append((cell, true, low, high))
        return found

    def differences(self, threshold):
        """Small counts that come out when one shown cell is taken from another that contains it."""
        found = []
        for one, two in combinations(range(len(self.rows)), 2):
            small, large = sorted((one, two), key=lambda number: self.rows[number].sum())
            part = self.rows[large] - self.rows[small]
            left = self.values[large] - self.values[small]
            if part.min() >= 0 and part.any() and 0 < left < threshold:
                found.append((tuple(self.shown.iloc[large]), tuple(self.shown.iloc[small]), left))
        return found


@pytest.fixture
def attacker():
    return Attacker
