"""The law as data: dated numbers, rules as rows, business days."""
