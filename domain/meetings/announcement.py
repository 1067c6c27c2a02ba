"""A published table of poll results: what it prints, what follows from that, and where it is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from domain.events.votes import ClassVotes, Entitled, Polled, Resolution, percentage, polled
from domain.law.rule import Finding
from domain.meetings.poll import by_rate
from domain.meetings.rules import found


@attrs.frozen
class PrintedRow:
    """A row as printed: votes and percentages for and against, and the two columns of totals from left to right.

    `share_class` is None for the total; `line` is where the row stands in the text.
    """

    share_class: str | None
    votes_for: int
    percent_for: Decimal
    votes_against: int
    percent_against: Decimal
    first: int | None
    second: int | None
    line: int

    @property
    def cast(self) -> int:
        """The votes cast, for and against."""
        return self.votes_for + self.votes_against

    @property
    def shares(self) -> int:
        """The shares that voted: the smaller of the two totals, wherever it stands. A share has one vote or several.

        Where one total alone is printed it is of votes, and what a share carried is not known: they are as many as the votes.
        """
        return min(self.totals, default=self.cast)

    @property
    def totals(self) -> tuple[int, ...]:
        """The totals that are printed."""
        return tuple(total for total in (self.first, self.second) if total is not None)

    @property
    def votes(self) -> int:
        """The votes cast as the totals have them: the larger of the two, wherever it stands."""
        return max(self.totals, default=self.cast)

    @property
    def votes_per_share(self) -> int | None:
        """The votes that each share carried; None if votes are no whole multiple of shares."""
        if not self.shares:
            return 1
        return None if self.votes % self.shares else self.votes // self.shares

    @property
    def shares_first(self) -> bool | None:
        """Whether the shares stand left of the votes; None if one vote a share makes both columns equal."""
        if self.first is None or self.second is None or self.first == self.second:
            return None
        return self.first < self.second


@attrs.frozen
class PrintedResolution:
    """A resolution as printed. `votes_first`: whether the heading names votes cast left of voting shares."""

    number: str
    subject: str
    special: bool
    votes_first: bool
    rows: tuple[PrintedRow, ...]
    total: PrintedRow

    @property
    def says_shares(self) -> bool:
        """Whether it prints the shares that voted beside the votes cast."""
        return all(len(row.totals) > 1 for row in self.rows)


@attrs.frozen
class PublishedPoll:
    """A published table. `in_issue` are shares of each class that its notes name, in the order of the text."""

    resolutions: tuple[PrintedResolution, ...]
    in_issue: tuple[tuple[str, int], ...] = ()

    @property
    def decimals(self) -> int:
        """The most decimal places that a percentage of the table has."""
        rows = [row for each in self.resolutions for row in (*each.rows, each.total)]
        return max((_places(percent) for row in rows for percent in (row.percent_for, row.percent_against)), default=0)


def _places(percent: Decimal) -> int:
    exponent = percent.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def computed(printed: PrintedResolution) -> Polled | None:
    """The resolution recomputed from the shares that voted; None if votes are no whole multiple of shares.

    Where it does not print the shares, only its votes and percentages are those of the poll.
    """
    votes = []
    for row in printed.rows:
        rate = row.votes_per_share
        if rate is None or row.votes_for % rate or row.votes_against % rate:
            return None
        votes.append(ClassVotes(str(row.share_class), row.votes_for // rate, row.votes_against // rate, rate))
    reserved = printed.says_shares and all(each.votes_per_share == 1 for each in votes)
    return polled(Resolution(printed.number, printed.subject, tuple(votes), printed.special, reserved))


# --- what a table may have wrong ----------------------------------------------------------------------------------


def mistakes(poll: PublishedPoll, entitled: Sequence[Entitled] = ()) -> tuple[Finding, ...]:
    """Everything that a published table has wrong in itself, and against a book where `entitled` is given."""
    found = [finding for each in poll.resolutions for test in CHECKS for finding in test(poll, each)]
    found += _numbering(poll)
    found += _turnout(poll)
    return (*found, *(_against_the_book(poll, entitled) if entitled else ()))


def _finding(code: str, resolution: str, message: str) -> Finding:
    return found(code, f"resolution {resolution}: {message}")


def _row_name(row: PrintedRow) -> str:
    return "total" if row.share_class is None else f"class {row.share_class}"


def _adds_up(_: PublishedPoll, each: PrintedResolution) -> Iterator[Finding]:
    for row in (*each.rows, each.total):
        if row.cast != row.votes:
            message = f"{_row_name(row)}: {row.votes_for:,} for and {row.votes_against:,} against make {row.cast:,}"
            yield _finding("HK801", each.number, f"{message}, the table says {row.votes:,} votes were cast")
    columns: tuple[tuple[str, Callable[[PrintedRow], int | None]], ...] = (
        ("votes for", lambda row: row.votes_for),
        ("votes against", lambda row: row.votes_against),
        ("the first total", lambda row: row.first),
        ("the second total", lambda row: row.second),
    )
    for name, column in columns:
        said, summed = column(each.total), sum(column(row) or 0 for row in each.rows)
        if said is not None and said != summed:
            yield _finding("HK801", each.number, f"{name} of the classes make {summed:,}, the total says {said:,}")


def _percentages(poll: PublishedPoll, each: PrintedResolution) -> Iterator[Finding]:
    for row in (*each.rows, each.total):
        for word, votes, said in (("for", row.votes_for, row.percent_for), ("against", row.votes_against, row.percent_against)):
            ours = percentage(votes, row.cast, poll.decimals)
            if ours != said:
                message = f"{_row_name(row)}: {votes:,} of {row.cast:,} votes {word} is {ours}%, not {said}%"
                yield _finding("HK802", each.number, message)


def _swapped(_: PublishedPoll, each: PrintedResolution) -> Iterator[Finding]:
    wrong = [row for row in each.rows if row.shares_first is not None and row.shares_first == each.votes_first]
    if wrong:
        row = wrong[0]
        message = (
            f"the columns of votes cast and of voting shares are swapped: {_row_name(row)} cast {row.votes:,} votes with "
            f"{row.shares:,} shares, and the table has {row.first:,} left of {row.second:,}"
        )
        yield _finding("HK803", each.number, message)


def _multiple(_: PublishedPoll, each: PrintedResolution) -> Iterator[Finding]:
    for row in each.rows:
        rate = row.votes_per_share
        if rate is None:
            message = f"{_row_name(row)}: {row.votes:,} votes are no whole multiple of {row.shares:,} shares"
            yield _finding("HK804", each.number, message)
        elif row.votes_for % rate or row.votes_against % rate:
            yield _finding("HK804", each.number, f"{_row_name(row)}: votes for or against are no multiple of {rate:,} a share")


Check = Callable[[PublishedPoll, PrintedResolution], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (_adds_up, _percentages, _multiple, _swapped)


def _numbering(poll: PublishedPoll) -> Iterator[Finding]:
    numbers = [int(each.number) for each in poll.resolutions if each.number.isdecimal()]
    for missing in sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers)):
        yield _finding("HK805", str(missing), "is not in the table, or could not be read")


def _turnout(poll: PublishedPoll) -> Iterator[Finding]:
    """A class whose shares voted in the same number on most resolutions, and in another on a few."""
    resolutions = [each for each in poll.resolutions if each.says_shares]
    codes = dict.fromkeys(row.share_class for each in resolutions for row in each.rows)
    for code in codes:
        voted = {each.number: sum(row.shares for row in each.rows if row.share_class == code) for each in resolutions}
        usual, times = Counter(voted.values()).most_common(1)[0]
        for number, shares in voted.items() if 2 * times > len(voted) else ():
            if shares != usual:
                more = f"{abs(shares - usual):,} {'more' if shares > usual else 'fewer'}"
                most = f"the {usual:,} on {times} of {len(voted)} resolutions"
                message = f"class {code}: {shares:,} shares voted, {more} than {most}"
                yield _finding("HK806", number, message)


def _against_the_book(poll: PublishedPoll, entitled: Sequence[Entitled]) -> Iterator[Finding]:
    rates = by_rate(entitled)
    there = {code: sum(shares.values()) for code, shares in rates.items()}
    for each in poll.resolutions:
        weighted = any(row.votes_per_share != 1 for row in each.rows)
        for row in each.rows:
            code = str(row.share_class)
            if code not in there:
                known = ", ".join(there)
                yield _finding("HK807", each.number, f"class {code} did not exist at the meeting; classes then: {known}")
            elif weighted and row.votes_per_share not in rates[code]:
                said = "an unclear number of" if row.votes_per_share is None else f"{row.votes_per_share:,}"
                known = " or ".join(map(str, sorted(rates[code])))
                yield _finding("HK808", each.number, f"class {code}: {said} votes a share, the book has {known}")
        yield from _too_many(each, there) if each.says_shares else _too_many_votes(each, rates)
    yield from _in_issue(poll, there)


def _too_many(each: PrintedResolution, there: dict[str, int]) -> Iterator[Finding]:
    for code in dict.fromkeys(row.share_class for row in each.rows):
        voted = sum(row.shares for row in each.rows if row.share_class == code)
        if code in there and voted > there[code]:
            message = f"class {code}: {voted:,} shares voted, above the {there[code]:,} in issue that may vote"
            yield _finding("HK809", each.number, message)


def _too_many_votes(each: PrintedResolution, rates: Mapping[str, Mapping[int, int]]) -> Iterator[Finding]:
    for code in dict.fromkeys(row.share_class for row in each.rows):
        votes = sum(row.votes for row in each.rows if row.share_class == code)
        most = sum(rate * shares for rate, shares in rates.get(str(code), {}).items())
        if code in rates and votes > most:
            yield _finding("HK809", each.number, f"class {code}: {votes:,} votes were cast, above the {most:,} of its shares")


def _in_issue(poll: PublishedPoll, there: dict[str, int]) -> Iterator[Finding]:
    for code, shares in dict.fromkeys(poll.in_issue):
        if code in there and shares != there[code]:
            message = f"the notes say {shares:,} shares of class {code}, the book has {there[code]:,} that may vote"
            yield found("HK810", message)
