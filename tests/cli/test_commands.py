"""What every command does when all is well."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import CODE, FOUNDING, LAST, SCRIPT, at, balances, captable, done, fact, head, write

NOON = "2025-01-20T04:00:00Z"


# --- demo ---------------------------------------------------------------------------------------------------------


def test_the_demo_makes_a_store_and_never_overwrites_one():
    ran = done("demo")
    assert "36,393,336,530" in ran.out
    assert "614,034,470" in ran.out
    assert "captable balances --as-of" in ran.err
    before = Path("captable-demo.db").read_bytes()
    again = captable("demo")
    assert (again.code, "captable-demo.db exists; move it away" in again.err) == (2, True)
    assert Path("captable-demo.db").read_bytes() == before


def test_the_demo_s_store_is_named_and_not_guessed():
    done("demo")
    for command in (["balances"], ["history"], ["return", "monthly", "--month", "2024-12"], ["withdraw", "1", "--reason", "x"]):
        ran = captable(*command)
        assert (ran.code, "add --store captable-demo.db" in ran.err) == (2, True)
    assert done("balances", "--store", "captable-demo.db").out


def test_the_commands_that_the_demo_proposes_work():
    proposed = [line.strip() for line in done("demo").err.splitlines() if line.startswith("  captable ")]
    assert len(proposed) == 5
    for line in proposed:
        assert (
            subprocess.run(line.replace("captable", str(SCRIPT), 1), shell=True, capture_output=True, timeout=60).returncode == 0
        )
    assert Path("monthly.pdf").read_bytes().startswith(b"%PDF")


# --- record -------------------------------------------------------------------------------------------------------


def test_a_fact_says_what_it_changed(book):
    placing = ["--class", "B", "--shares", "10,000", "--on", "17 Jan 2025", "--price", "HKD 1.50", "--source", "announcement"]
    ran = done("record", "placing-completed", *placing)
    first, *lines = ran.out.splitlines()
    assert first == "Recorded entry 10   Placing completed   B   10,000   effective 17 January 2025"
    assert lines[0] == "  B issued (excl. treasury)  50,000 → 60,000   (+20 % of the class)"
    assert lines[-1].startswith("  Head 10 · ")
    assert head()[CODE]["entries"] == 10
    shown = done("show", "10").out
    for said in ("HKD 1.5", "17 January 2025", "announcement", "10,000 shares B: unissued → held"):
        assert said in shown


COMMANDS = {
    "signatory-appointed": "--name 'Chan Tai Man' --title Secretary --on 2024-06-03",
    "issuer-details-changed": "--chinese-name 例子有限公司 --on 2024-06-03",
    "share-class-created": "--class C --class-label 'Preference shares' --on 2024-06-03 --listed --stock-code 00021 "
    "--counters '80021 RMB' --counters '82021 USD' --no-authorised --par-value 'USD 0.000000025'",
    "share-class-details-changed": "--class B --listed --on 2024-06-03",
    "authorised-capital-increased": "--class B --shares 5 --on 2024-06-03 --general-meeting-on 2024-06-01",
    "consideration-shares-issued": "--class B --shares 5 --on 2024-06-03 --agreed-on '1 March 2024'",
    "shares-repurchased": "--class B --shares 5 --on 2024-06-03 --intention cancellation --price 'HKD 1.5'",
    "class-a-converted-to-b": "--shares 5 --on 2024-06-03 --holder 'A Holder'",
    "scheme-adopted": "--scheme 2024 --class B --particulars '2024 Share Option Scheme' --limit 1,000 --existing-shares "
    "--on 2024-06-03",
    "mandate-granted": "--mandate issue-2024 --purpose issue --percent 20 --base 55,000 --on 2024-06-03",
    "balance-confirmed": "--class A --issued-excluding-treasury 5000 --document 'Monthly Return' --on 2024-06-03",
    "return-filed": "--kind monthly --submitted-on 2024-06-03 --on 2024-05-31",
}


@pytest.mark.parametrize("event", COMMANDS)
def test_every_kind_of_fact_has_its_command(book, event):
    import shlex

    before = head()
    rehearsed = done("record", event, *shlex.split(COMMANDS[event]), "--dry-run")
    assert rehearsed.out.startswith("Would record entry 10 ")
    assert head() == before
    assert done("record", event, *shlex.split(COMMANDS[event])).out.startswith("Recorded entry 10 ")


def test_options_of_several_and_of_yes_or_no_are_kept(book):
    import shlex

    done("record", "share-class-created", *shlex.split(COMMANDS["share-class-created"]))
    shown = done("show", "10", "--json").json
    assert shown["counters"] == [{"stock_code": "80021", "currency": "RMB"}, {"stock_code": "82021", "currency": "USD"}]
    assert (shown["authorised"], shown["listed"], shown["par_value"]) == (False, True, "USD 0.000000025")
    assert "80021 RMB, 82021 USD" in done("show", "10").out
    assert balances()["C"]["authorised"] is None


def test_an_option_before_the_event_means_the_same_as_after_it(book):
    before = head()
    placing = ["placing-completed", "--class", "B", "--shares", "5", "--on", "2024-06-03"]
    assert done("record", "--dry-run", *placing).out.startswith("Would record entry 10 ")
    assert captable("record", "--store", "other.db", *placing).code == 2
    assert head() == before
    done("record", "--by", "a registrar", *placing)
    assert done("show", "10", "--json").json["recorded_by"] == "a registrar"


YAML = """\
- event: IssuerRegistered
  effective_on: 2 January 2024
  issuer: 00020
  name: "NO"
- event: ShareClassCreated
  effective_on: 2024-01-02
  share_class: NO
  class_label: Ordinary shares
  par_value: HKD 1.50
  listed: yes
  stock_code: 00020
  counters: [80020 RMB, 82020 USD]
  description: 1.50
- event: AuthorisedCapitalIncreased
  effective_on: 2024-01-02
  share_class: NO
  shares: 1,000
  source: ~
- event: MandateGranted
  effective_on: 2 Jan 2024
  mandate: 012
  purpose: issue
  percent: 20.50
  base: 1_000
"""


def test_yaml_keeps_every_value_as_it_is_written():
    ran = captable("record", "--file", "-", given=YAML.encode())
    assert (ran.code, "standard input:24: base: expected a whole number of shares, got 1_000" in ran.err) == (2, True)
    Path("f.yaml").write_text(YAML.replace("1_000", "1,000"))
    done("record", "--file", "f.yaml")
    issuer, share, increase, mandate = done("history", "--json").json
    assert (issuer["issuer"], issuer["name"]) == ("00020", "NO")
    assert (share["share_class"], share["stock_code"], share["description"], share["par_value"]) == (
        "NO",
        "00020",
        "1.50",
        "HKD 1.5",
    )
    assert [counter["stock_code"] for counter in share["counters"]] == ["80020", "82020"]
    assert (increase["shares"], increase["source"]) == (1000, None)
    assert (mandate["mandate"], mandate["percent"]) == ("012", "20.50")


def test_a_file_a_pipe_and_options_make_the_same_entry(book):
    record = fact(shares=7, price="HKD 1.50")
    done("record", "--file", write("f.jsonl", record))
    entry = LAST + 1
    ran = done("record", "--file", "-", given=json.dumps(record).encode())
    assert f"already recorded as entry {entry}" in ran.err
    ran = done("record", "placing-completed", "--class", "B", "--shares", "7", "--on", "1 March 2024", "--price", "HKD 1.5")
    assert (ran.out, f"already recorded as entry {entry}; if it happened twice, give the second a --command-id" in ran.err) == (
        "",
        True,
    )
    again = done(
        "record",
        "placing-completed",
        "--class",
        "B",
        "--shares",
        "7",
        "--on",
        "1 March 2024",
        "--price",
        "HKD 1.5",
        "--command-id",
        "2",
    )
    assert again.out.startswith(f"Recorded entry {entry + 1} ")


def test_a_file_recorded_again_adds_nothing(book):
    before = head()
    ran = done("record", "--file", "founding.jsonl", "--json")
    assert ran.json["already_recorded"] == list(range(1, LAST + 1))
    assert ran.json["recorded"] == []
    assert head() == before


def test_what_was_recorded_and_withdrawn_is_said_to_be_so(book):
    done("record", "--file", write("f.jsonl", fact()))
    done("withdraw", "10", "--reason", "it did not happen")
    assert (
        "already recorded as entry 10, and withdrawn by entry 11: it does not count; to record it after all: --replaces 11"
        in done("record", "--file", "f.jsonl").err
    )


def test_two_equal_facts_of_one_file_are_two_entries(book):
    done("record", "--file", write("f.jsonl", fact(), fact()))
    assert head()[CODE]["entries"] == LAST + 2


def test_numbers_of_thirty_digits_stay_exact(book):
    large = 10**30 + 1
    increase = fact("AuthorisedCapitalIncreased", effective_on="2024-02-01", share_class="B", shares=large)
    done("record", "--file", write("f.jsonl", increase, fact(shares=large)))
    assert balances("--as-of", "2024-03-01")["B"]["issued_excluding_treasury"] == 50_000 - 700 + large


def test_a_mandate_exceeded_is_recorded_and_found(book):
    mandate = fact("MandateGranted", effective_on="2024-02-01", mandate="issue-2024", purpose="issue", percent="20", base=55_000)
    done("record", "--file", write("f.jsonl", mandate))
    ran = done(
        "record", "placing-completed", "--class", "B", "--shares", "11,001", "--on", "4 March 2024", "--mandate", "issue-2024"
    )
    assert "  Mandate issue-2024         headroom 11,000 → exceeded by 1" in ran.out
    assert "HK302 mandate issue-2024 is exceeded by 1 share on" in ran.out
    found = captable("check", "--as-of", "2024-03-04")
    assert (found.code, found.out.startswith("HK302 "), found.err.splitlines()[-1]) == (1, True, "1 finding")
    assert [each["code"] for each in json.loads(captable("check", "--as-of", "2024-03-04", "--json").out)] == ["HK302"]


def test_a_book_is_checked_until_today_and_not_until_its_last_fact_alone(demo):
    """The meeting of 2025 and the public float of each month since 2026 are not in a book that ends in 2024."""
    found, by_mandates = captable("check", "--json").json, captable("mandates", "--json").json["findings"]
    assert found == captable("check", "--as-of", "today", "--json").json
    assert {"HK321", "HK615"} <= {each["code"] for each in found}
    assert [each["code"] for each in by_mandates] == [each["code"] for each in found if each["code"] == "HK321"]
    queried = done("query", "select code from findings order by place", "--json").json
    assert [each["code"] for each in queried] == [each["code"] for each in found]


def test_a_book_without_findings_checks_clean(book):
    ran = done("check")
    assert (ran.out, ran.err.splitlines()[-1]) == ("", "0 findings")


def test_check_names_the_rules_that_it_does_not_hold_a_book_against(book):
    (said,) = [line for line in done("check").err.splitlines() if line.startswith("Not checked here: ")]
    for cited in ("7.27B", "13.28", "17.04", "17.05", "8A.14", "8A.22", "8A.23"):
        assert f"{cited})" in said


def test_check_names_the_rules_that_are_asked_only_before_a_dealing(book):
    (said,) = [line for line in done("check").err.splitlines() if line.startswith("Asked only before a dealing")]
    assert said.partition(": ")[2] == (
        "HK301 price cap of a purchase, HK307 discount of a placing, HK310 blackout before results, "
        "HK313 price of a treasury sale, HK402 individual limit, HK403 vesting period."
    )


def test_a_rehearsal_of_the_first_facts_makes_no_store():
    ran = done("record", "--file", write("f.jsonl", *FOUNDING), "--dry-run")
    assert ran.out.startswith("Would record 9 entries, 1 to 9, for 00020")
    assert not Path("captable.db").exists()


# --- correct, withdraw, and the two time axes ---------------------------------------------------------------------


def test_a_corrected_and_a_withdrawn_entry_still_show_from_an_earlier_viewpoint(folder):
    with at("2024-06-03T02:00:00Z"):
        done("record", "--file", write("f.jsonl", *FOUNDING))
    with at("2024-06-04T02:00:00Z"):
        done("record", "placing-completed", "--class", "B", "--shares", "1,000", "--on", "3 June 2024")
        assert "recorded      2024-06-04 10:00:00 HKT by " in done("show", "10").out
    with at("2024-06-05T02:00:00Z"):
        ran = done("correct", "10", "--shares", "1,500", "--source", "the registrar")
        assert ran.out.startswith("Recorded entry 11   Placing completed   B   1,500   effective 3 June 2024")
        assert "51,000 → 51,500" in ran.out
    with at("2024-06-06T02:00:00Z"):
        done("withdraw", "11", "--reason", "called off", "--by", "counsel")
    issued = {
        day: balances("--as-of", "2024-06-30", "--known-at", f"2024-06-0{day}")["B"]["issued_excluding_treasury"]
        for day in (3, 4, 5, 6)
    }
    assert issued == {3: 50_000, 4: 51_000, 5: 51_500, 6: 50_000}
    assert balances("--as-of", "2024-06-30", "--known-at", "2024-06-05T09:59")["B"]["issued_excluding_treasury"] == 51_000
    assert balances("--as-of", "2024-06-30", "--known-at", "2024-06-05T02:00Z")["B"]["issued_excluding_treasury"] == 51_500
    history = done("history").out.splitlines()
    assert "replaced by 11" in history[10]
    assert "replaces 10, replaced by 12" in history[11]
    assert "counsel" in history[12]
    assert len(done("history", "--known-at", "4 June 2024").out.splitlines()) == 11
    assert "replaced by" not in done("history", "--known-at", "4 June 2024").out
    assert "no entry had been recorded by then" in done("history", "--known-at", "2024-01-01").err


def test_a_correction_can_move_a_fact_to_another_day_and_take_out_what_was_wrong(book):
    done("record", "--file", write("f.jsonl", fact(text="wrong", price="HKD 1")))
    done("correct", "10", "--on", "4 March 2024", "--text", "")
    shown = done("show", "11", "--json").json
    assert (shown["effective_on"], shown.get("text"), shown["price"], shown["replaces"]) == ("2024-03-04", None, "HKD 1", 10)


def test_a_correction_and_a_withdrawal_are_rehearsed(book):
    before = head()
    assert done("correct", "5", "--shares", "90,000", "--dry-run").out.startswith("Would record entry 10 ")
    assert done("withdraw", "9", "--reason", "x", "--dry-run").out.startswith("Would record entry 10 ")
    assert head() == before


def test_a_history_shows_the_last_fifty_entries_and_all_of_them_when_asked(book):
    """Nine that found the book and 45 placings: entries 5 to 54. The last of all corrects one that is not shown."""
    done("record", "--file", write("more.jsonl", *(fact(text=f"the {number}th") for number in range(44))))
    done("correct", "5", "--shares", "190,000")
    last = done("history", "--json")
    assert [each["entry"] for each in last.json] == list(range(5, 55))
    assert last.err == "4 earlier entries are left out; --all shows every entry\n"
    assert (last.json[0]["replaced_by"], last.json[-1]["replaces"]) == (54, 5)
    whole = done("history", "--all", "--json")
    assert ([each["entry"] for each in whole.json], whole.json[4:], whole.err) == (list(range(1, 55)), last.json, "")
