"""The pages in a real browser: what changes when one acts, by keyboard too, for a screen reader, on paper, in the dark."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cli.web import desk
from cli.web.app import LOCAL, application
from cli.web.guards import Policy
from cli.web.holders import WRITE, Holder
from tests.cli.running import at, done
from tests.cli.web.conftest import BETWEEN, CHECKER, NOW, desk_of
from tests.cli.web.running import running

CHROMIUM = shutil.which("chromium")
# For each window the browser would load two pages of its own, the lists under its address bar, which nobody sees here.
NO_ADDRESS_BAR = "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ, reason="no chromium on this machine: apt-get install chromium"
    ),
    # What Playwright itself does not close is no concern of these tests.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

BOOK = "/issuers/00020"
RETURN = f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06"
VIEWS = {
    "front": "/",
    "issuer": BOOK,
    "issuer with a ghost": f"{BOOK}?as_of=2025-01-05&known_at={BETWEEN}",
    "issuer in Chinese": f"{BOOK}?lang=zh-Hant",
    "entries": f"{BOOK}/entries",
    "entry": f"{BOOK}/entries/11",
    "return": RETURN,
    "next-day return": f"{BOOK}/returns/next-day/2024-12-17?submitted_on=2024-12-18",
    "filed return": f"{BOOK}/filings/10",
    "rule": "/rules/HK302",
    "problem": "/nowhere",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this module: while it is open, no other test of its process can run an event loop."""
    with sync_playwright() as playwright:
        # A browser that runs as root, as on a build machine, has no sandbox of its own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=[NO_ADDRESS_BAR, *arguments])
        yield found
        found.close()


@pytest.fixture
def site(store) -> Iterator[str]:
    """Where the pages are: the book as it is asked on 21 January 2025."""
    asked = desk_of(store)
    with running(application(asked)) as (host, port):
        yield f"http://{host}:{port}"
    asked.store.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of the site."""
    yield from opened(browser, site)


@pytest.fixture
def checker(browser: Browser, waiting_store: str) -> Iterator[Page]:
    """A page on which entries wait, as the person sees it who may release them."""
    asked = desk_of(waiting_store, writable=True)
    policy = Policy(hosts=LOCAL, writable=True, local=Holder(CHECKER, None, WRITE))
    with running(application(asked, policy)) as (host, port):
        yield from opened(browser, f"http://{host}:{port}")
    asked.store.close()


def opened(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a site; it must never fetch from elsewhere, and never complain."""
    with browser.new_context(base_url=site, viewport={"width": 1100, "height": 900}) as context:
        found, elsewhere, complaints = context.new_page(), [], []
        found.on("request", lambda request: None if request.url.startswith(site) else elsewhere.append(request.url))
        found.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        assert elsewhere == []
        # A page that is not there is one of the views, and what is no return is refused.
        assert [each for each in complaints if "status of 404" not in each and "status of 400" not in each] == []


def issued(page: Page) -> str:
    return page.locator("#issued-B").inner_text()


# --- the viewpoint ------------------------------------------------------------------------------------------------


def test_the_slider_changes_the_tiles_and_the_chart_without_loading_the_page_again(page):
    page.goto(f"{BOOK}?as_of=2024-12-17")
    assert issued(page) == "54,000"
    line = page.locator("svg.timeline.wide path.issued").first.get_attribute("d")
    page.evaluate("window.same = true")
    page.locator("#slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#issued-B")).to_have_text("50,000")
    assert page.url.endswith("as_of=2024-12-16")
    assert page.locator("svg.timeline.wide path.issued").first.get_attribute("d") != line
    assert page.evaluate("window.same") is True
    # The slider keeps the focus, and the change is read out.
    assert page.evaluate("document.activeElement.id") == "slider"
    expect(page.locator("#said")).to_contain_text("At close of 16 December 2024")
    page.go_back()
    expect(page.locator("#issued-B")).to_have_text("54,000")


def test_a_correction_shows_as_a_ghost_line(page):
    page.goto(f"{BOOK}?as_of=2025-01-05")
    assert page.locator("path.ghost").count() == 0
    page.get_by_label("Known at").fill(f"{BETWEEN}:00")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#issued-B")).to_have_text("53,000")
    assert page.locator("svg.wide path.ghost").count() == 1
    assert "known_at=2025-01-10T12%3A00" in page.url


def test_the_parts_of_a_large_book_come_by_themselves(page, monkeypatch):
    monkeypatch.setattr(desk, "SMALL", 0)
    page.goto(BOOK)
    expect(page.get_by_role("heading", name="issue-2024")).to_be_visible()
    expect(page.locator("[data-part]")).to_have_count(0)


def test_everything_works_without_script(browser, site):
    with browser.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(BOOK)
        page.get_by_label("As of").fill("2024-12-16")
        page.get_by_role("button", name="Show").click()
        assert issued(page) == "50,000"
        assert page.locator("#slider").is_hidden()


# --- from figures to entries and back -----------------------------------------------------------------------------


def test_a_figure_of_the_december_return_leads_to_its_entry_and_back(page):
    page.goto(f"{BOOK}/filings/10?known_at={BETWEEN}")
    page.locator(".sheet a.figure", has_text=re.compile("^3,000$")).first.click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Entry 9: Placing completed")
    page.get_by_role("link", name="Monthly Return for December 2024").click()
    marked = page.locator("a.figure.marked").first
    expect(marked).to_have_text("3,000")
    assert page.url.endswith("#figure")


def test_a_mark_on_the_chart_leads_to_its_entry(page):
    page.goto(BOOK)
    page.locator('svg.wide a[aria-label^="17 December 2024: Placing completed 4,000"]').click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Entry 11: Placing completed")


def test_entries_are_filtered_in_place(page):
    page.goto(f"{BOOK}/entries")
    page.get_by_label("Event").select_option("Placing completed")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("table.register caption")).to_contain_text("2 entries match")
    assert "event=placing-completed" in page.url


def test_a_dropped_pdf_is_compared_with_the_book(page, folder):
    page.goto(BOOK)
    page.get_by_label("Drop a return here").set_input_files(folder / "filed.pdf")
    expect(page.locator("#compared")).to_contain_text("differences", timeout=60_000)
    expect(page.locator("#compared table")).to_contain_text("4,000")
    assert (
        page.evaluate("""async () => {
        const file = new File(["no return"], "no.txt"), data = new DataTransfer();
        data.items.add(file);
        document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        return document.querySelector("#compared").textContent;
    }""")
        == "Reading no.txt …"
    )
    expect(page.locator("#compared")).to_contain_text("no.txt: ", timeout=60_000)


def test_a_return_is_downloaded(page):
    page.goto(RETURN)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == "00020-2024-12-FF301.pdf"


# --- by keyboard, for a screen reader, on paper -------------------------------------------------------------------


def test_the_keyboard_skips_to_the_content(page):
    page.goto(BOOK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", VIEWS)
def test_no_view_has_a_fault_that_axe_finds(page, name):
    page.goto(VIEWS[name])
    without_faults(page)


def without_faults(page: Page) -> None:
    """Light and dark, wide and narrow."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    # In the dark nothing but the colours differs.
    for scheme, rules in (("light", ""), ("dark", "runOnly: ['color-contrast'], ")):
        page.emulate_media(color_scheme=scheme)
        for width in (1100, 380):
            page.set_viewport_size({"width": width, "height": 900})
            # What has no fault, hundreds of elements of each view, is not described.
            found = page.evaluate(f"axe.run({{{rules}resultTypes: ['violations']}}).then(found => found.violations)")
            assert [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]] == []


@pytest.mark.parametrize("name", VIEWS)
def test_no_view_is_wider_than_a_telephone(page, name):
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(VIEWS[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


_CUT = """() => {
    const ruler = document.createElement("canvas").getContext("2d"), cut = [];
    for (const cell of document.querySelectorAll(".sheet th, .sheet td")) {
        const style = getComputedStyle(cell);
        ruler.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 0.5;
        cut.push(...cell.innerText.split(/[\\s/-]+/).filter(word => ruler.measureText(word).width > room));
    }
    return cut;
}"""
"""The words and numbers of a return that are wider than their cells, and so are broken."""


@pytest.mark.parametrize(("width", "medium"), [(1280, "screen"), (380, "screen"), (688, "print")])
@pytest.mark.parametrize("name", ["return", "next-day return"])
def test_no_word_and_no_number_of_a_return_is_cut(page, name, width, medium):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(media=medium)
    page.goto(VIEWS[name])
    assert page.evaluate(_CUT) == []


@pytest.mark.parametrize("name", ["issuer", "entries", "return"])
def test_the_page_prints_on_a4_without_what_is_of_no_use_there(page, name):
    page.goto(VIEWS[name])
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    # A4 in points, either way up.
    assert {tuple(sorted(round(side) for side in sheet.get_size())) for sheet in printed} == {(595, 842)}
    words = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert "Example & Sons" in words
    assert "Skip to the content" not in words
    assert "中文" not in words


# --- release by another person -------------------------------------------------------------------------------------


def test_what_waits_is_released_with_a_button_and_counts(checker):
    checker.goto(BOOK)
    assert issued(checker) == "54,000"
    checker.get_by_role("link", name="2 entries wait for release, and count only then: 13, 14").click()
    waits = checker.get_by_role("region", name="Entries that wait for release, table")
    expect(waits).to_contain_text("54,000 → 54,500")
    waits.get_by_role("button", name="Release entry 13").click()
    expect(checker.get_by_role("heading", level=2)).to_have_text("Entry 16: Other shares issued")
    checker.goto(BOOK)
    assert issued(checker) == "54,500"
    expect(checker.get_by_role("heading", name="Waiting for release")).to_contain_text("1")


@pytest.mark.parametrize("address", ["/", BOOK, f"{BOOK}?lang=zh-Hant", f"{BOOK}/entries", f"{BOOK}/entries/14"])
def test_no_view_of_what_waits_has_a_fault_that_axe_finds_or_is_wider_than_a_telephone(checker, address):
    checker.goto(address)
    without_faults(checker)
    assert checker.evaluate("document.documentElement.scrollWidth") <= 380


# --- as files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def files_page(browser: Browser, store: str, folder: Path) -> Iterator[Page]:
    """The first page of a site of files; nothing may be fetched but from its folder."""
    with at(NOW):
        done("export", "--site", "site")
    with browser.new_context(viewport={"width": 1100, "height": 900}) as context:
        found, elsewhere = context.new_page(), []
        inside = f"{(folder / 'site').as_uri()}/"
        found.on("request", lambda request: None if request.url.startswith(inside) else elsewhere.append(request.url))
        found.goto(f"{inside}index.html")
        yield found
        assert elsewhere == []


def test_the_files_are_gone_through_without_a_server(files_page):
    files_page.get_by_role("link", name="00020").click()
    assert issued(files_page) == "54,000"
    files_page.locator('svg.wide a[aria-label^="17 December 2024: Placing completed 4,000"]').click()
    expect(files_page.get_by_role("heading", level=2)).to_have_text("Entry 11: Placing completed")
    files_page.get_by_role("link", name="Monthly Return for December 2024").first.click()
    files_page.locator(".sheet a.figure", has_text=re.compile("^[34],000$")).first.click()
    expect(files_page.get_by_role("heading", level=2)).to_contain_text("Placing completed")
    files_page.get_by_role("link", name="captable").click()
    assert files_page.url.endswith("/site/index.html")
    # The style sheet is there: the bar of the page has its own font weight.
    assert files_page.locator(".bar .home").evaluate("each => getComputedStyle(each).fontWeight") == "700"


def test_the_files_have_no_fault_that_axe_finds(files_page):
    for link in ("00020", "Entries", "11"):
        files_page.get_by_role("link", name=link, exact=True).first.click()
        files_page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
        found = files_page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations.map(each => each.id))")
        assert found == [], files_page.url
