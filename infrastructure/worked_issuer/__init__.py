"""The worked issuer: the history that `captable demo` records."""
