"""What a check answers: it allows, it forbids, or what is not known leaves it open."""

OK, NO, NOT_CHECKED = "ok", "no", "not checked"
SIGNS = {OK: "ok", NO: "NO", NOT_CHECKED: "?"}
"""The answers as people read them."""

Outcome = tuple[str, str]
"""An answer, and its working: in exact figures, or what is not known."""
