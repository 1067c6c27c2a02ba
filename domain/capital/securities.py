"""The issuer and its securities at a viewpoint: share classes, schemes, instruments, agreements, mandates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from domain.events.structured import Counter
from domain.values import EXACT, Money, day_text


@attrs.frozen
class ShareClass:
    """A class of shares as the forms head it, at a viewpoint.

    `code` is the name used in this book (`B`); `class_label` and `type_label` are what the forms print
    (`WVR ordinary shares`, `B`); `par_value` is None if shares have no par value, and `capital_per_share` None if the
    capital is in its currency; `authorised` is False for an
    issuer without authorised capital (incorporated in Hong Kong), whose Part I is not applicable. The capital of a `registered`
    class (a company of the PRC) is what is in issue. `votes_exemption` says why a share may have more votes than rule 8A.10
    allows, None if it may not. `abolished_on` is the day on which the class was taken out of the articles.
    """

    code: str
    class_label: str
    type_label: str
    created_on: date
    par_value: Money | None = None
    authorised: bool = True
    registered: bool = False
    abolished_on: date | None = None
    votes_per_share: int = 1
    listed: bool = False
    stock_code: str | None = None
    counters: tuple[Counter, ...] = ()
    description: str | None = None
    votes_exemption: str | None = None
    capital_per_share: Money | None = None

    @property
    def label(self) -> str:
        """The class with its type, as in `WVR ordinary shares B`; the class alone where the forms print that no type applies."""
        return self.class_label if self.type_label == "Not applicable" else f"{self.class_label} {self.type_label}"

    @property
    def listing(self) -> str:
        """Its stock codes, those of counters with their currencies; or `unlisted`."""
        codes = [self.stock_code, *(f"{counter.stock_code} {counter.currency}" for counter in self.counters)]
        return " / ".join(code for code in codes if code) if self.listed else "unlisted"

    def capital(self, shares: int) -> Money | None:
        """The capital of a number of shares, in the currency in which the articles state it; None without a par value."""
        each = self.capital_per_share or self.par_value
        return each and each.times(shares)


@attrs.frozen
class Issuer:
    """The issuer as the forms name it, at a viewpoint. `code` names its book; usually the stock code."""

    code: str
    name: str
    chinese_name: str | None = None
    incorporated_in: str | None = None
    financial_year_end: str | None = None


@attrs.frozen
class Scheme:
    """A share scheme, one row of Part III(A) or III(D) of the Monthly Return.

    `limit` is the number of shares that may be granted under it, None if not known or not limited;
    `existing_shares` marks a scheme met from shares already issued and held by a nominee: it issues nothing. Of the limit for
    service providers what was used before the book is not known where `providers_counted` is False. From `expires_on` on nothing
    may be granted under it. The members refreshed its limit last on `refreshed_on`.
    """

    code: str
    share_class: str
    particulars: str
    adopted_on: date
    general_meeting_on: date | None = None
    limit: int | None = None
    existing_shares: bool = False
    awards: bool = False
    service_provider_limit: int | None = None
    providers_counted: bool = True
    expires_on: date | None = None
    refreshed_on: date | None = None

    def is_over(self, day: date) -> bool:
        """Whether nothing may be granted under it any longer at close of a day."""
        return self.expires_on is not None and self.expires_on <= day


@attrs.frozen
class Instrument:
    """Warrants (Part III(B)) or convertibles (III(C)). `currency` is that of a convertible's amount, None for warrants.

    `price` is the subscription or conversion price, or `price_terms` in words where it floats, not below `floor`; `stock_code` is
    the instrument's own where it is listed. Where it is not `bounded`, nobody knows how many shares may be issued on it.
    """

    code: str
    share_class: str
    description: str
    currency: str | None = None
    type_label: str | None = None
    price: Money | None = None
    price_terms: str | None = None
    floor: Money | None = None
    bounded: bool = True
    stock_code: str | None = None
    general_meeting_on: date | None = None
    mandate: str | None = None

    def most_shares(self, outstanding: int) -> int | None:
        """The shares that may be issued at most on what is outstanding, in hundredths of its currency; None without a floor."""
        if self.floor is None or self.floor.currency != self.currency:
            return None
        return int(EXACT.divide_int(EXACT.scaleb(Decimal(outstanding), -2), self.floor.amount))


@attrs.frozen
class Agreement:
    """An agreement to issue shares, one row of Part III(D) until it completes or ends."""

    code: str
    share_class: str
    description: str
    price: Money | None = None
    price_terms: str | None = None
    mandate: str | None = None
    general_meeting_on: date | None = None


def of_classes(codes: Sequence[str]) -> str:
    """Classes in words: class H, classes A and B."""
    if len(codes) < 2:
        return f"class {codes[0]}" if codes else "all classes with votes"
    return f"classes {', '.join(codes[:-1])} and {codes[-1]}"


@attrs.frozen
class Mandate:
    """A general mandate to issue or to repurchase shares (Main Board Rules 13.36(2)(b), 10.06(1)(c)).

    `base` is the number of issued shares at the general meeting on `granted_on`, of `classes`, all with votes unless it named
    some; reorganisations since have multiplied it by `scaled`. `limit` is in shares of today: `percent` of that base,
    rounded down. `uneven_on` is the day of a reorganisation that did not treat its classes alike. `extended_by` is the
    repurchase mandate whose repurchases are added to an issue mandate, where a separate resolution says so. What was used,
    reserved and added before the book begins is None if it is not recorded; it was counted at close of `counted_on`.
    `explanatory_statement_on` is the date of the Explanatory Statement sent to members for a repurchase mandate.
    """

    code: str
    purpose: str
    percent: Decimal
    base: int
    granted_on: date
    extended_by: str | None = None
    used_before: int | None = None
    reserved_before: int | None = None
    extended_before: int | None = None
    counted_on: date | None = None
    explanatory_statement_on: date | None = None
    classes: tuple[str, ...] = ()
    scaled: Fraction = Fraction(1)
    uneven_on: date | None = None

    def like(self, other: Mandate) -> bool:
        """Whether another mandate is of the same purpose over some of the same classes: two such are not in force at once."""
        shared = not self.classes or any(other.counts(code) for code in self.classes)
        return self.purpose == other.purpose and shared

    def counts(self, share_class: str) -> bool:
        """Whether its base counts a class; one older than every class of the book counts all with votes."""
        return not self.classes or share_class in self.classes

    @property
    def base_now(self) -> int:
        """The base in shares of today, rounded down."""
        return self.base * self.scaled // 1

    @property
    def limit(self) -> int:
        """The number of shares the mandate allows; a fraction of a share allows nothing."""
        return Fraction(self.percent) * self.base * self.scaled // 100

    @property
    def uneven(self) -> str | None:
        """Why a reorganisation leaves open what it allows: it multiplied its classes by different numbers; None otherwise."""
        if self.uneven_on is None:
            return None
        happened = f"the reorganisation of {day_text(self.uneven_on)} did not treat {of_classes(self.classes)} alike"
        return f"{happened}: what mandate {self.code} allows depends on how its percentage was kept, which is not known"

    @property
    def most_extended(self) -> int:
        """By how many shares repurchases extend it at most: a tenth of the base, rounded down (rule 13.36(2)(b))."""
        return self.base * self.scaled // 10
