"""May we? What is asked before an act, and the rules it is held against."""
