"""The parts of the documents that come from the program itself; `python -m tests.update_docs` writes them again.

Three kinds: the output under each `$ command` of a ```console block, run in order in one empty folder; the tables between
`<!-- made: … -->` and `<!-- end -->`; and all of docs/events.md, docs/rules.md and docs/forms.md. A comment
`<!-- at 2025-01-06T10:00+08:00 -->` before a block sets the clock that its entries are recorded by, so that times and hashes
are the same on every run. A block after `<!-- file begin.yaml -->` is written to a file of that name for the commands that
follow; the commands of a comment that begins with `<!-- meanwhile` are run and not shown.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
import shlex
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from cli import library
from cli.errors import MEANINGS
from cli.event_options import attributes, example, flag_of
from cli.main import JOBS, main
from cli.session import Clock, system_clock
from domain.events import SUBJECTS, Event
from domain.law.rule import MAIN_BOARD_RULES, Rule
from domain.returns.categories import CATEGORIES, Category
from domain.returns.forms import FORMS, MONTHLY, NEXT_DAY, Form
from domain.rulebook import codes, versions
from infrastructure.event_codec import TYPE_NAMES
from infrastructure.query_tables import TABLES, QueryTable
from tests import notebooks

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
EVENTS = ROOT / "docs" / "events.md"
RULES = ROOT / "docs" / "rules.md"
FORMS_PAGE = ROOT / "docs" / "forms.md"
COMMANDS_PAGE = ROOT / "docs" / "commands.md"
PYTHON = ROOT / "docs" / "python.md"
EXAMPLE = ROOT / "docs" / "example.ipynb"
QUERIES = ROOT / "docs" / "queries.md"

_BLOCK = re.compile(
    r"(?:<!-- at (?P<at>\S+) -->\n)?```console\n(?P<body>.*?)^```$"
    r"|<!-- file (?P<file>\S+) -->\n```\w+\n(?P<content>.*?)^```$"
    r"|<!-- meanwhile\n(?P<unseen>.*?)^-->$",
    re.DOTALL | re.MULTILINE,
)
_UNSEEN = re.compile(r"^(?:at (?P<at>\S+)|(?P<command>\$ .*))$", re.MULTILINE)
_COMMAND = re.compile(r"^\$ (?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_MADE = re.compile(r"(?<=<!-- made: )(?P<name>[a-z -]+) -->\n.*?(?=<!-- end -->)", re.DOTALL)


class Run(NamedTuple):
    """A command as a document writes it, what it printed on either stream, and its exit code."""

    command: str
    output: str
    code: int


_clock: ContextVar[Clock] = ContextVar("clock", default=system_clock)

# --- commands and their output ------------------------------------------------------------------------------------


def run(command: str) -> Run:
    """Run a `$ command` in this process and folder; `export NAME=VALUE` sets the environment."""
    words = shlex.split(command.removeprefix("$ ").replace("\\\n", " "))
    if words[0] == "export":
        os.environ.update(word.split("=", 1) for word in words[1:])
        return Run(command, "", 0)
    if words[0] != "captable":
        raise ValueError(f"expected a captable command, got {command}")
    printed, code = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True), 0
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main(words[1:], _clock.get())
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Run(command, printed.buffer.getvalue().decode(), code)  # type: ignore[attr-defined]


def with_outputs(text: str) -> tuple[str, list[Run]]:
    """A document with the real output under each of its commands, and the runs, unseen ones too."""
    runs: list[Run] = []

    def block(found: re.Match[str]) -> str:
        if found["file"]:
            Path(found["file"]).write_text(found["content"], encoding="utf-8")
        elif found["unseen"]:
            runs.extend(_unseen(found["unseen"]))
        else:
            _set_clock(found["at"])
            ran = [run(command) for command in _COMMAND.findall(found["body"])]
            runs.extend(ran)
            body = "\n".join(f"{each.command}\n{each.output}".rstrip("\n") + "\n" for each in ran)
            return found[0].replace(found["body"], body)
        return found[0]

    with _workplace():
        return _BLOCK.sub(block, text), runs


def _unseen(lines: str) -> Iterator[Run]:
    for found in _UNSEEN.finditer(lines):
        if found["command"]:
            yield run(found["command"])
        else:
            _set_clock(found["at"])


def _set_clock(at: str | None) -> None:
    if at:
        moment = datetime.fromisoformat(at)
        _clock.set(lambda: moment.astimezone(UTC))


@contextlib.contextmanager
def _workplace() -> Iterator[None]:
    """An empty folder, an environment that changes no output, and the clock that was there before, afterwards.

    The commands are given a fixed clock. Replacing the classes of `datetime` would not do: events take nothing but
    real dates.
    """
    environment, clock = dict(os.environ), _clock.get()
    for name in [name for name in environment if name.startswith("CAPTABLE_") or name == "COLUMNS"]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        try:
            yield
        finally:
            _clock.set(clock)
            os.environ.clear()
            os.environ.update(environment)


# --- tables made from the program ---------------------------------------------------------------------------------


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table; bars within cells are escaped."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def commands_table() -> str:
    """Every command, by the job it does."""
    rows = [(job, f"`captable {name}`", line) for job, named in JOBS.items() for name, (_, line) in named.items()]
    return table(("to", "command", ""), rows)


def exit_codes_table() -> str:
    """Every exit code and its meaning."""
    return table(("code", "meaning"), [(str(code), meaning) for code, meaning in MEANINGS.items()])


def _version(form: Form) -> tuple[str, ...]:
    return str(form), f"{form.first_day:%-d %B %Y}", form.dated_by


def query_tables() -> str:
    """Every table of `captable query` with its columns; those that name a row are marked."""
    return "\n".join(f"### {each.name}\n\n{each.meaning}\n\n{_columns(each)}" for each in TABLES)


def _columns(query_table: QueryTable) -> str:
    key = query_table.columns[: query_table.key]
    rows = [(f"`{each.name}`", each.type, "key" if each in key else "", each.meaning) for each in query_table.columns]
    return table(("column", "type", "", "meaning"), rows)


def library_reference() -> str:
    """Every class of the library with its methods, and the functions that stand alone."""
    opened = f"### {_signature('open_store', library.open_store)}\n\n{inspect.getdoc(library.open_store)}\n"
    return "\n".join([opened, *map(_class_reference, library.public())])


def _class_reference(kind: type) -> str:
    rows = [
        (_signature(name, member), " ".join((inspect.getdoc(member) or "").split()))
        for name, member in vars(kind).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    ]
    return f"### {kind.__name__}\n\n{inspect.getdoc(kind)}\n\n{table(('', 'gives'), rows)}"


def _signature(name: str, member: Any) -> str:
    """A function as it is called, without its types: `balances(as_of=None, known_at=None)`; a property by its name."""
    if isinstance(member, property):
        return f"`{name}`"
    given = [_argument(each) for each in inspect.signature(member).parameters.values() if each.name != "self"]
    return f"`{name}({', '.join(given)})`"


def _argument(each: inspect.Parameter) -> str:
    plain = each.default is None or isinstance(each.default, str)
    return (
        each.name if each.default is inspect.Parameter.empty else f"{each.name}={each.default!r}" if plain else f"{each.name}=…"
    )


ROWS = (library.BookSummary, library.ClassRow, library.LevelRow, library.MandateRow, library.ObligationRow, library.Finding,
        library.FilingRow, library.Explained)  # fmt: skip


def library_rows() -> str:
    """The types of rows, with their fields."""
    rows = [
        (
            f"`{kind.__name__}`",
            " ".join((inspect.getdoc(kind) or "").split()),
            ", ".join(f"`{each.name}`" for each in attrs.fields(kind)),
        )
        for kind in ROWS
    ]
    return table(("row", "is", "fields"), rows)


MADE: dict[str, Callable[[], str]] = {
    "commands": commands_table,
    "exit codes": exit_codes_table,
    "query tables": query_tables,
    "library": library_reference,
    "library rows": library_rows,
}


def with_tables(text: str) -> str:
    """A document with its made tables as they are today."""
    return _MADE.sub(lambda found: f"{found['name']} -->\n\n{MADE[found['name']]()}\n", text)


# --- docs/events.md -----------------------------------------------------------------------------------------------

INTRODUCTION = """# Events

Every fact that a book can hold. This page is made from the modules of `domain/events/` by `python -m tests.update_docs`; change it there.

The *field* is the name in a file for `captable record --file` and in `captable schema`; the *option* is that of the command.
Every event also takes `source` (where the fact comes from), `replaces` (the number of the entry that it corrects),
`recorded_by` (option `--by`) and `command_id`; see the [glossary](glossary.md).

Units: shares, options and votes are whole numbers, commas allowed between thousands; a *date* is `2024-12-17`, `17 Dec 2024` or
`17 December 2024`; *money* is a currency and an exact amount, `HKD 1.5`; a *percent* of 20 is 20 %; a *name* is a short code;
a *stock code* has five digits, `00020`. *Yes or no* is `--listed yes`, `--listed no`, `--listed` or `--no-listed`.
"""

CATEGORIES_INTRODUCTION = """
## How the returns name them

Part of FF301 Part III in which a fact stands, and its category. *verified* wording was read in a published return or in a form's
own notes; *unverified* wording follows rule 13.25A in our words and awaits a filing that shows it. FF301 before June 2024 has the wording of
FF304, but for *Repurchase of shares*, *Redemption of shares* and *Other (Please specify)*.

"""


def events_reference() -> str:
    """The whole of docs/events.md."""
    parts = [INTRODUCTION]
    for subject, kinds in SUBJECTS.items():
        parts.append(f"\n## {subject}\n")
        parts += [_event(kind) for kind in kinds]
    return "".join([*parts, CATEGORIES_INTRODUCTION, _categories()])


def _event(kind: type[Event]) -> str:
    heading = (
        f"\n### {kind.__name__}\n\n{inspect.getdoc(kind)}\n\n```sh\n{example(kind)}\n```\n\nStored as `{TYPE_NAMES[kind]}`.\n\n"
    )
    return heading + table(("field", "option", "", "unit", "meaning"), [_field(field) for field in attributes(kind)])


def _field(field: attrs.Attribute[Any]) -> tuple[str, ...]:
    return f"`{field.name}`", f"`{flag_of(field.name)}`", _need(field.default), field.metadata["unit"], field.metadata["meaning"]


def _need(default: object) -> str:
    if default is attrs.NOTHING:
        return "required"
    if default in (None, ()):
        return "optional"
    words = {True: "yes", False: "no"}.get(default, default) if isinstance(default, bool) else default
    return f"default {words}"


def _categories() -> str:
    heads = ("event", "of", "part", "FF301 and FF305", "FF304", "wording")
    return table(heads, [_category(kind, of, row) for kind, rows in CATEGORIES.items() for of, row in rows.items()])


def _category(kind: type[Event], of: str, row: Category) -> tuple[str, ...]:
    text = f": {row.text}" if row.text else ""
    return kind.__name__, of, row.part, row.wording + text, row.before_june_2024 + text, row.mark


# --- docs/forms.md ------------------------------------------------------------------------------------------------

FORMS_INTRODUCTION = """# Forms

The versions of the forms that captable prints, and how well the wording of each section is known. This page is made from the
modules of `domain/returns/forms/` by `python -m tests.update_docs`; change it there. The day of submission chooses the version.

A caption, note or confirmation is *verified* where it was read in a published return on that version. A section is *verified*
where all its captions are, *unverified* where none is, and otherwise *in part*. A form is verified only where every section is.
A first day that is an *earliest sighting* is not known to the day: no return of an earlier day was found on the version.

A filing keeps the version and the *edition* that it was prepared in: the edition is how captable fills the form in and lays it out
([why](decisions/0027-editions-of-the-forms.md)). What an issuer may choose are the fields of
[ReturnSettingsChanged](events.md#returnsettingschanged).
"""

_KINDS = {MONTHLY: "The Monthly Return", NEXT_DAY: "The Next Day Disclosure Return"}


def forms_reference() -> str:
    """The whole of docs/forms.md."""
    parts = [FORMS_INTRODUCTION]
    for kind, title in _KINDS.items():
        versions = [form for form in FORMS if form.kind == kind]
        sections = list(dict.fromkeys(section for form in reversed(versions) for section in form.marks()))
        parts.append(f"\n## {title}\n\n")
        parts.append(table(("form", "submitted from", "that day is"), map(_version, versions)))
        parts.append("\n")
        marks = [(section, *(_section_mark(form, section) for form in versions)) for section in sections]
        parts.append(table(("section", *map(str, versions)), marks))
    parts.append("\n## Captions not verified\n\nOf the sections that are verified in part.\n\n")
    parts.append(table(("form", "section", "captions"), [row for form in FORMS for row in _captions_not_verified(form)]))
    return "".join(parts)


def _section_mark(form: Form, section: str) -> str:
    if section not in form.marks():
        return "-"
    unverified, captions = form.marks()[section], form.worded.get(section, ("the list",))
    return "verified" if not unverified else "unverified" if len(unverified) == len(captions) else "in part"


def _captions_not_verified(form: Form) -> list[tuple[str, str, str]]:
    return [
        (str(form), section, "; ".join(textwrap.shorten(form.captions[key], 60, placeholder=" …") for key in keys))
        for section, keys in form.marks().items()
        if _section_mark(form, section) == "in part"
    ]


# --- docs/rules.md ------------------------------------------------------------------------------------------------

RULES_INTRODUCTION = f"""# Rules

Every rule that `captable check`, `can`, `due`, `mandates`, `wvr`, `meeting` and `offering` apply. This page is made from
`domain.rulebook.RULES` by `python -m tests.update_docs`; change it there. `captable rule CODE` prints one of them.

Not legal advice. *verified*: read in the rulebook or shown by a filed document. *secondary*: read in an account
of it. *unverified*: general knowledge, not held against the text: read the provision cited in the
[Exchange's own text]({MAIN_BOARD_RULES}) before you rely on it. A rule that changed has a row for each version, and an event is
held against the version of its day. *Not checked*: nothing here applies the rule; it stands here so that nobody takes silence for
consent.

"""


def rules_reference() -> str:
    """The whole of docs/rules.md."""
    heads = ("code", "title", "citation", "confidence", "in force", "meaning")
    return RULES_INTRODUCTION + table(heads, [_rule(rule) for code in codes() for rule in versions(code)])


def _rule(rule: Rule) -> tuple[str, ...]:
    meaning = f"{'*Not checked.* ' if rule.asked_by else ''}{' '.join(rule.meaning.split())}"
    return rule.code, rule.title, rule.citation, rule.confidence, _in_force(rule), meaning


def _in_force(rule: Rule) -> str:
    since = "" if rule.in_force_from == date.min else f"from {rule.in_force_from:%-d %B %Y}"
    until = "" if rule.in_force_until is None else f"to {rule.in_force_until - timedelta(days=1):%-d %B %Y}"
    return ", ".join(filter(None, (since, until))) or "always"


# --- docs/example.ipynb -------------------------------------------------------------------------------------------


def notebook() -> str:
    """The example notebook with what its cells show of the demo's book."""
    sys.path.insert(0, str(ROOT / "cli" / "python"))
    with _workplace():
        run("$ captable demo")
        return notebooks.run(EXAMPLE.read_text(encoding="utf-8"))


# --- writing ------------------------------------------------------------------------------------------------------


def fresh() -> tuple[dict[Path, str], dict[Path, list[Run]]]:
    """Every document as it should read today, and the runs of the commands of those that have any."""
    shown = {path: with_outputs(path.read_text(encoding="utf-8")) for path in (README, TUTORIAL, QUERIES)}
    documents = {path: with_tables(text) for path, (text, _) in shown.items()}
    documents |= {path: with_tables(path.read_text(encoding="utf-8")) for path in (PYTHON, COMMANDS_PAGE)}
    documents |= {EXAMPLE: notebook()}
    return {**documents, EVENTS: events_reference(), RULES: rules_reference(), FORMS_PAGE: forms_reference()}, {
        path: runs for path, (_, runs) in shown.items()
    }


def update() -> list[Path]:
    """Write the documents that are out of date; returns their paths."""
    stale = [(path, text) for path, text in fresh()[0].items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in stale]


if __name__ == "__main__":
    for changed in update():
        sys.stdout.write(f"updated {changed.relative_to(ROOT)}\n")
