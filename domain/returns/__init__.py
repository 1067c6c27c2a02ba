"""The returns that the exchange requires, as typed documents, and how they are prepared from entries."""
