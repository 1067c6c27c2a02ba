"""Completion: what a shell is given at every press of the key, from the help and from the store."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli import completing, event_names
from cli.event_options import COMMANDS, summary
from cli.main import COMPLETING
from domain.capital.codes import NEW_CODES, REFERENCES
from infrastructure import glance
from infrastructure.event_codec import TYPE_NAMES
from tests import postgresql
from tests.cli.running import FOUNDING, SCRIPT, captable, done, write


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """A cache of the test's own."""
    place = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    return place / "captable" / "options.json"


def completed(line: str) -> list[str]:
    """What bash is given for a line that is typed as far as this."""
    words = line.split(" ")
    environment = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), COMPLETING: "bash_complete"}
    with pytest.MonkeyPatch.context() as shell:
        for name, value in environment.items():
            shell.setenv(name, value)
        ran = done()
    assert ran.err == ""
    return [each.removeprefix("plain,") for each in ran.out.split()]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("captable bal", ["balances"]),
        ("captable record options-", ["options-granted", "options-exercised", "options-lapsed", "options-cancelled"]),
        ("captable record --fi", ["--file"]),
        ("captable history --event scrip", ["scrip-dividend-issued"]),
        ("captable record placing-completed --sh", ["--shares"]),
        ("captable record placing-completed --class ", ["B", "A"]),
        ("captable balances --class B", ["B"]),
        ("captable mandates --mandate issue-", ["issue-2023", "issue-2024"]),
        ("captable balances --issuer ", ["00020"]),
        ("captable show 4", ["48", "47", "46", "45", "44", "43", "42", "41", "40", "4"]),
        ("captable correct 99", []),
        ("captable return next-day --on 2024-12-17", ["2024-12-17"]),
        ("captable return monthly --month 2024", ["2024-12", "2024-11"]),
        ("captable no-such-command --", []),
        ("captable show 4 --js", ["--json"]),
    ],
)
def test_what_is_typed_is_completed(demo, line, first):
    assert completed(line) == first


def test_nothing_is_printed_where_there_is_no_store(folder):
    assert completed("captable balances --class ") == []
    assert completed("captable balances --store nowhere.db --class ") == []


def test_the_store_of_the_line_is_asked(demo, folder):
    demo.rename(folder / "other.db")
    assert completed("captable balances --store other.db --class ") == ["B", "A"]
    assert completed("captable balances --store=other.db --class A") == ["A"]


def test_a_withdrawn_code_is_not_suggested(book):
    done("record", "scheme-adopted", "--scheme", "2024", "--class", "B", "--particulars", "Scheme of 2024", "--on", "2024-03-01")
    assert completing.from_store("scheme", (), "") == [("2024", "scheme, 2024-03-01")]
    done("withdraw", "10", "--reason", "adopted by nobody")
    assert completing.from_store("scheme", (), "") == []


def test_the_names_of_events_are_those_of_the_vocabulary():
    """They are read from its source, since to make its classes takes longer than completion may."""
    assert list(event_names.written()) == [(name, summary(kind)) for name, kind in COMMANDS.items()]


def test_the_name_of_an_event_is_completed_without_the_vocabulary(folder):
    program = (
        "import sys; from cli.completing import Bash; from cli.main import cli\n"
        "found = Bash(cli, {}, 'captable', '_CAPTABLE_COMPLETE').get_completions(['record'], 'options-')\n"
        "assert len(found) == 4; assert 'domain.events' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("line", ["captable balances --", "captable record placing-completed --"])
def test_options_asked_for_before_are_completed_without_the_command(folder, line):
    first = completed(line)
    assert first[0] in ("--as-of", "--on")
    program = (
        "import sys; from cli.completing import Bash; from cli.main import cli\n"
        f"found = Bash(cli, {{}}, 'captable', '_CAPTABLE_COMPLETE').get_completions({line.split()[1:-1]}, '--')\n"
        f"assert [each.value for each in found] == {first}; assert 'domain.events' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_an_option_is_given_once_unless_it_may_be_given_several_times(folder):
    for _ in range(2):
        assert "--shares" not in completed("captable record shares-repurchased --shares 5 --")
        assert "--trades" in completed("captable record shares-repurchased --trades x --")


@pytest.mark.parametrize("written", ["", "{", '["another program", {"balances": []}]'])
def test_what_is_kept_of_another_program_or_broken_is_made_again(folder, cache, written):
    cache.parent.mkdir()
    cache.write_text(written)
    assert completed("captable balances --as") == ["--as-of"]
    assert "--as-of" in cache.read_text()


def test_options_are_completed_where_nothing_can_be_kept(folder, cache):
    cache.parent.write_text("no folder")
    assert completed("captable balances --as") == ["--as-of"]


def test_the_fields_that_name_codes_are_those_of_the_domain():
    """The table is written out so that completion need not import the domain."""
    found = {(REFERENCES[field], TYPE_NAMES[kind].rpartition(".v")[0], field) for kind, field in NEW_CODES.items()}
    assert found == {(kind, name, field) for kind, row in glance.ESTABLISHED_BY.items() for name, field in row.items()}


@pytest.mark.parametrize(
    ("last", "begun", "found"),
    [
        (5, "", [5, 4, 3, 2, 1]),
        (120, "12", [120, 12]),
        (9, "0", []),
        (9, "x", []),
        (0, "", []),
        (123_456, "99", [*range(99_999, 99_959, -1)]),
    ],
)
def test_numbers_that_begin_with_some_digits(last, begun, found):
    assert list(glance.numbers(last, begun)) == found


@pytest.mark.parametrize("shell", completing.SHELLS)
def test_a_shell_is_given_what_it_needs(shell):
    said = done("completion", shell).out
    assert f"{shell}_complete" in said
    assert COMPLETING in said


def test_another_shell_is_refused():
    assert captable("completion", "tcsh").code == 2


def test_bash_completes_a_class(demo, tmp_path):
    """The whole way: bash reads the script, and asks the installed command."""
    (tmp_path / "captable.bash").write_text(done("completion", "bash").out)
    program = 'source ./captable.bash; COMP_WORDS=(captable balances --class ""); COMP_CWORD=3; _captable_completion captable; echo "${COMPREPLY[@]}"'
    environment = {**os.environ, "PATH": f"{SCRIPT.parent}:{os.environ['PATH']}"}
    ran = subprocess.run(["bash", "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.split() == ["B", "A"]


def test_a_server_is_asked_as_a_file_is(folder, monkeypatch):
    url = postgresql.database()
    done("record", "--file", write("founding.jsonl", *FOUNDING), "--store", url)
    monkeypatch.setenv("CAPTABLE_STORE", url)
    assert [value for value, _ in completing.from_store("class", (), "")] == ["A", "B"]
    assert [value for value, _ in completing.from_store("entry", (), "9")] == ["9"]
    postgresql.drop(url)
