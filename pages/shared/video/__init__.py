"""Panels of the video page."""
