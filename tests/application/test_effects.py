"""What a recording changed: balances before and after, and findings it brings about."""

from __future__ import annotations

from application.effects import BalanceChange, before_and_after, effects, headroom_changes, new_findings, passed_before
from application.record import record
from domain.capital import ledger as ledgers
from domain.capital.accounts import ClassBalance
from domain.capital.balances import apply
from domain.capital.ledger import Ledger
from domain.rulebook import check
from tests.application.facts import ISSUER, bought, placing, withdrawn
from tests.domain.book_of import draft, drafts, event


def changed(store, *commands):
    found = record(store, ISSUER, list(commands))
    everything = list(store.entries(ISSUER))
    return effects(before_and_after(everything, found.entries)), new_findings(everything, found.entries)


def balance(issued, treasury, pending=200):
    return ClassBalance("ordinary", 1_000_000, issued, treasury, issued + treasury, pending)


def test_effects_are_the_balances_before_and_after_at_close_of_the_last_day_recorded(book):
    (effect,), _ = changed(book, *drafts(bought("5 July 2024", "70"), placing("8 July 2024", "9")))
    assert effect.on.isoformat() == "2024-07-08"
    assert (effect.before, effect.after) == (balance(500_200, 3_000), balance(500_139, 3_070))


def test_a_class_that_is_new_has_no_balance_before(book):
    created = event("ShareClassCreated", "5 July 2024", share_class="preference", class_label="Preference shares")
    (effect,), _ = changed(book, *drafts(created))
    assert (effect.before, effect.after) == (None, ClassBalance("preference", 0, 0, 0, 0, 0))


def test_what_changes_no_balance_has_no_effect(book):
    found, _ = changed(book, *drafts(event("SignatoryAppointed", "5 July 2024", name="Xu Li", title="Director")))
    assert found == ()


def test_the_effect_of_a_correction_is_the_difference_it_makes(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10"), placing("8 July 2024", "5")))
    (effect,), _ = changed(book, draft(placing("5 July 2024", "12"), "corrected", 5))
    assert effect.on.isoformat() == "2024-07-05"
    assert (effect.before, effect.after) == (balance(500_210, 3_000), balance(500_212, 3_000))


def test_the_effect_of_a_withdrawal_is_what_it_takes_away(book):
    record(book, ISSUER, drafts(placing("5 July 2024", "10")))
    (effect,), _ = changed(book, draft(withdrawn(), "withdrawn", 5))
    assert (effect.before, effect.after) == (balance(500_210, 3_000), balance(500_200, 3_000))


def test_a_balance_that_does_not_agree_is_recorded_and_found(book):
    said = event(
        "BalanceConfirmed",
        "5 July 2024",
        share_class="ordinary",
        issued_excluding_treasury="500,000",
        document="the registrar's statement",
    )
    _, (finding,) = changed(book, *drafts(said))
    assert (finding.code, finding.entries) == ("HK101", (5,))
    assert finding.message.endswith("the registrar's statement says 500,000, the book 500,200")


def test_a_fact_that_breaks_an_earlier_assertion_brings_its_finding_about(book):
    said = event(
        "BalanceConfirmed", "8 July 2024", share_class="ordinary", issued_excluding_treasury="500,200", document="a return"
    )
    _, none = changed(book, *drafts(said))
    _, (finding,) = changed(book, draft(placing("5 July 2024", "1"), "late"))
    assert none == ()
    assert (finding.code, finding.entries) == ("HK101", (5,))


def test_a_finding_that_stood_before_is_not_new(book):
    said = event("BalanceConfirmed", "5 July 2024", share_class="ordinary", issued_excluding_treasury="1", document="a return")
    record(book, ISSUER, drafts(said, prefix="wrong"))
    _, found = changed(book, *drafts(placing("8 July 2024", "1")))
    assert found == ()


def test_an_issue_beyond_its_mandate_is_recorded_and_found(book):
    mandate = event("MandateGranted", "2 July 2024", mandate="m", purpose="issue", percent="20", base="500")
    record(book, ISSUER, drafts(mandate, placing("5 July 2024", "60", mandate="m"), prefix="before"))
    _, (finding,) = changed(book, *drafts(placing("8 July 2024", "41", mandate="m")))
    assert (finding.code, finding.message, finding.entries) == (
        "HK302",
        "mandate m is exceeded by 1 share on 8 July 2024",
        (7,),
    )


def test_a_grant_beyond_the_limit_of_its_scheme_is_recorded_and_found(book):
    scheme = event("SchemeAdopted", "2 July 2024", scheme="2024", share_class="ordinary", particulars="Options", limit="100")
    _, (finding,) = changed(book, *drafts(scheme, event("OptionsGranted", "5 July 2024", scheme="2024", options="101")))
    assert (finding.code, finding.entries) == ("HK401", (6,))


def test_a_correction_may_end_a_finding(book):
    said = event("BalanceConfirmed", "5 July 2024", share_class="ordinary", issued_excluding_treasury="1", document="a return")
    record(book, ISSUER, drafts(said, prefix="wrong"))
    right = event(
        "BalanceConfirmed", "5 July 2024", share_class="ordinary", issued_excluding_treasury="500,200", document="a return"
    )
    _, found = changed(book, draft(right, "right", 5))
    assert found == ()


def test_the_headroom_of_a_mandate_is_printed_where_it_changes(book):
    used = event("MandateGranted", "2 July 2024", mandate="used", purpose="issue", percent="20", base="500")
    idle = event("MandateGranted", "2 July 2024", mandate="idle", purpose="repurchase", percent="10", base="500")
    record(book, ISSUER, drafts(used, idle, placing("5 July 2024", "60", mandate="used"), prefix="before"))
    found = record(book, ISSUER, drafts(placing("8 July 2024", "41", mandate="used")))
    changes = headroom_changes(before_and_after(book.entries(ISSUER), found.entries))
    assert [*changes] == [BalanceChange("used", "headroom", 40, -1)]


def test_what_a_late_fact_brings_about_is_the_difference_between_two_whole_checks(book):
    """Purchases on 5 and 8 July, then one of 4 July is learnt: more than the mandate, or too dear, on that day or after it."""
    record(book, ISSUER, drafts(bought("5 July 2024", "70"), bought("8 July 2024", "5"), prefix="first"))
    late = record(book, ISSUER, drafts(bought("4 July 2024", "400,000"), prefix="late")).entries
    everything = list(book.entries(ISSUER))
    before = set(check(everything[:-1]))
    assert new_findings(everything, late) == tuple(each for each in check(everything) if each not in before)
    assert new_findings(everything, late)


def test_recording_folds_the_past_once(book, monkeypatch):
    """Of the entries before the day recorded each is applied once, and the new one each time that something is asked with it."""
    record(book, ISSUER, drafts(*(placing("5 July 2024", str(number)) for number in range(1, 101)), prefix="past"))
    found = record(book, ISSUER, drafts(placing("8 July 2024", "5"))).entries
    ledger, applied = Ledger.of(book.entries(ISSUER)), list[int]()
    monkeypatch.setattr(ledgers, "apply", lambda position, entry: applied.append(entry.number) or apply(position, entry))
    start = passed_before(ledger, found)
    before_and_after(ledger, found, start)
    new_findings(ledger, found, start=start)
    assert len(applied) < len(ledger.in_effect) + 5
