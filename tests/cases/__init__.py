"""Small books of invented issuers, each showing one thing that a book once got wrong."""
