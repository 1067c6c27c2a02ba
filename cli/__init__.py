"""The command line: the only place that joins the use cases to the world."""
