"""What is to be disclosed, by when, and what was."""
