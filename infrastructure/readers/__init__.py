"""Readers of what people write: command-line options, JSON Lines and YAML, turned into drafts or into problems."""
