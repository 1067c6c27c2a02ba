"""The public float: what is held, what is required, what is confirmed."""
