"""Share schemes and their limits."""
