"""Command lines at random: `python -m tests.faults.command_lines SEED NUMBER`, run in an empty folder, by an ordinary user.

Half of the lines come from the examples of the program's own help, the others from its own options; then some words are left out,
put in, doubled or changed. Files are named by what lies in the folder, never by a path that leads out of it, and `serve` only asks
for its help. Each line runs in this process. What a line did is held against what it said:

- it ends with an exit code that is documented, never with a traceback or an error that nobody foresaw;
- what says that nothing was recorded, or only reads, leaves every store as it was; what says that it recorded did;
- what fails says why; what succeeds with `--json` prints JSON; no password is shown.

At the end it prints a line of JSON: how many lines ended with each exit code, and the faults.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import shlex
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import attrs
import click

from cli.errors import DAMAGED, DONE, FINDINGS, MEANINGS, NOT_KNOWN
from cli.main import cli, main
from tests.samples import SAMPLES

RENEWED = 250
"""After so many lines the folder is made again, so that books stay short and files of every kind are there."""

PASSWORD = "s3cr3t-w0rd"
ALONE = {"serve"}
"""Commands that are only asked for their help: one of them would go on for ever."""

WRITE = {
    "record", "correct", "withdraw", "release", "file", "start", "take-in", "new", "demo", "backup", "restore", "rebuild", "admin", "meeting",
    "offering",
}  # fmt: skip
"""Commands that may change a store; the others never do."""

DAYS = (
    "2024-12-17", "17 Dec 2024", "3 March 2025", "2024-06-30", "2024-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "2199-12-31",
    "1 January 1", "tomorrow", "١٧", "2024-12", "2024-13", "2024-12-17T18:30", "2024-12-17T25:61", "2024-W51-2", "", "-1", "1e9",
)  # fmt: skip
NUMBERS = (
    "0", "1", "7", "-1", "1,000", "500000", "2147483648", "9223372036854775808", "1" + "0" * 30, "9" * 400, "1e5", "0x10", "５", "1_000",
    "0.5", "NaN", "inf", "-inf", "٣", " 1 ", "HKD 1.5", "USD 0.000000025", "HKD -1", "HKD", "20", "100.5", "1/3", "000",
)  # fmt: skip
NAMES = (
    "A", "B", "00020", "20", "00001", "repurchase-2024", "issue-2024", "rsu", "Main", "", " ", "\u202eevil", "x" * 300, "名", "a b", "-",
    "--", "'", '"', "$(id)", "`id`", "%s", "{0}", "\udcff", "a\nb", "a\tb", "\x1b[31m", "😀", "../x", "NULL", "captable.PlacingCompleted.v1",
)  # fmt: skip
MODULES = ("ordinary", "yes", "no", "true", "monthly", "next-day", "treasury", "cancellation", "pdf", "json", "github", "all")
FILES = (
    "captable.db", "copy.db", "other.db", "facts.jsonl", "facts.yaml", "facts.csv", "facts.xlsx", "broken.yaml", "binary", "empty", "folder",
    "folder/new", "missing.db", "missing/deep/file", "link.db", "loop", "locked", "read-only.db", "head.json", "key", "tables.sqlite", "poll.txt",
    "return.html", "waiting.db", "new.pdf", "new.xlsx", "new.json", "-", ".", "\udcff.db", "a\nb.db", "x" * 300, "captable.db-wal", "captable.db-journal",
)  # fmt: skip
STORES = (
    *FILES, "sqlite:///captable.db", "sqlite://captable.db", "sqlite:///", f"postgresql://me:{PASSWORD}@127.0.0.1:1/book",
    f"postgresql://me:{PASSWORD}@127.0.0.1:1,127.0.0.1:2/book?target_session_attrs=read-write", f"postgresql:/me:{PASSWORD}@127.0.0.1:1/book",
    f"postgresql://me:{PASSWORD}?@127.0.0.1:1/book", f"postgres://me:{PASSWORD}@[::1/book", "mysql://x/y", "://", "postgresql://",
)  # fmt: skip
QUERIES = (
    "select * from balances", "select * from entries", "select count(*) from movements", "select * from findings", "delete from entries",
    "select", ";", "select 1; select 2", "select * from mandates join filings using (issuer)", "select '\udcff'", "pragma user_version",
    "attach 'captable.db' as x", "select randomblob(100)", "select 1/0", "values (1), (2)", "with r(n) as (values(1)) select * from r",
)  # fmt: skip
HOSTILE = (
    *DAYS,
    *NUMBERS,
    *NAMES,
    *MODULES,
    *FILES,
    *QUERIES,
    "-h",
    "--json",
    "--store",
    "--dry-run",
    "--",
    "-o",
    "--limit",
    "-x",
    "--no-such",
)


# --- the folder ---------------------------------------------------------------------------------------------------------


def prepared(books: Path) -> dict[str, bytes]:
    """What a book has to be asked for: a return of it, and a store of it in which a fact waits for release."""
    shutil.copy(books, "waiting.db")
    for line in (
        "return monthly --month 2024-12 --submitted-on 2025-01-06 --format html -o return.html",
        "record release-requirement-set --on 2024-12-31",
        "record placing-completed --on 2024-12-31 --class B --shares 7 --by maker",
    ):
        ended = run([*line.split(), "--store", "waiting.db"], b"")
        if ended.code > 1:
            raise RuntimeError(ended.err)
    return {name: Path(name).read_bytes() for name in ("return.html", "waiting.db")}


def furnish(books: Path, more: Mapping[str, bytes]) -> None:
    """Fill the working folder, which is emptied: a book, other stores, files of facts good and bad, links, and what is locked."""
    for path in Path.cwd().iterdir():
        with suppress(OSError):
            path.chmod(0o700)
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name in ("captable.db", "copy.db", "read-only.db", "locked"):
        shutil.copy(books, name)
    lines = [json.dumps({"event": name, **said}, ensure_ascii=False) for name, said in SAMPLES.items()]
    Path("facts.jsonl").write_text("\n".join(lines[:9]) + "\n", encoding="utf-8")
    Path("facts.yaml").write_text("- " + "\n- ".join(lines[5:12]) + "\n", encoding="utf-8")
    Path("facts.csv").write_text(
        "event,effective_on,share_class,shares\nPlacingCompleted,2024-12-20,B,5\n,,,\n", encoding="utf-8"
    )
    Path("facts.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    Path("broken.yaml").write_text("- event: [\n  &a *a\n", encoding="utf-8")
    Path("binary").write_bytes(bytes(range(256)) * 20)
    Path("empty").touch()
    Path("other.db").write_bytes(b"SQLite format 3\0" + bytes(4096))
    Path("folder").mkdir()
    Path("link.db").symlink_to("captable.db")
    Path("loop").symlink_to("loop")
    Path("key").write_bytes(b"a key of sixteen bytes and more")
    Path("head.json").write_text('{"heads": {}}', encoding="utf-8")
    Path("poll.txt").write_text("1. To receive the accounts 7,520,115,072 (99.99%) 1,000 (0.01%)\n", encoding="utf-8")
    Path("locked").chmod(0)
    Path("read-only.db").chmod(0o400)
    for name, content in more.items():
        Path(name).write_bytes(content)


Heads = dict[str, tuple[tuple[str, int], ...]]


def heads() -> Heads:
    """Where every book of every store in the folder ends."""
    found: Heads = {}
    for path in sorted(Path.cwd().iterdir()):
        if not path.is_file() or path.is_symlink() or not os.access(path, os.R_OK) or path.name.endswith(("-wal", "-shm")):
            continue
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{quote(os.fsencode(path.name))}?mode=ro", uri=True)) as store,
        ):
            rows = store.execute(
                "SELECT issuer, MAX(number) FROM entries WHERE typeof(hash) = 'blob' GROUP BY issuer ORDER BY issuer"
            )
            found[path.name] = tuple(rows.fetchall())
    return found


# --- the lines ----------------------------------------------------------------------------------------------------------


@attrs.frozen
class Form:
    """A command: the words that name it, and its parameters."""

    words: tuple[str, ...]
    parameters: tuple[click.Parameter, ...]


def forms(command: click.Command = cli, words: tuple[str, ...] = ()) -> Iterator[Form]:
    """Every command of the program, groups too."""
    yield Form(words, tuple(command.params))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from forms(child, (*words, name))


_EXAMPLE = re.compile(r"^ *captable ((?:[^\n]*\\\n)*[^\n]*?)(?:  .*)?$", re.MULTILINE)


def examples(command: click.Command = cli) -> Iterator[list[str]]:
    """The words of every example of the help."""
    for text in _EXAMPLE.findall(command.help or ""):
        with suppress(ValueError):
            yield shlex.split(text.replace("\\\n", " "))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if (child := command.get_command(context, name)) is not None:
                yield from examples(child)


def value(random: Random, parameter: click.Parameter) -> str:
    """A word for a parameter: mostly of its kind."""
    if random.random() < 0.12:
        return random.choice(HOSTILE)
    kind, name = parameter.type, str(parameter.name)
    if name in ("store", "read_store", "place"):
        return random.choice(STORES)
    if name == "sql":
        return random.choice(QUERIES)
    if isinstance(kind, click.Choice):
        return str(random.choice(list(kind.choices)))
    if isinstance(kind, click.Path) or name in (
        "path",
        "output",
        "file",
        "target",
        "source",
        "calendar",
        "key_file",
        "receipts",
        "database",
    ):
        return random.choice(FILES)
    if kind.name in ("date", "moment", "month"):
        return random.choice(DAYS)
    if "integer" in kind.name or name in ("shares", "price", "limit", "number", "votes"):
        return random.choice(NUMBERS)
    return random.choice(random.choice((DAYS, NUMBERS, NAMES, MODULES)))


def grown(random: Random, form: Form) -> list[str]:
    """A line of a command: what it requires, mostly, and some of its options."""
    words = list(form.words)
    for parameter in random.sample(form.parameters, len(form.parameters)):
        if random.random() > (0.95 if parameter.required else min(0.3, 4 / len(form.parameters))):
            continue
        if isinstance(parameter, click.Argument):
            words.append(value(random, parameter))
        elif isinstance(parameter, click.Option):
            words.append(random.choice([*parameter.opts, *parameter.secondary_opts]))
            words += [] if parameter.is_flag else [value(random, parameter)]
    return words


def mutated(random: Random, words: list[str]) -> list[str]:
    """A line with up to three changes."""
    words = list(words)
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
        place = random.randrange(len(words) + 1)
        match random.randrange(5):
            case 0:
                words.insert(place, random.choice(HOSTILE))
            case 1:
                del words[place : place + 1]
            case 2:
                words[place : place + 1] = [random.choice(HOSTILE)]
            case 3:
                words[place:place] = words[place : place + 2]
            case _ if words:
                place = min(place, len(words) - 1)
                words[place] = words[place][: random.randint(0, len(words[place]))] + random.choice(("", "x", "0", "-", "=", "é"))
    return words


def harmless(words: Sequence[str]) -> bool:
    """Whether a line stays in the folder, ends, and waits for no other machine."""
    leads_out = any(".." in word or "/" in word.removeprefix("sqlite:///")[:1] for word in words)
    stays = not leads_out and not any(word.startswith("~") for word in words)
    ends = not ALONE & set(words) or bool({"-h", "--help"} & set(words)) or "help" in words[:1]
    return stays and ends and not any(word.startswith("--c") and "--cluster".startswith(word.partition("=")[0]) for word in words)


def bounded(words: list[str]) -> list[str]:
    """What starts processes starts one; what may take long takes a second."""
    if words[:1] == ["returns-run"]:
        return [*words, "--workers", "1"]
    return [*words, "--seconds", "1"] if words[:1] == ["query"] else words


# --- running and judging ------------------------------------------------------------------------------------------------


@attrs.frozen
class Ended:
    """How a line ended."""

    code: int
    out: bytes
    err: str


def run(words: Sequence[str], given: bytes) -> Ended:
    """Run a line in this process."""
    out, err = io.BytesIO(), io.BytesIO()
    # As the streams of a program are that prints to a terminal: what they cannot show is replaced.
    wrapped = [io.TextIOWrapper(each, "utf-8", "replace", write_through=True) for each in (out, err)]
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(given), "utf-8", "surrogateescape")
    code: Any = 0
    try:
        with redirect_stdout(wrapped[0]), redirect_stderr(wrapped[1]):
            main(list(words))
    except SystemExit as ended:
        code = ended.code
    except BaseException as error:
        return Ended(-1, b"", f"Traceback: {error!r}")
    finally:
        sys.stdin = stdin
        for each in wrapped:
            with suppress(ValueError):
                each.flush()
    return Ended(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue().decode("utf-8", "replace"))


@cache
def valued() -> frozenset[str]:
    """The options that take the word after them as their value, whatever it is."""
    options = (each for form in forms() for each in form.parameters if isinstance(each, click.Option) and not each.is_flag)
    return frozenset(name for each in options for name in each.opts)


def given(words: Sequence[str], flag: str) -> bool:
    """Whether a line has a flag, and not as the value of an option."""
    return any(word == flag and before not in valued() for before, word in pairwise(["", *words]))


CODES = {*MEANINGS} - {DAMAGED}
ANSWERED = {DONE, FINDINGS, NOT_KNOWN}


def faults(words: Sequence[str], ended: Ended, before: Heads, after: Heads) -> Iterator[str]:
    """What is wrong with how a line ended. No store here is damaged, so no line may say so."""
    said = ended.out.decode("utf-8", "replace") + ended.err
    if "Traceback" in said or (
        "unexpected" in ended.err.partition("unexpected keyword")[0] and "captable: unexpected" in ended.err
    ):
        yield "traceback, or an error that nobody foresaw"
    if ended.code not in CODES:
        yield f"exit code {ended.code}"
    if PASSWORD in said and not any(PASSWORD in word for word in words if "://" not in word and ":/" not in word):
        yield "a password is shown"
    if ended.code not in ANSWERED and not ended.err.strip():
        yield "it fails and does not say why"
    grown_books = {name: books for name, books in after.items() if books and books != before.get(name, ())}
    if ended.code > 1 and grown_books:
        yield f"it fails, and {sorted(grown_books)} changed"
    lost = [name for name, books in before.items() if books and name in after and dict(after[name]).items() < dict(books).items()]
    if lost or any(name not in after for name, books in before.items() if books):
        yield "a book lost entries"
    if grown_books and not set(words) & WRITE:
        yield f"it only reads, and {sorted(grown_books)} changed"
    if grown_books and given(words, "--dry-run") and "--no-dry-run" not in words:
        yield f"it was a dry run, and {sorted(grown_books)} changed"
    if re.search(rb"^Recorded entry", ended.out, re.MULTILINE) and not grown_books and not any("://" in word for word in words):
        yield "it says that it recorded, and nothing changed"
    if given(words, "--json") and ended.code < 2 and ended.out.strip() and not ended.out.startswith(b"Usage:"):
        try:
            json.loads(ended.out)
        except ValueError:
            yield "what it prints with --json is no JSON"


def fuzz(seed: str, number: int, books: Path) -> dict[str, Any]:
    """Run so many lines in the working folder."""
    random, codes, found = Random(seed), Counter[int](), list[str]()
    all_forms, all_examples, more = list(forms()), list(examples()), prepared(books)
    stdin = [b"", b"y\n", b"n\n", b"\xff\xfe", json.dumps({"event": "PlacingCompleted"}).encode()]
    done = 0
    while done < number:
        words = grown(random, random.choice(all_forms)) if random.random() < 0.5 else list(random.choice(all_examples))
        words = bounded(mutated(random, words))
        if not harmless(words):
            continue
        if done % RENEWED == 0:
            furnish(books, more)
            before = heads()
        done += 1
        ended = run(words, random.choice(stdin))
        after = heads()
        codes[ended.code] += 1
        found += [
            f"{fault}: captable {shlex.join(words)!a} -> {ended.code} {ended.err[-300:]!a}"
            for fault in faults(words, ended, before, after)
        ]
        before = after
    return {"lines": done, "codes": {str(code): codes[code] for code in sorted(codes)}, "faults": found}


def confined() -> None:
    """So much memory, time and room in a file, and no more: what a line asks for without end ends here, not the machine."""
    for limit, most in ((resource.RLIMIT_AS, 8 * 2**30), (resource.RLIMIT_CPU, 3_600), (resource.RLIMIT_FSIZE, 2**30)):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    confined()
    print(json.dumps(fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
