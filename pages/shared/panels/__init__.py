"""What one case looks like: one panel a file, each with ``show(view)``. None of them computes."""
