"""Share schemes: options and awards over new, treasury or existing shares (chapter 17)."""

from __future__ import annotations

from datetime import date

from domain.events import fields
from domain.events.base import Event, PrintedFact, checked
from domain.values import Money


def _check_sub_limit(limit: int | None, of_it: int | None) -> None:
    if limit is not None and of_it is not None and of_it > limit:
        raise fields.FieldError("service_provider_limit", f"expected at most the limit of the scheme, {limit:,}")


@checked
class SchemeAdopted(Event):
    """A share scheme was adopted: a row of FF301 Part III(A), or of III(D) where it grants awards."""

    scheme: str = fields.name("code of the scheme in this book")
    share_class: str = fields.name("code of the class of shares that options or awards are over")
    particulars: str = fields.text("particulars as the return prints them")
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it", default=None)
    limit: int | None = fields.whole("shares that may be granted under the scheme (rule 17.03B)", default=None)
    service_provider_limit: int | None = fields.whole(
        "shares of the limit that may be granted to service providers (rule 17.03B(2))", default=None
    )
    existing_shares: bool = fields.flag(
        "whether it is met from issued shares held by a nominee, so that nothing is issued", default=False
    )
    awards: bool = fields.flag("whether the scheme grants share awards rather than options", default=False)
    expires_on: date | None = fields.day("day from which nothing may be granted under it any longer", default=None)

    def __attrs_post_init__(self) -> None:
        _check_sub_limit(self.limit, self.service_provider_limit)


@checked
class SchemeBalanceBroughtForward(Event):
    """What is outstanding under a scheme when the book starts, at close of a day, from a published document."""

    scheme: str = fields.name("code of the scheme")
    outstanding: int = fields.whole("options, awards or shares held, outstanding at close of the day", minimum=0)
    granted_before: int = fields.whole("shares of the scheme's limit used by what is no longer outstanding", minimum=0, default=0)
    service_providers_before: int | None = fields.whole(
        "shares used of the limit for service providers, where the scheme has one", minimum=0, default=None
    )


@checked
class SchemeLimitRefreshed(Event):
    """The members refreshed the limit of a scheme: what was granted before this day no longer counts (rule 17.03C)."""

    scheme: str = fields.name("code of the scheme")
    limit: int = fields.whole("shares that may be granted under the scheme from this day on")
    service_provider_limit: int | None = fields.whole(
        "shares of the limit that may be granted to service providers from this day on; what they may be "
        "granted stays as it was if omitted",
        default=None,
    )
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it", default=None)

    def __attrs_post_init__(self) -> None:
        _check_sub_limit(self.limit, self.service_provider_limit)


@checked
class SchemeExpired(Event):
    """A scheme expired or was terminated: from this day on nothing may be granted under it. What is outstanding remains."""

    scheme: str = fields.name("code of the scheme")


@checked
class SchemeMovement(PrintedFact):
    """A fact that moves the number outstanding under a scheme."""

    scheme: str = fields.name("code of the scheme")


@checked
class OptionsMovement(SchemeMovement):
    """A fact that moves the number of options outstanding."""

    options: int = fields.whole("number of options, in shares under option", unit="options")


@checked
class OptionsGranted(OptionsMovement):
    """Options were granted under a scheme."""

    service_provider: bool = fields.flag("whether granted to a service provider (rule 17.03B(2))", default=False)


@checked
class OptionsExercised(OptionsMovement):
    """Options were exercised and their shares allotted, or transferred out of treasury."""

    price: Money | None = fields.money("exercise price of one share", default=None)
    treasury_shares: bool = fields.flag("whether treasury shares were transferred rather than new shares issued", default=False)
    director: bool = fields.flag("whether exercised by a director of the issuer (rule 13.25A(2)(a))", default=False)


@checked
class OptionsLapsed(OptionsMovement):
    """Options lapsed; under rule 17.03B they may be granted again."""

    service_provider: bool = fields.flag("whether they were those of a service provider (rule 17.03B(2))", default=False)
    before_refreshment: bool | None = fields.flag(
        "whether they were granted before the limit was last refreshed, so that they may not be granted again (rule 17.03C)",
        default=None,
    )


@checked
class OptionsCancelled(OptionsMovement):
    """Options were cancelled; the scheme's limit stays used."""


@checked
class AwardsMovement(SchemeMovement):
    """A fact that moves the number of share awards outstanding."""

    awards: int = fields.whole("number of awards, in shares", unit="awards")


@checked
class AwardsGranted(AwardsMovement):
    """Share awards were granted under a scheme."""

    service_provider: bool = fields.flag("whether granted to a service provider (rule 17.03B(2))", default=False)


@checked
class AwardsVested(AwardsMovement):
    """Awards vested and their shares were issued, or transferred out of treasury."""

    price: Money | None = fields.money("price paid for one share, where there is one", default=None)
    treasury_shares: bool = fields.flag("whether treasury shares were transferred rather than new shares issued", default=False)
    director: bool = fields.flag("whether vested in a director of the issuer (rule 13.25A(2)(a))", default=False)


@checked
class AwardsLapsed(AwardsMovement):
    """Awards lapsed; under rule 17.03B they may be granted again."""

    service_provider: bool = fields.flag("whether they were those of a service provider (rule 17.03B(2))", default=False)
    before_refreshment: bool | None = fields.flag(
        "whether they were granted before the limit was last refreshed, so that they may not be granted again (rule 17.03C)",
        default=None,
    )


@checked
class AwardsCancelled(AwardsMovement):
    """Awards were cancelled; the scheme's limit stays used."""


@checked
class OptionTermsAdjusted(SchemeMovement):
    """The options or awards outstanding under a scheme were adjusted after a change in capital (rule 17.03(13))."""

    outstanding: int = fields.whole("options or awards outstanding from this day on, in shares", minimum=0)
    price: Money | None = fields.money("exercise price of one share from this day on, where there is one for all", default=None)
    reason: str | None = fields.text("why: the rights issue of 15 August 2025", default=None)


@checked
class SchemeSharesMoved(SchemeMovement):
    """The number of issued shares that a nominee holds for a scheme changed: no share is issued."""

    shares: int = fields.whole("change in the number held for the scheme; a decrease is negative", minimum=None)
    word: str = fields.text("the word the return prints for it: Sold, Transferred in")


EVENTS: tuple[type[Event], ...] = (
    SchemeAdopted,
    SchemeBalanceBroughtForward,
    SchemeLimitRefreshed,
    SchemeExpired,
    OptionsGranted,
    OptionsExercised,
    OptionsLapsed,
    OptionsCancelled,
    OptionTermsAdjusted,
    AwardsGranted,
    AwardsVested,
    AwardsLapsed,
    AwardsCancelled,
    SchemeSharesMoved,
)
"""The events of this subject, in reading order."""
