"""Use cases as functions: record, ask, prepare a return. They meet the outside world through `ports`."""
