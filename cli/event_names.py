"""The names of the event types as commands have them, and what each means in a clause.

Completion reads them from the source of the vocabulary: to make its classes takes longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def command_of(name: str) -> str:
    """The subcommand of an event type, by the name of its class: PlacingCompleted is placing-completed."""
    letters = ("-" + letter.lower() if letter.isupper() else letter for letter in name)
    return "".join(letters).lstrip("-")


def clause(meaning: str) -> str:
    """The first clause of what an event type means, short enough for a list."""
    said = meaning.replace("\n", " ").partition(" (")[0]
    for end in (". ", ";", ":"):
        said = said.partition(end)[0]
    return said.strip().rstrip(".") + "."


def written() -> Iterator[tuple[str, str]]:
    """Every event type in reading order: its subcommand and the clause, from the source of `domain.events`."""
    import ast

    import domain

    modules = {path.stem: ast.parse(path.read_bytes()).body for path in (Path(domain.__path__[0]) / "events").glob("*.py")}
    classes = (each for body in modules.values() for each in body if isinstance(each, ast.ClassDef))
    meanings = {each.name: ast.get_docstring(each) or "" for each in classes}

    def listed(module: str, table: str) -> Iterator[str]:
        """The names in a table of a module, in their order."""
        values = [each.value for each in modules[module] if isinstance(each, ast.AnnAssign) and ast.unparse(each.target) == table]
        yield from (name.id for value in values if value is not None for name in ast.walk(value) if isinstance(name, ast.Name))

    subjects = [subject for subject in listed("__init__", "SUBJECTS") if subject in modules]
    names = (name for subject in subjects for name in listed(subject, "EVENTS"))
    yield from ((command_of(name), clause(meanings[name])) for name in names)
