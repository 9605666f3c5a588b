"""Tables that others published: performance, open data, deprivation, occupations, Benchmarks."""
