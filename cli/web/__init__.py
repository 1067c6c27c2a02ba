"""The page and the API: a face beside the command line, over the same use cases. Needs the extra `web`."""
