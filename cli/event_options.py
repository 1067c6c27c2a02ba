"""The options of each event type and its help, made from the event classes: a new event needs nothing here."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any, cast

import attrs
import click

from cli.event_names import clause, command_of
from cli.options import day_itself
from domain import events
from domain.events import EVENT_TYPES, Event
from infrastructure.readers import names

# The options that every reader of a book knows, for fields that many events have.
FLAGS = {"share_class": "--class", "effective_on": "--on", "recorded_by": "--by"}


# How help writes a value, by the unit or the field: its placeholder, and one that could be given.
PLACEHOLDERS: dict[str, tuple[str, str]] = {
    "date": ("DATE", '"17 Dec 2024"'),
    "money": ('"HKD 1.5"', '"HKD 1.5"'),
    "percent": ("PERCENT", "20"),
    "text": ("TEXT", '"..."'),
    "name": ("CODE", "CODE"),
    "stock code": ("CODE", "00020"),
    "counters": ("COUNTER", '"80020 RMB"'),
    "trades": ("TRADE", '"On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1,120,000"'),
    "purchases": ("PURCHASE", '"2024-12-03: 700,000 @ HKD 1.62"'),
    "adjusted prices": ("PRICE", '"cb-2027: HKD 0.3333"'),
    "class codes": ("CODE", "H"),
    "yes, no or registered": ("yes|no|registered", "registered"),
    "dates": ("DATE", "2024-12-03"),
    "shares voted by class": ("VOTES", '"B 900 for, 100 against"'),
    "decimals": ("NUMBER", "4"),
    "day of the year": ("DAY", '"31 December"'),
    "entries": ("ENTRY", "47"),
    "time": ("HH:MM", "17:45"),
    "fact": ("FACT", """'captable.OtherSharesIssued.v1 {"effective_on":"2024-12-17","share_class":"B","shares":7}'"""),
    "share_class": ("CODE", "B"),
    "mandate": ("CODE", "issue-2024"),
}
A_NUMBER = ("NUMBER", "1,865,000")

MORE_GIVEN: dict[type[Event], tuple[tuple[str, str], ...]] = {
    events.BalanceBroughtForward: (("--issued-excluding-treasury", "36,393,336,530"),),
    events.EntryReleased: (("--replaces", "12"),),
    events.EntryWithdrawn: (("--replaces", "12"),),
    events.InstrumentTermsAdjusted: (("--instrument", "cb-2027"), ("--price", '"HKD 1.6"'), ("--shares", "62,500,000")),
    events.IssuerDetailsChanged: (("--name", '"..."'),),
    events.PublicFloatConfirmed: (("--percent", "26.1"),),
    events.PublicFloatRequirementSet: (("--percent", "25"),),
    events.ReturnSettingsChanged: (("--percent-decimals", "4"),),
    events.ShareClassDetailsChanged: (("--stock-code", "00020"),),
}
"""What the example of an event gives though no single field asks for it: it is refused or empty without."""


def command_name(kind: type[Event]) -> str:
    """The subcommand of an event type: PlacingCompleted is placing-completed."""
    return command_of(kind.__name__)


def words(kind: type[Event]) -> str:
    """The event type in words: Placing completed, Class A converted to B."""
    return events.in_words(kind)


def fact_meant(name: str) -> str | None:
    """The subcommand of the event type that a name is, in any spelling, or that people call by it; None if neither."""
    kind = names.event_type(name) or names.called(name)
    return command_name(kind) if kind else None


def no_event(name: str) -> str:
    """What to say of a name that is no event type, with the nearest that is."""
    near = names.near_event(name)
    return f"there is no event {name!r}." + (f" Did you mean {command_name(near)}?" if near else "")


class EventKind(click.ParamType):  # type: ignore[type-arg]
    """An event type in any spelling: placing-completed, PlacingCompleted."""

    name = "event"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> type[Event]:
        """The event type named, or a usage error with the nearest one."""
        return names.event_type(value) or self.fail(no_event(value), param, ctx)


COMMANDS: dict[str, type[Event]] = {command_name(kind): kind for kind in EVENT_TYPES}


def summary(kind: type[Event]) -> str:
    """The first clause of what an event type means, short enough for a list."""
    return clause(kind.__doc__ or "")


# --- options ------------------------------------------------------------------------------------------------------


def attributes(kind: type[Event]) -> Sequence[Any]:
    """The fields of an event type, those that must be given first."""
    # Type checkers do not see through the decorator that `domain.events` gives its own name.
    fields = attrs.fields(cast("type[attrs.AttrsInstance]", kind))
    return sorted(fields, key=lambda field: field.default is not attrs.NOTHING)


def flag_of(field: str) -> str:
    """The option of a field: --class for share_class, --general-meeting-on for general_meeting_on."""
    return FLAGS.get(field, "--" + field.replace("_", "-"))


class YesOrNo(click.Option):
    """A flag as files write it, `--listed yes` and `--listed no`; and as options do, `--listed` and `--no-listed`.

    Some know a word besides: `--authorised registered`.
    """

    def __init__(self, names: Sequence[str], unit: str, **settings: Any) -> None:
        words = "|".join(unit.replace(" or ", ", ").split(", "))
        super().__init__(names, is_flag=False, flag_value="yes", metavar=f"[{words}]", **settings)
        self.negative = "--no-" + self.opts[0].removeprefix("--")

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Add the option, and the one that means no."""
        super().add_to_parser(parser, ctx)
        parser.add_option(obj=self, opts=[self.negative], dest=self.name, action="store_const", const="no")

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of help, with both options."""
        record = super().get_help_record(ctx)
        return record and (f"{record[0]}, {self.negative}", record[1])


class DayItself(click.ParamType):  # type: ignore[type-arg]
    """A day as it is written, and the day itself if it is written as today or yesterday; the event reads it."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """The text, or the day that it names by where it stands to today."""
        return day_itself(value)


def field_options(kind: type[Event], *, required: bool = True) -> list[click.Option]:
    """An option for every field of an event type, with its meaning and whether it must be given."""
    return [_field_option(field, required=required) for field in attributes(kind)]


def _field_option(field: Any, *, required: bool) -> click.Option:
    flag, meaning = flag_of(field.name), field.metadata["meaning"]
    text = meaning[0].upper() + meaning[1:] + _note(field, required=required)
    if field.metadata["unit"].startswith("yes"):
        return YesOrNo([flag, field.name], unit=field.metadata["unit"], help=text)
    several = field.metadata.get("several", False)
    kind = DayItself() if field.metadata["unit"] in ("date", "dates") else None
    return click.Option([flag, field.name], help=text, metavar=_placeholder(field)[0], multiple=several, type=kind)


def _note(field: Any, *, required: bool) -> str:
    default = field.default
    several = "; may be given several times" if field.metadata.get("several") else ""
    if default in (None, ()) or not required:
        return several
    if default is attrs.NOTHING:
        return several + "  [required]"
    return f"  [default: {('no', 'yes')[default] if isinstance(default, bool) else default}]"


def _placeholder(field: Any) -> tuple[str, str]:
    unit = field.metadata["unit"]
    if unit.startswith("one of "):
        choices = unit.removeprefix("one of ").split(", ")
        return "|".join(choices), shlex.quote(choices[0])
    # A field may be called what a unit is called; then its own unit says what it holds.
    named = None if field.name in ("name", "text") else PLACEHOLDERS.get(field.name)
    return named or PLACEHOLDERS.get(unit, A_NUMBER)


def example(kind: type[Event]) -> str:
    """A command line that records an event of this type, with the fields that must be given."""
    needed = [field for field in attributes(kind) if field.default is attrs.NOTHING]
    given = [f"{flag_of(field.name)} {_placeholder(field)[1]}" for field in needed]
    given += [f"{flag} {value}" for flag, value in MORE_GIVEN.get(kind, ())]
    return " ".join([f"captable record {command_name(kind)}", *given])


# --- help ---------------------------------------------------------------------------------------------------------


class EventCommand(click.Command):
    """The subcommand of an event type; its help sets the fields of the fact apart from what the book says about it."""

    def __init__(self, kind: type[Event], **settings: Any) -> None:
        super().__init__(command_name(kind), help=kind.__doc__, short_help=summary(kind), **settings)
        self.kind = kind

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the event means, and an example."""
        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("Example:")
            # On one line, however long, so that it can be copied.
            formatter.write(f"{'':>{formatter.current_indent + 2}}{example(self.kind)}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options in two sections."""
        fields = {field.name for field in attributes(self.kind)}
        for title, of_the_fact in (("The fact", True), ("Recording it", False)):
            chosen = [option for option in self.get_params(ctx) if (option.name in fields) is of_the_fact]
            with formatter.section(title):
                formatter.write_dl([record for option in chosen if (record := option.get_help_record(ctx))])
