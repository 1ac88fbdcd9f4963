"""Panels of the retail page, one concept a file."""
