"""The rules that a published table of poll results is held against by `captable meeting check`.

Those about shares in issue also hold for results that a book records.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from domain import events
from domain.capital.balances import Posted
from domain.capital.position import Position
from domain.law.rule import MISMATCH, NOTICE, VERIFIED, Finding, Rule, rule_of

RESULTS = "Main Board Rule 13.39(5)"
_CORRECT = "Correct the table; where it is published, by a clarification."


def found(code: str, message: str) -> Finding:
    """A finding by one of these rules."""
    return rule_of(RULES, code).finding(message)


def _strange_class(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.PollResultDeclared)
    for code in _voted(event).keys() - position.terms.classes.keys():
        message = f"resolution {event.resolution}: class {code} did not exist on {event.effective_on:%-d %B %Y}"
        yield rule.finding(message, posted.entry.number)


def _too_many(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.PollResultDeclared)
    for code, shares in _voted(event).items():
        there = position.balance(code).issued_excluding_treasury if code in position.terms.classes else shares
        if shares > there:
            message = f"resolution {event.resolution}: {shares:,} shares of class {code} voted, above the {there:,} in issue"
            yield rule.finding(message, posted.entry.number)


def _voted(event: events.PollResultDeclared) -> dict[str, int]:
    voted: dict[str, int] = {}
    for each in event.votes:
        voted[each.share_class] = voted.get(each.share_class, 0) + each.shares_voted
    return voted


_of_a_table = partial(Rule, citation=RESULTS, confidence=VERIFIED, severity=MISMATCH)

RULES: tuple[Rule, ...] = (
    _of_a_table(
        code="HK801",
        title="Votes that do not add up",
        meaning="Votes for and against make the votes cast of their row, and the rows of the classes make the total.",
        example="9 for and 1 against, and 11 votes cast.",
        clears=_CORRECT,
    ),
    _of_a_table(
        code="HK802",
        title="Percentages of a poll",
        meaning="A percentage is that of the votes cast, rounded half up to the most decimals that the table prints.",
        example="99.999844 % printed as 100%.",
        clears=_CORRECT,
    ),
    _of_a_table(
        code="HK803",
        title="Columns of a poll table",
        meaning="Votes cast and voting shares stand under their own headings. Which column is which is known from the numbers: "
        "the votes of a class are a whole multiple of its shares.",
        example="10,000 shares under votes cast, and 100,000 votes under voting shares.",
        clears=_CORRECT,
    ),
    _of_a_table(
        code="HK804",
        title="Votes as a multiple of shares",
        meaning="Each share of a row carries the same whole number of votes.",
        example="100,001 votes of 10,000 shares.",
        clears=_CORRECT,
    ),
    _of_a_table(
        code="HK805",
        title="Numbers of the resolutions",
        meaning="The resolutions are numbered without a gap; one that is missing may not have been read.",
        example="Resolutions 1, 2 and 4.",
        clears="Check the text of the table.",
    ),
    Rule(
        code="HK806",
        title="Turnout of a class",
        citation=RESULTS,
        confidence=VERIFIED,
        severity=NOTICE,
        meaning="A class that voted with the same number of shares on most resolutions, and another number on a "
        "few, is reported.",
        example="9,040,528,120 shares on nine resolutions, 39,999 more on the tenth.",
        clears="Ask the scrutineer; another turnout is no error of itself.",
    ),
    _of_a_table(
        code="HK807",
        title="Class of a poll",
        meaning="A class that votes exists in the book on the day of the meeting.",
        example="Votes of class C, created a month later.",
        clears="Check the day of the meeting and the book.",
        of=(events.PollResultDeclared,),
        each=_strange_class,
    ),
    Rule(
        code="HK808",
        title="Votes a share of a poll",
        citation="Main Board Rule 8A.24",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="On what is not a reserved matter a share carries the votes that the book gives it.",
        example="Twenty votes a share of a class that has ten.",
        clears="Mark a reserved matter, or correct the table or the book.",
    ),
    _of_a_table(
        code="HK809",
        title="More votes than shares",
        meaning="No more shares of a class vote than are in issue and may vote on the day of the meeting; where a table prints "
        "votes alone, no more votes are cast than these shares have.",
        example="4,001 shares of 4,000 voted.",
        clears=_CORRECT,
        of=(events.PollResultDeclared,),
        each=_too_many,
    ),
    _of_a_table(
        code="HK810",
        title="Shares stated beside a poll",
        meaning="The shares entitled to vote that the notes of a table name are those of the book on the day of the meeting.",
        example="The notes say 4,001 shares, the book has 4,000.",
        clears="Check the day of the meeting and the book, or correct the notes.",
    ),
)
"""The rules of this module."""
