"""The pages as files: all that a link leads to from one viewpoint, links that lead from file to file, and nothing half written."""

from __future__ import annotations

import json
import re
from contextlib import chdir
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from cli.web.asked import Asked
from cli.web.site import Site
from tests.cli.running import at, captable, done
from tests.cli.web.conftest import BETWEEN, NOW

LINK = re.compile(r'(?:href|src)="([^"#]+)(?:#[^"]*)?"')


def written(*arguments: str, folder: str = "site") -> Path:
    with at(NOW):
        said = done("export", "--site", folder, *arguments).err
    assert said.endswith(f"; open {folder}/index.html\n")
    assert f"{sum(path.is_file() for path in Path(folder).rglob('*')):,} files written" in said
    return Path(folder)


@pytest.fixture(scope="module")
def site(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the book as known on 21 January 2025, made once."""
    with chdir(made):
        return written("--as-of", "2025-01-20", "--store", "captable.db", folder=str(tmp_path_factory.mktemp("site"))).absolute()


def links(page: Path) -> list[Path]:
    return [page.parent / unquote(unescape(link)) for link in LINK.findall(page.read_text())]


def test_every_link_leads_to_a_file_of_the_site(site):
    pages = [page for page in site.rglob("*.html") if "data" not in page.parts]
    assert len(pages) > 11
    for page in pages:
        assert [link for link in links(page) if not link.is_file()] == [], page
        assert "<script" not in page.read_text()
        assert "<form" not in page.read_text()


def test_the_site_of_the_demo_leads_from_a_figure_of_the_december_return_to_its_entry(demo):
    done("export", "--site", "dossier", "--as-of", "2024-12-31")
    pages = [page for page in Path("dossier").rglob("*.html") if "data" not in page.parts]
    assert [link for page in pages for link in links(page) if not link.is_file()] == []
    page = Path("dossier/issuers/00020/returns/monthly/2024-12.html")
    # The placing of 17 December 2024, as the published Next Day Disclosure Return has it.
    found = re.search(r'<a class="figure" href="([^"]+)"[^>]*>1,865,000,000</a>', page.read_text())
    assert found
    assert "Entry 41: Placing completed" in (page.parent / found[1]).read_text()


def test_every_page_is_reached_from_the_first(site):
    waiting, seen = [site / "index.html"], {(site / "index.html").resolve()}
    while waiting:
        page = waiting.pop()
        for link in links(page) if page.suffix == ".html" and "data" not in page.parts else []:
            if link.resolve() not in seen:
                seen.add(link.resolve())
                waiting.append(link)
    assert seen == {path.resolve() for path in site.rglob("*") if path.is_file()}


def test_the_files_show_what_the_pages_show_at_the_viewpoint(store, site):
    # Entry 11 corrected the placing from 3,000 to 4,000 shares; 50,000 were there before.
    assert '<dd id="issued-B">54,000</dd>' in (site / "issuers/00020/index.html").read_text()
    then = written("--as-of", "2024-12-31", "--known-at", BETWEEN, folder="then")
    page = (then / "issuers/00020/index.html").read_text()
    assert '<dd id="issued-B">53,000</dd>' in page
    assert "as known at <strong>2025-01-10 12:00:59 HKT</strong>" in page
    assert not (then / "issuers/00020/entries/11.html").exists()


def test_figures_of_a_filed_return_lead_to_their_entries_and_its_documents_are_there(site, made):
    filed = site / "issuers/00020/filings/10.html"
    assert (site / "issuers/00020/entries/9.html").resolve() in {link.resolve() for link in links(filed)}
    documents = {link.suffix for link in links(filed) if "data" in link.parts}
    assert documents == {".pdf", ".xlsx", ".json", ".html", ".txt"}
    # The document is the one that was filed, to the byte.
    (pdf,) = {link.resolve() for link in links(filed) if link.suffix == ".pdf"}
    assert pdf.read_bytes() == (made / "filed.pdf").read_bytes()


def test_the_data_is_that_of_the_api(site, client):
    answer = client.get("/v1/issuers/00020/balances?as_of=2025-01-20").json()
    assert json.loads((site / "data/issuers/00020/balances.json").read_text()) == answer


def test_a_folder_that_holds_something_is_left_as_it_is(store):
    Path("site").mkdir()
    Path("site/notes.txt").write_text("mine")
    ran = captable("export", "--site", "site")
    assert (ran.code, "site is not empty; name a new folder" in ran.err) == (2, True)
    assert [path.name for path in Path("site").iterdir()] == ["notes.txt"]
    assert captable("export", "--site", "new", "--sqlite", "tables.sqlite").code == 2
    assert captable("export", "--site", "new", "--issuer", "00021").code == 2
    assert not Path("new").exists()


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/issuers/00020", "issuers/00020/index.html"),
        ("/issuers/00020/entries?page=2", "issuers/00020/entries/index-page-2.html"),
        ("/issuers/00020/entries?entries=7,10-11", "issuers/00020/entries/index-entries-7,10-11.html"),
        ("/issuers/00020/entries/41?as_of=2024-12-31", "issuers/00020/entries/41.html"),
        ("/issuers/00020/filings/52?entry=41#figure", "issuers/00020/filings/52.html"),
        ("/rules/HK302", "rules/HK302.html"),
        ("/v1/issuers/00020/balances?as_of=2024-12-31&format=csv", "data/issuers/00020/balances.csv"),
        ("/v1/issuers/00020/filings/52?format=text", "data/issuers/00020/filings/52.txt"),
        ("/static/captable.css?0123", "static/captable.css"),
        ("/issuers/00020?as_of=2024-12-30", None),
        ("/issuers/00020?known_at=2024-12-30", None),
        ("/issuers/00020?lang=zh-Hant", None),
        ("/issuers/../../etc/x", "issuers/etc/x.html"),
    ],
)
def test_each_address_of_the_viewpoint_has_a_file(address, file):
    site = Site(None, Asked(as_of=date(2024, 12, 31)))  # type: ignore[arg-type]
    found = site.canonical(address)
    assert (found and site.file_of(found)) == file


def test_a_long_list_of_entries_still_has_a_name_that_a_disk_takes():
    site = Site(None, Asked(as_of=date(2024, 12, 31)))  # type: ignore[arg-type]
    numbers = ",".join(map(str, range(1, 2_000, 2)))
    names = {site.file_of(site.canonical(f"/issuers/00020/entries?entries={numbers}{more}") or "") for more in ("", ",2001")}
    assert len(names) == 2
    assert all(len(name.rpartition("/")[2]) < 100 for name in names)
