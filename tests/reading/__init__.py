"""How well the reader reads: the published rule lists, automatic checks, an independent oracle, and the report."""
