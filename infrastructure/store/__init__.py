"""The store: books of entries, written once, and the positions carried forward beside them."""
