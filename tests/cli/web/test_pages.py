"""The pages: what each shows of the book, at a viewpoint, in both languages, and how its links lead on and back."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from application import prepare_return
from cli.web import desk, register
from domain.capital import ledger
from tests.cli.running import at, done
from tests.cli.web.conftest import BETWEEN, NOW, client_of

BOOK = "/issuers/00020"


def text(answer):
    """What a page says, without its tags."""
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])).split())


def test_the_front_page_lists_every_issuer_with_what_is_overdue(store):
    found = text(client_of(store, "2025-02-10T07:00+08:00").get("/"))
    assert "Example & Sons <Limited> 例子有限公司" in found
    assert "1 with something overdue" in found
    assert "! overdue Monthly Return for January 2025" in found


def test_the_front_page_lists_what_is_due_today(store):
    found = text(client_of(store, "2025-02-07T07:00+08:00").get("/"))
    assert "✓ 0 with something overdue" in found
    assert "○ 1 with something due today" in found
    assert "Monthly Return for January 2025, 08:30 HKT" in found
    assert "in 1 h 30 min" in found


def test_the_tiles_show_the_balances_of_the_day(client):
    assert "Issued, excluding treasury 54,000 Treasury 0 Total issued 54,000" in text(client.get(BOOK))
    assert "Issued, excluding treasury 50,000 Treasury 0" in text(client.get(f"{BOOK}?as_of=2024-12-16"))


def test_an_earlier_instant_shows_what_was_known_then_and_the_change_as_a_ghost(client):
    then = client.get(f"{BOOK}?as_of=2025-01-05&known_at={BETWEEN}")
    assert "Issued, excluding treasury 53,000" in text(then)
    assert 'class="ghost"' in then.text
    assert "the dashed line shows it as known now" in text(then)
    assert 'class="ghost"' not in client.get(f"{BOOK}?as_of=2025-01-05").text


def test_the_ghost_is_drawn_only_where_the_past_changed(client):
    """Class A was never corrected: of two drawings for each class, only those of class B have a ghost."""
    then = client.get(f"{BOOK}?as_of=2025-01-05&known_at={BETWEEN}").text
    drawings = re.findall(r'<svg class="timeline.*?</svg>', then, re.DOTALL)
    assert ["Class B" in each for each in drawings if 'class="ghost"' in each] == [True, True]


def test_only_an_address_with_a_day_and_a_moment_is_called_a_citation(client):
    """Of another one the figures change with the day, or with the next entry."""
    cites = "The address of this page is a citation of it."
    for address in (BOOK, f"{BOOK}?as_of=2024-12-17", f"{BOOK}?known_at={BETWEEN}"):
        page = client.get(address)
        assert cites not in text(page)
        link = unescape(re.search(r'href="([^"]*)"[^>]*>an address that always shows these figures', page.text)[1])
        assert {"as_of", "known_at"} <= set(parse_qs(urlsplit(link).query))
        cited = client.get(link)
        assert cites in text(cited)
        tiles = re.compile(r"Issued, excluding treasury [0-9,]+ Treasury [0-9,]+")
        assert tiles.findall(text(cited)) == tiles.findall(text(page)) != []


@pytest.mark.parametrize("asked", ["as_of=2025-02-10", "as_of=2025-01-05&known_at=2025-02-10T08:30"])
def test_what_is_ahead_is_no_citation(client, asked):
    found = text(client.get(f"{BOOK}?{asked}"))
    assert "Some of that time is ahead: the figures may change." in found
    assert "citation" not in found


def test_mandates_show_what_is_used_and_left(client):
    # 20 % of 55,000 are 11,000; the placing of 4,000 is under it.
    assert "Used 4,000 Reserved 0 Left 7,000 Limit 11,000" in text(client.get(BOOK))


def test_a_mandate_that_is_exceeded_says_by_how_much(store):
    with at(NOW):
        done("correct", "11", "--shares", "11,001")
    assert "Used 11,001 Reserved 0 Exceeded by 1 Limit 11,000" in text(client_of(store).get(BOOK))


def test_a_book_of_which_nothing_is_known_yet_goes_by_its_code(client):
    page = client.get(f"{BOOK}?known_at=2020-01-01T00:00")
    assert re.search(r"<h1>(.*?)</h1>", page.text)[1] == '<span class="code">00020</span>'
    assert "The book holds no class of shares yet." in text(page)


def test_the_filing_calendar_counts_down(client):
    # The first five business days of February 2025 are the 3rd to the 7th.
    found = text(client.get(BOOK))
    assert "○ open Fri 7 February 2025 08:30 HKT in 17 days Monthly Return for January 2025" in found
    assert "✓ filed" in found


def test_findings_say_how_they_are_cleared(store):
    found = client_of(store, "2025-02-10T07:00+08:00").get(BOOK)
    assert 'href="/rules/' in found.text
    assert "To clear" in text(found)


def test_the_entries_are_filtered_and_paged_on_the_server(client):
    found = text(client.get(f"{BOOK}/entries?event=placing-completed"))
    assert "2 entries match" in found
    assert "9 17 December 2024 Placing completed B 3,000" in found
    assert "replaced by 11" in found
    assert "1 entry matches" in text(client.get(f"{BOOK}/entries?event=placing-completed&standing=true"))
    second = client.get(f"{BOOK}/entries?size=4&page=2")
    assert "11 entries, the last recorded first; page 2 of 3" in text(second)
    assert 'rel="prev"' in second.text
    assert 'rel="next"' in second.text


def test_an_entry_leads_to_the_returns_that_print_it_and_back(client):
    entry = client.get(f"{BOOK}/entries/9?known_at={BETWEEN}")
    assert "shares 3,000" in text(entry)
    assert "unissued held 3,000" in text(entry)
    filed = re.search(r'href="([^"]*/filings/10[^"]*)"', entry.text)
    printed = client.get(unescape(filed[1]).partition("#")[0])
    assert "as filed on 6 January 2025" in text(printed)
    back = re.search(r'id="figure" href="([^"]+)"', printed.text)
    assert unescape(back[1]).startswith(f"{BOOK}/entries/9")


def test_a_filed_return_stays_as_it_was_filed(client):
    assert "53,000" in text(client.get(f"{BOOK}/filings/10"))
    now = text(client.get(f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06"))
    assert "54,000" in now
    assert "53,000" not in now


def test_each_figure_of_a_return_leads_to_its_entries(client):
    found = client.get(f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06").text
    figures = dict(re.findall(r'<a class="figure"[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', found))
    assert figures[f"{BOOK}/entries/11"] == "4,000"
    assert figures[f"{BOOK}/entries?entries=6%2C11"] == "54,000"


def test_a_next_day_return_is_shown(client):
    assert "54,000" in text(client.get(f"{BOOK}/returns/next-day/2024-12-17?submitted_on=2024-12-18"))


def test_captions_are_also_in_chinese_where_it_is_asked_for(client):
    chinese = client.get(f"{BOOK}?lang=zh-Hant").text
    assert 'Issued, excluding treasury <span class="zh" lang="zh-Hant">已發行股份（不包括庫存股份）</span>' in chinese
    assert "已發行股份" not in client.get(BOOK).text
    # The language stays while one walks on.
    assert "/issuers/00020/entries?lang=zh-Hant" in chinese


def test_the_days_before_and_after_are_a_link_away(client):
    found = client.get(f"{BOOK}?as_of=2024-12-17").text
    assert 'href="/issuers/00020?as_of=2024-06-14" data-swap rel="prev"' in found
    assert 'href="/issuers/00020?as_of=2024-12-31" data-swap rel="next"' in found


def test_a_class_that_is_not_known_yet_says_so(client):
    assert "Not known before 2 January 2024" in text(client.get(f"{BOOK}?as_of=2024-01-01")) or "no class" in text(
        client.get(f"{BOOK}?as_of=2024-01-01")
    )


def test_parts_of_a_large_book_come_on_their_own(client, monkeypatch):
    monkeypatch.setattr(desk, "SMALL", 0)
    page = client.get(f"{BOOK}?as_of=2025-01-21")
    places = re.findall(r'data-part="([^"]+)"', page.text)
    assert places == [f"{BOOK}/parts/{name}?as_of=2025-01-21" for name in ("due", "findings", "mandates")]
    assert "Left 7,000 Limit 11,000" not in text(page)
    assert "Left 7,000 Limit 11,000" in text(client.get(f"{BOOK}?as_of=2025-01-21&all=true"))
    parts = [client.get(place) for place in places]
    assert [each.status_code for each in parts] == [200] * 3
    assert "Monthly Return for January 2025" in parts[0].text
    assert "<html" not in parts[0].text
    # Once computed they are in the page itself.
    assert "data-part" not in client.get(f"{BOOK}?as_of=2025-01-21&lang=zh-Hant").text


def test_a_long_book_shows_what_is_of_late_and_leads_to_all_of_it(client, monkeypatch):
    """Two entries make it long here: what is shown reaches back to the placing of 17 December 2024 and the return for December."""
    whole = text(client.get(f"{BOOK}?as_of=2025-01-21"))
    monkeypatch.setattr(desk, "SMALL", 2)
    page = client.get(f"{BOOK}?as_of=2025-01-21&wait=true")
    assert "Findings about the entries since 18 December 2024" in text(page)
    assert "Deadlines about the days since 18 December 2024" in text(page)
    assert "Every day is drawn since 18 December 2024" in text(page)
    assert "Issued, excluding treasury 54,000" in text(page)
    links = re.findall(r'href="([^"]*[?&]all=[^"]+)"', unescape(page.text))
    assert links == [f"{BOOK}?as_of=2025-01-21&wait=true&all=days"] * 2 + [
        f"{BOOK}?as_of=2025-01-21&all=due#h-due",
        f"{BOOK}?as_of=2025-01-21&all=findings#h-findings",
    ]
    everything = text(client.get(f"{BOOK}?as_of=2025-01-21&all=true"))
    assert everything == whole
    # Asked for whole, a part says how long it takes, and comes on its own.
    asked = client.get(f"{BOOK}?as_of=2025-01-20&all=findings")
    assert f'data-part="{BOOK}/parts/findings?as_of=2025-01-20&amp;all=findings"' in asked.text
    assert "from all 11 entries: about 1 s" in text(asked)


def test_a_text_is_looked_for_in_the_last_entries_of_a_long_book_unless_all_are_asked_for(client, monkeypatch):
    monkeypatch.setattr(desk, "SMALL", 0)
    monkeypatch.setattr(register, "SEARCHED", 4)
    # Of the entries that the other conditions leave, 8 to 11 are the last four; entry 1 names the issuer.
    page = client.get(f"{BOOK}/entries?text=limited").text
    assert "0 entries match" in page
    assert "Looked for in the last 4 of these entries" in page
    assert "all=true" in page
    whole = client.get(f"{BOOK}/entries?text=limited&all=true").text
    assert "1 entry matches" in whole
    assert "Looked for" not in whole
    found = client.get("/v1/issuers/00020/entries?about=issue-2024").json()
    assert (found["total"], found["searched"], [each["entry"] for each in found["entries"]]) == (3, 4, [11, 9, 8])
    found = client.get("/v1/issuers/00020/entries?text=limited&event=issuer-registered").json()
    assert (found["total"], found["searched"]) == (1, None)
    assert client.get("/v1/issuers/00020/entries?text=limited&all=true").json()["total"] == 1


def test_a_return_of_a_long_book_says_that_old_entries_are_left_out(client, monkeypatch):
    address = f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06"
    # Of another day, for what was prepared is kept.
    assert "left out" not in text(client.get(address.replace("01-06", "01-07")))
    for module in (ledger, prepare_return):
        monkeypatch.setattr(module, "TRACED", 2)
    page = client.get(f"{address}&lang=en")
    assert "Entries of long before are left out: name all (goes through 11 entries, about 1 s)." in text(page)
    assert 'href="/issuers/00020/returns/monthly/2024-12?submitted_on=2025-01-06&amp;lang=en&amp;traced=true"' in page.text
    assert "54,000" in text(page)


def test_what_is_to_be_shown_whole_is_one_of_a_few(client):
    assert client.get(f"{BOOK}?all=nothing").status_code == 400


def test_a_part_that_a_page_does_not_have_is_said(client):
    found = client.get(f"{BOOK}/parts/nothing")
    assert (found.status_code, "there are: due, findings, mandates" in found.text) == (404, True)


# --- a published return beside the book ---------------------------------------------------------------------------


def compared(client, name, content, **headers):
    named = {"X-File-Name": name, "Content-Type": "application/octet-stream", **headers}
    return client.post(f"{BOOK}/compare", content=content, headers=named)


def test_a_dropped_return_is_compared_with_the_book(client, folder):
    """It was filed with a placing of 3,000 shares, which was corrected to 4,000 since."""
    found = compared(client, "filed.pdf", (folder / "filed.pdf").read_bytes())
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", found.text)).split())
    assert found.status_code == 200
    assert "Monthly Return for December 2024" in said
    assert re.search(r"! [1-9][0-9]* differences", said)
    assert re.search(r"3,000 4,000", said)
    assert f'href="{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06"' in found.text


def test_a_return_that_agrees_says_so(client):
    # Submitted once more, after the correction.
    ours = client.get(f"/v1{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-21&format=pdf").content
    assert "✓" in compared(client, "ours.pdf", ours).text
    assert "0 differences" in unescape(compared(client, "ours.pdf", ours).text)


@pytest.mark.parametrize(
    ("name", "content"), [("empty.pdf", b""), ("no.pdf", b"%PDF-1.4 no"), ("x" * 201, b"a"), ("a.bin", b"\0\1")]
)
def test_what_is_no_return_is_said(client, name, content):
    found = compared(client, name, content)
    assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json")


def test_a_page_of_another_site_compares_nothing(client):
    assert compared(client, "a.pdf", b"a", Origin="https://evil.example").status_code == 403


def test_a_rule_is_explained(client):
    found = text(client.get("/rules/HK302"))
    assert found.startswith(">HK302") or "HK302" in found
    assert "To clear" in found


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/issuers/00021", 404, "no book of issuer 00021; this store has: 00020"),
        (f"{BOOK}?as_of=17/13/2024", 400, "as_of: expected a date such as 2024-12-17"),
        (f"{BOOK}?known_at=then", 400, "known_at: expected a date or a time"),
        (f"{BOOK}?lang=de", 400, "lang: "),
        (f"{BOOK}/entries?page=0", 400, "page: "),
        (f"{BOOK}/entries?entries=1-", 400, "entries: expected numbers of entries such as 7,10-11"),
        (f"{BOOK}/entries/12", 404, "there is no entry 12 in the book of 00020; it ends at entry 11"),
        (f"{BOOK}/filings/9", 404, "records no return filed"),
        (f"{BOOK}/returns/monthly/2024-13", 400, "month: expected a month such as 2024-12"),
        (f"{BOOK}/returns/next-day/soon", 400, "on: expected a date such as 2024-12-17"),
        ("/rules/HK999", 404, "there is no rule HK999"),
        ("/nowhere", 404, "Not Found"),
        ("/static/nowhere.css", 404, "Not Found"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(client, address, status, says):
    found = client.get(address)
    assert found.status_code == status
    assert says in unescape(found.text)


def test_text_of_a_book_is_never_markup(client):
    assert "<Limited>" not in client.get(BOOK).text.partition("</title>")[2]


def test_a_page_is_drawn_again_when_the_book_has_grown(client, store):
    before = text(client.get(BOOK))
    with at(NOW):
        done("record", "placing-completed", "--class", "B", "--shares", "500", "--on", "2025-01-20", "--store", store)
    assert "Issued, excluding treasury 54,500" in text(client.get(BOOK))
    assert "Issued, excluding treasury 54,000" in before


def test_nothing_on_a_page_comes_from_another_host(client):
    for address in ("/", BOOK, f"{BOOK}/entries", f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06"):
        assert re.findall(r'(?:src|href|action)="(?!/|#|")[^"]*"', client.get(address).text) == []


def test_the_static_files_name_no_address():
    for file in (Path(__file__).parents[3] / "cli/web/static").iterdir():
        assert re.findall(r"https?://(?!www\.w3\.org/)", file.read_text()) == []
