"""Words for a methods section, and how one figure came about."""
