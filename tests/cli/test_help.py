"""Help: every command has some, with an example, and it loads nothing that only work needs."""

from __future__ import annotations

import subprocess
import sys

import attrs
import click
import pytest

from cli.event_options import COMMANDS as EVENTS
from cli.event_options import example, flag_of
from cli.main import COMMANDS, cli
from domain.events import EVENT_TYPES, SUBJECTS
from tests.cli.running import captable, done, script

HEAVY = ("sqlalchemy", "eventsourcing", "msgspec", "yaml", "jinja2", "typst")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_bare_captable_and_help_show_the_commands_by_job():
    shown = done().out
    assert shown == done("-h").out == done("--help").out == done("help").out
    for job in ("Begin:", "Record:", "See:", "Check and share:", "Examples:"):
        assert job in shown
    for command, (_, line) in COMMANDS.items():
        assert f"  {command} " in shown
        assert line in flat(shown)


@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if name not in ("record", "return")] + ["return monthly", "return next-day"]
)
def test_every_command_has_help_with_an_example_and_says_what_each_option_means(command):
    shown = done(*command.split(), "-h").out
    assert shown == done(*command.split(), "--help").out
    assert shown.startswith(f"Usage: captable {command}")
    assert f"    captable {command}" in shown.split("Example")[1]
    if " " not in command:
        assert done("help", command).out == shown
        found = cli.get_command(click.Context(cli), command)
        assert found is not None
        assert all(option.help for option in found.params if isinstance(option, click.Option))


@pytest.mark.parametrize("group", ["record", "return"])
def test_a_group_of_commands_shows_its_help_when_nothing_is_asked_of_it(group):
    assert done(group).out == done(group, "-h").out
    assert "Examples:" in done(group).out


def test_the_events_are_listed_by_subject():
    shown = flat(done("record", "-h").out)
    assert [kind for kinds in SUBJECTS.values() for kind in kinds] == list(EVENT_TYPES)
    for subject, kinds in SUBJECTS.items():
        assert f" {subject}: " in shown
        assert len(kinds) <= 16
    assert all(f" {name} " in shown for name in EVENTS)
    assert "(rule 10" not in shown


@pytest.mark.parametrize("name", EVENTS)
def test_the_help_of_an_event_says_what_each_field_means(name):
    shown = flat(done("record", name, "-h").out)
    for field in attrs.fields(EVENTS[name]):  # type: ignore[type-var]
        meaning = field.metadata["meaning"]
        assert f"{flag_of(field.name)} " in shown
        assert flat(meaning[0].upper() + meaning[1:]) in shown
        if field.default is attrs.NOTHING:
            assert flag_of(field.name) in example(EVENTS[name])
    assert f"Example: {example(EVENTS[name])}" in shown
    assert "True" not in shown
    yes = ("--authorised", "--cancelled", "--for-cash", "--required")
    assert "[default: yes]" not in shown or any(flag in shown for flag in yes)


@pytest.mark.parametrize("topic", ["exit-codes", "dates", "files", "terminal", "calendar"])
def test_topics_are_explained(topic):
    assert len(done("help", topic).out.splitlines()) >= 2


def test_the_examples_of_the_topic_on_files_can_be_recorded():
    from infrastructure.readers.records import read_records

    shown = done("help", "files").out
    (line,) = [line for line in shown.splitlines() if line.lstrip().startswith("{")]
    assert read_records("f.jsonl", line.encode(), recorded_by="x").problems == ()
    block = shown[shown.index("  - event") :]
    (draft,) = read_records("f.yaml", block.encode(), recorded_by="x").drafts
    assert getattr(draft.event, "shares", None) == 1_865_000_000


LOADED = """
import atexit, sys
atexit.register(lambda: print(" ".join(sys.modules), file=sys.stderr))
from cli.main import main
main({arguments!r})
"""


@pytest.mark.parametrize("arguments", [["--help"], [], ["-h"], ["--version"], ["recrod"]])
def test_help_loads_nothing_that_only_work_needs(arguments):
    ran = subprocess.run([sys.executable, "-c", LOADED.format(arguments=arguments)], capture_output=True, text=True, timeout=60)
    assert loaded_by(ran).isdisjoint({*HEAVY, "domain", "infrastructure", "application"})


def loaded_by(ran: subprocess.CompletedProcess[str]) -> set[str]:
    # The errors say with which code a command ends, and import nothing.
    errors = {"domain", "domain.errors"}
    loaded = {name.split(".")[0] for name in ran.stderr.splitlines()[-1].split() if name not in errors}
    assert "click" in loaded
    return loaded


def test_completing_the_name_of_a_command_loads_nothing_either():
    code = LOADED.format(arguments=None).replace("None", "")
    environment = {"_CAPTABLE_COMPLETE": "bash_complete", "COMP_WORDS": "captable re", "COMP_CWORD": "1"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment)
    assert ran.stdout.split() == [
        "plain,record",
        "plain,release",
        "plain,return",
        "plain,returns-run",
        "plain,reconcile",
        "plain,restore",
        "plain,rebuild",
    ]
    assert loaded_by(ran).isdisjoint({*HEAVY, "domain", "infrastructure", "application"})


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_is_there_for_every_shell(shell):
    ran = script([], {"_CAPTABLE_COMPLETE": f"{shell}_source"})
    assert (ran.returncode, "_CAPTABLE_COMPLETE" in ran.stdout) == (0, True)


def test_events_are_completed():
    ran = script([], {"_CAPTABLE_COMPLETE": "zsh_complete", "COMP_WORDS": "captable record plac", "COMP_CWORD": "2"})
    assert "placing-completed" in ran.stdout


def test_the_version_is_printed():
    assert captable("--version").out.startswith("captable, version ")


def test_help_on_an_event_loads_no_store():
    code = LOADED.format(arguments=["record", "placing-completed", "-h"])
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert loaded_by(ran).isdisjoint(HEAVY)


@pytest.mark.parametrize("group", ["admin", "admin token", "file", "meeting"])
def test_a_group_without_a_command_shows_its_help(group):
    assert done(*group.split()).out == done(*group.split(), "-h").out
