"""Sentences that readers stumbled over are not written again; each line names what replaced one or its words."""

from __future__ import annotations

import re

import pytest

from tests.test_docs import ROOT, repository

# Looked for in sources, help and documents, with white space and the joints of strings counted once.
OLD = """
derived from the books anew
what became of it
recorded and yet irregular
Take an entry back
The old one stays
Write down where every book ends
in SQL, which only reads
Make a store of a backup
Check an act before
pure function of its entries
where left out
As known at this moment
user of this machine
Whose book
Tells a second
Let a file without facts pass
habits in filling
read otherwise now
say no, 1 not checked
asks nothing of this issuer
a computation, no legal advice
of another than a director
it brings along
was not read;
were not read;
that day not included
answers anew
replace that one
what is outstanding under scheme {code}
what is outstanding of instrument
above the 0 authorised
is there already
not for the terminal
clock that stands still
told to its calendar
""".strip().splitlines()

WORDS = re.compile(r"\b(told|tells|anew|whoever|what became of|rests on|stands? for|taken back|at hand|verdict)\b", re.IGNORECASE)
FOLDERS = ("domain", "application", "infrastructure", "cli", "docs", "README.md", "AGENTS.md")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    files = [path for path in repository() if path.suffix in (".py", ".md", ".html", ".yaml", ".j2")]
    named = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}
    return {
        name: " ".join(re.sub(r'"\n\s*f?"', "", text).split()) for name, text in named.items() if name.split("/")[0] in FOLDERS
    }


@pytest.mark.parametrize("old", OLD)
def test_a_sentence_that_was_rewritten_does_not_come_back(old, texts):
    assert [name for name, text in texts.items() if old.lower() in text.lower()] == []


def test_no_text_uses_a_word_that_readers_stumble_over(texts):
    assert [f"{name}: {found[0]}" for name, text in texts.items() for found in WORDS.finditer(text)] == []
