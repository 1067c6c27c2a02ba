"""How the tests write books: events in the words of the command line, entries by a clock of one second a reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from domain.capital.accounts import Movement
from domain.capital.balances import apply, replay
from domain.capital.entries import Draft, Entry, Viewpoint, in_effect
from domain.capital.position import Position
from domain.events import Event
from tests.samples import made

RECORDING_BEGAN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
EVER = date(2199, 12, 31)


def event(name: str, on: str, /, **written: object) -> Event:
    """An event of a type on a day, its fields written as a person writes them."""
    return made(name, {"effective_on": on, **written})


def bought(on: str, shares: str, intention: str = "cancellation", **said: object) -> Event:
    """A purchase of ordinary shares."""
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, intention=intention, **said)


def warrants(**said: object) -> Event:
    """300 warrants over 900 ordinary shares, issued on 2 July 2024."""
    terms = {"instrument": "w", "description": "Warrants 2026", "shares": "900", "warrants": "300", "price": "HKD 2"}
    return event("WarrantsIssued", "2 July 2024", **{"share_class": "ordinary", **terms, **said})


def bonds(**said: object) -> Event:
    """Bonds of HKD 1,000 over 500 ordinary shares, issued on 2 July 2024."""
    terms = {"instrument": "cb", "description": "Bonds 2028", "shares": "500", "amount": "HKD 1,000", "price": "HKD 2"}
    return event("ConvertiblesIssued", "2 July 2024", **{"share_class": "ordinary", **terms, **said})


def draft(what: Event, command_id: str, replaces: int | None = None) -> Draft:
    return Draft(event=what, recorded_by="tests", command_id=command_id, replaces=replaces)


def drafts(*what: Event, prefix: str = "fact") -> list[Draft]:
    return [draft(each, f"{prefix}-{number}") for number, each in enumerate(what, 1)]


def entry(number: int, what: Event, replaces: int | None = None) -> Entry:
    return Entry(
        event=what, recorded_by="tests", command_id=f"fact-{number}", replaces=replaces,
        number=number, recorded_at=recorded_at(number),
    )  # fmt: skip


def recorded_at(number: int) -> datetime:
    """When the entry of a number was recorded."""
    return RECORDING_BEGAN + timedelta(seconds=number)


def entries(*what: Event) -> list[Entry]:
    return [entry(number, each) for number, each in enumerate(what, 1)]


def set_up(
    on: str = "1 July 2024", *, authorised: str = "1,000,000", held: str = "500,000", treasury: str = "0", pending: str = "0"
) -> list[Event]:
    """An issuer with one listed class, `ordinary`, and its opening balance."""
    return [
        event("IssuerRegistered", on, issuer="00001", name="Example Limited"),
        event(
            "ShareClassCreated",
            on,
            share_class="ordinary",
            class_label="Ordinary shares",
            par_value="HKD 0.1",
            listed="yes",
            stock_code="00001",
        ),
        event("AuthorisedCapitalIncreased", on, share_class="ordinary", shares=authorised),
        event("BalanceBroughtForward", on, share_class="ordinary", held=held, treasury=treasury, pending_cancellation=pending),
    ]


def two_classes(on: str = "1 July 2024") -> list[Event]:
    """An issuer with a weighted voting class A of 400,000 and a listed class B of 600,000 issued shares."""
    heading = {"class_label": "WVR ordinary shares", "par_value": "USD 0.001"}
    return [
        event("IssuerRegistered", on, issuer="00020", name="Example Inc."),
        event("ShareClassCreated", on, share_class="B", type_label="B", listed="yes", stock_code="00020", **heading),
        event("ShareClassCreated", on, share_class="A", type_label="A", votes_per_share="10", **heading),
        event("AuthorisedCapitalIncreased", on, share_class="B", shares="2,000,000"),
        event("AuthorisedCapitalIncreased", on, share_class="A", shares="500,000"),
        event("BalanceBroughtForward", on, share_class="B", held="600,000"),
        event("BalanceBroughtForward", on, share_class="A", held="400,000"),
    ]  # fmt: skip


def folded(book: Iterable[Entry]) -> Position:
    """The position at the end of a book, every day of it checked. Raises Impossible."""
    position = Position()
    for _ in replay(in_effect(book), position):
        pass
    return position


def position_at(book: Iterable[Entry], viewpoint: Viewpoint) -> Position:
    """The position at close of a day, from the entries known at an instant: the definition of every balance."""
    position = Position()
    for entry in in_effect(book, viewpoint.known_at):
        if entry.event.effective_on > viewpoint.as_of:
            break
        apply(position, entry)
    return position


def at(book: Iterable[Entry], on: str, known_at: datetime | None = None) -> Position:
    """The position at close of a day."""
    return position_at(book, Viewpoint(date.fromisoformat(on), known_at))


def spelled(movements: Sequence[Movement]) -> list[str]:
    """Movements as the tables of these tests write them."""
    return [f"{move.book} {move.code}: {move.source} -> {move.target} {move.quantity:,}" for move in movements]
