"""Weighted voting rights (chapter 8A)."""
