"""Readers of what people bring."""
