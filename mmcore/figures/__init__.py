"""Figures of a Result, one kind a file: each has ``draw`` (a plotly figure) and ``alt`` (the same in words)."""
