"""An issuer's form preferences, as its settings give them (docs/events.md, ReturnSettingsChanged)."""

from __future__ import annotations

import attrs


@attrs.frozen
class ReturnSettings:
    """An issuer's form preferences. `denominator` and `pending_counted` None follow the form's own note.

    `struck_out` are the numbers of the confirmations that do not apply, printed as `inapplicable_confirmations` says.
    `chinese_name` and `join_days` None follow the edition of the forms.
    """

    percent_decimals: int = 2
    mandate_decimals: int = 2
    price_decimals: int = 4
    denominator: str | None = None
    pending_counted: bool | None = None
    struck_out: tuple[int, ...] = ()
    not_applicable: str = "Not applicable"
    public_float: str | None = None
    depositary_receipts: str | None = None
    chinese_name: bool | None = None
    join_days: bool | None = None
    every_class: bool = False
    part_b_row: str = "see part b"
    part_e_text: bool = True
    pending_percent: bool = True
    print_zeros: bool = False
    inapplicable_confirmations: str = "struck out"
