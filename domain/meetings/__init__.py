"""Votes counted at a meeting, and the announcement of its results."""
