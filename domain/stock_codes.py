"""Stock codes of the Exchange: five digits, often written with fewer."""

from __future__ import annotations

import re

_STOCK_CODE = re.compile(r"[0-9]{5}")
_NEAR_STOCK_CODE = re.compile(r"0*([1-9][0-9]{0,4})(?:[. ]HK)?", re.IGNORECASE)


def is_stock_code(text: str) -> bool:
    """Whether a text is a stock code of the Exchange: five digits."""
    return _STOCK_CODE.fullmatch(text) is not None


def near_stock_code(text: str) -> str | None:
    """The stock code probably meant where zeros are missing or too many, or another notation was used: 01234 for 1234.HK."""
    found = _NEAR_STOCK_CODE.fullmatch(text.strip())
    return found[1].zfill(5) if found else None
