"""What the shares of an issuer are and how they moved: accounts, entries, postings, balances."""
