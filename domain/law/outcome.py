"""What a check answers: it allows, it forbids, or what is not known leaves it open."""

OK, NO, NOT_CHECKED = "ok", "no", "not checked"
SIGNS = {OK: "ok", NO: "NO", NOT_CHECKED: "?"}
"""The answers as people read them."""

Outcome = tuple[str, str]
"""An answer, and its working: in exact figures, or what is not known."""


def within(code: str, limit: int, left: int, shares: int, of: str = "") -> Outcome:
    """Whether what is left of the limit of a mandate or scheme covers shares; `left` is negative if it is exceeded already.

    `of` says whose limit it is, if it is not everybody's.
    """
    if left < 0:
        return NO, f"{code}: the limit of {limit:,}{of} is exceeded by {-left:,}, and would be by {shares - left:,}"
    words = f"{code}: {left:,} left of {limit:,}{of}"
    return (OK, f"{words}; {left - shares:,} after it") if shares <= left else (NO, f"{words}, {shares - left:,} too few")
