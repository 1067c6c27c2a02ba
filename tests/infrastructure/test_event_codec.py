"""The stored form of events: golden rows, identity, refusals, and the schema."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import EVENT_TYPES, ClassAConvertedToB, MandateGranted, PlacingCompleted, ShareClassCreated
from domain.securities import Counter, Money
from infrastructure import event_codec
from infrastructure.event_codec import TYPE_NAMES, Undecodable, decode, decode_strictly, encode, json_schema, registry

# One row of every type as it stands in stores: never edit a line, only add below. A row that no longer reads, or reads
# and is written otherwise, is a store that no longer opens.
GOLDEN: dict[str, str] = {
    "captable.ReturnRemarkChanged.v1": '{"effective_on":"2025-07-01","part":"II","remark":"5,000,000 shares are held by the depositary"}',
    "captable.ShareClassAbolished.v1": '{"effective_on":"2025-06-20","share_class":"A"}',
    "captable.FullCirculationCompleted.v1": '{"effective_on":"2025-06-20","from_class":"domestic","shares":100}',
    "captable.SchemeLimitRefreshed.v1": '{"effective_on":"2026-06-12","general_meeting_on":"2026-06-12","limit":80000000,"scheme":"2023"}',
    "captable.SchemeExpired.v1": '{"effective_on":"2025-05-08","scheme":"2015"}',
    "captable.OptionTermsAdjusted.v1": '{"effective_on":"2025-08-15","outstanding":120,"price":"HKD 1.17","reason":"rights issue","scheme":"2023"}',
    "captable.InstrumentTermsAdjusted.v1": '{"effective_on":"2025-08-15","floor":"HKD 1.05","instrument":"cb-2027","price_terms":"92 % of the close","reason":"rights issue","shares":82810164}',
    "captable.IssuerRegistered.v1": '{"chinese_name":"商汤集团股份有限公司","effective_on":"2021-12-07","incorporated_in":'
    '"Cayman Islands","issuer":"00020","name":"SenseTime Group Inc."}',
    "captable.IssuerDetailsChanged.v1": '{"effective_on":"2022-01-01","name":"SenseTime Group Inc. - W"}',
    "captable.SignatoryAppointed.v1": '{"effective_on":"2021-12-07","name":"Jane Chan","title":"Company Secretary"}',
    "captable.ShareClassCreated.v1": '{"class_label":"WVR ordinary shares","counters":[{"currency":"RMB","stock_code":"80020"}],'
    '"effective_on":"2021-12-07","listed":true,"par_value":"USD 0.000000025","share_class":"B","stock_code":"00020",'
    '"type_label":"B"}',
    "captable.ShareClassDetailsChanged.v1": '{"effective_on":"2024-11-01","listed":true,"share_class":"B","stock_code":"00020"}',
    "captable.BalanceBroughtForward.v1": '{"effective_on":"2024-11-30","held":25689829000,"share_class":"B"}',
    "captable.AuthorisedCapitalIncreased.v1": '{"effective_on":"2021-12-07","share_class":"A","shares":8000000000}',
    "captable.AuthorisedCapitalReduced.v1": '{"effective_on":"2024-06-28","general_meeting_on":"2024-06-28","share_class":"A",'
    '"shares":1000}',
    "captable.PlacingCompleted.v1": '{"agreed_on":"2024-12-10","effective_on":"2024-12-17","mandate":"issue-2024",'
    '"price":"HKD 1.5","share_class":"B","shares":1865000000,"text":"Placing of new shares"}',
    "captable.GlobalOfferingCompleted.v1": '{"effective_on":"2021-12-30","price":"HKD 3.85","share_class":"B",'
    '"shares":1500000000}',
    "captable.OverAllotmentOptionExercised.v1": '{"effective_on":"2022-01-20","share_class":"B","shares":225000000}',
    "captable.ConsiderationSharesIssued.v1": '{"effective_on":"2023-03-01","share_class":"B","shares":1}',
    "captable.RightsIssueCompleted.v1": '{"effective_on":"2023-03-01","share_class":"B","shares":1}',
    "captable.OpenOfferCompleted.v1": '{"effective_on":"2023-03-01","share_class":"B","shares":1}',
    "captable.BonusIssueCompleted.v1": '{"effective_on":"2023-03-01","general_meeting_on":"2023-02-01",'
    '"share_class":"B","shares":1}',
    "captable.ScripDividendIssued.v1": '{"effective_on":"2023-03-01","share_class":"B","shares":1}',
    "captable.OtherSharesIssued.v1": '{"effective_on":"2023-03-01","share_class":"B","shares":1,"treasury_shares":true}',
    "captable.SharesRepurchased.v1": '{"effective_on":"2024-07-02","intention":"treasury","mandate":"buy-back-2024",'
    '"price":"HKD 1.3125","share_class":"B","shares":12000}',
    "captable.RepurchasedSharesCancelled.v1": '{"effective_on":"2024-08-02","share_class":"B","shares":12000}',
    "captable.SharesRedeemed.v1": '{"cancelled":false,"effective_on":"2024-08-02","share_class":"B","shares":12000}',
    "captable.TreasurySharesSold.v1": '{"effective_on":"2024-09-02","price":"HKD 2","share_class":"B","shares":5}',
    "captable.TreasurySharesCancelled.v1": '{"effective_on":"2024-09-02","remarks":"see announcement",'
    '"share_class":"B","shares":5}',
    "captable.ClassAConvertedToB.v1": '{"effective_on":"2024-12-05","holder":"Amind","shares":149000000}',
    "captable.SchemeAdopted.v1": '{"effective_on":"2016-11-01","limit":3000000000,"particulars":"Pre-IPO RSU Plan",'
    '"scheme":"pre-IPO","share_class":"B"}',
    "captable.OptionsGranted.v1": '{"effective_on":"2024-01-02","options":100,"scheme":"2022"}',
    "captable.OptionsExercised.v1": '{"director":true,"effective_on":"2024-12-09","options":44000,"price":"USD 0.011",'
    '"scheme":"pre-IPO"}',
    "captable.OptionsLapsed.v1": '{"effective_on":"2024-12-31","options":7,"scheme":"2022"}',
    "captable.OptionsCancelled.v1": '{"effective_on":"2024-12-31","options":8,"scheme":"2022"}',
    "captable.SchemeSharesMoved.v1": '{"effective_on":"2024-12-31","scheme":"2022","shares":-2500,"word":"Sold"}',
    "captable.MandateGranted.v1": '{"base":33000000000,"effective_on":"2024-06-28","mandate":"issue-2024","percent":"20",'
    '"purpose":"issue"}',
    "captable.MandateRevoked.v1": '{"effective_on":"2025-06-27","mandate":"issue-2024"}',
    "captable.BalanceConfirmed.v1": '{"document":"FF301 of December 2024","effective_on":"2024-12-31",'
    '"issued_excluding_treasury":27703829000,"share_class":"B","treasury":0}',
    "captable.ReturnFiled.v1": '{"effective_on":"2024-12-31","form":"FF301 1.1.1","kind":"monthly","submitted_on":"2025-01-06"}',
    "captable.EntryWithdrawn.v1": '{"effective_on":"2024-12-17","reason":"recorded twice"}',
    "captable.ReturnSettingsChanged.v1": '{"denominator":"all classes","effective_on":"2025-01-02","mandate_decimals":4,'
    '"not_applicable":"N/A","pending_counted":false,"percent_decimals":3,"price_decimals":6,"struck_out":"iii, vii"}',
    "captable.SharesSubdivided.v1": '{"effective_on":"2025-07-02","general_meeting_on":"2025-06-27","into":4}',
    "captable.SharesConsolidated.v1": '{"effective_on":"2025-07-02","fractions":"cancelled","share_class":"B","shares":10}',
    "captable.CapitalReduced.v1": '{"effective_on":"2025-07-02","par_value":"HKD 0.01","share_class":"B"}',
    "captable.RedeemedSharesCancelled.v1": '{"effective_on":"2025-07-02","price":"HKD 1.05","share_class":"B","shares":5}',
    "captable.SchemeBalanceBroughtForward.v1": '{"effective_on":"2024-12-31","granted_before":90,"outstanding":700,'
    '"scheme":"2022"}',
    "captable.AwardsGranted.v1": '{"awards":9,"effective_on":"2025-01-02","scheme":"awards"}',
    "captable.AwardsVested.v1": '{"awards":5,"director":true,"effective_on":"2025-01-03","price":"HKD 1","scheme":"awards",'
    '"treasury_shares":true}',
    "captable.AwardsLapsed.v1": '{"awards":1,"effective_on":"2025-01-04","scheme":"awards"}',
    "captable.AwardsCancelled.v1": '{"awards":2,"effective_on":"2025-01-05","scheme":"awards"}',
    "captable.WarrantsIssued.v1": '{"description":"Warrants to 2026","effective_on":"2025-01-06","instrument":"w-2026",'
    '"price":"HKD 2.5","share_class":"B","shares":60,"stock_code":"01234","warrants":30}',
    "captable.WarrantsExercised.v1": '{"effective_on":"2025-01-07","instrument":"w-2026","shares":20,"warrants":10}',
    "captable.WarrantsLapsed.v1": '{"effective_on":"2025-01-08","instrument":"w-2026","shares":2,"warrants":1}',
    "captable.ConvertiblesIssued.v1": '{"amount":"USD 21000.5","description":"Bonds due 2027","effective_on":"2025-01-09",'
    '"instrument":"cb-2027","mandate":"issue-2024","price":"USD 3","share_class":"B","shares":7000}',
    "captable.ConvertiblesConverted.v1": '{"amount":"USD 3000","effective_on":"2025-01-10","instrument":"cb-2027","shares":1000,'
    '"treasury_shares":true}',
    "captable.ConvertiblesRedeemed.v1": '{"amount":"USD 0.01","effective_on":"2025-01-13","instrument":"cb-2027","shares":1}',
    "captable.IssueAgreed.v1": '{"agreement":"june","description":"Placing agreement","effective_on":"2025-06-16",'
    '"mandate":"issue-2024","price":"HKD 1.2","share_class":"B","shares":2500}',
    "captable.IssueAgreementEnded.v1": '{"agreement":"june","effective_on":"2025-06-30","shares":500}',
    "captable.PollResultDeclared.v1": '{"effective_on":"2023-06-23","meeting":"annual general meeting","reserved":true,'
    '"resolution":"9","subject":"Auditor","votes":[{"share_class":"A","shares_against":0,"shares_for":7520115072},'
    '{"share_class":"B","shares_against":131000,"shares_for":9040437119}]}',
    "captable.VotingRightsCeased.v1": '{"effective_on":"2023-12-15","holder":"Amind Inc.","reason":"death","share_class":"A",'
    '"shares":6906080602}',
    "captable.PublicFloatRequirementSet.v1": '{"effective_on":"2026-01-01","percent":"25","share_class":"B"}',
    "captable.PublicFloatConfirmed.v1": '{"effective_on":"2026-01-31","price":"HKD 1.5","share_class":"B","shares":9000000000}',
}
# Further rows of types that hold values of other types within them, or more than their first row shows.
FURTHER: list[tuple[str, str]] = [
    (
        "captable.ClassAConvertedToB.v1",
        '{"effective_on":"2025-06-16","from_class":"CPS","into":14000000,"shares":8000000,"to_class":"O"}',
    ),
    ("captable.InstrumentTermsAdjusted.v1", '{"agreement":"june","effective_on":"2025-08-15","price":"HKD 1.1"}'),
    (
        "captable.WarrantsExercised.v1",
        '{"effective_on":"2025-07-11","instrument":"w2","no_longer_issuable":400,"shares":100,"warrants":400}',
    ),
    (
        "captable.SharesSubdivided.v1",
        '{"effective_on":"2025-07-15","into":3,"prices":[{"price":"HKD 0.3333","right":"cb-2027"}]}',
    ),
    (
        "captable.SharesConsolidated.v1",
        '{"effective_on":"2025-07-15","fractions":"rounded up","issued":126000,"share_class":"O","shares":4}',
    ),
    (
        "captable.ShareClassCreated.v1",
        '{"authorised":"registered","class_label":"Ordinary shares","effective_on":"2020-01-02","share_class":"H","type_label":"H","votes_per_share":0}',
    ),
    (
        "captable.ShareClassCreated.v1",
        '{"authorised":false,"class_label":"Ordinary shares","effective_on":"2020-01-02","share_class":"O"}',
    ),
    (
        "captable.MandateGranted.v1",
        '{"base":300000000,"classes":["H"],"effective_on":"2025-06-20","mandate":"h","percent":"10","purpose":"repurchase"}',
    ),
    (
        "captable.ConvertiblesIssued.v1",
        '{"amount":"HKD 149000000","description":"Notes","effective_on":"2025-07-02","floor":"HKD 1.05","instrument":"cn","price_terms":"92 % of the close","share_class":"O","shares":141904761,"type_label":"Notes"}',
    ),
    (
        "captable.SchemeAdopted.v1",
        '{"effective_on":"2015-05-08","expires_on":"2025-05-08","particulars":"Scheme","scheme":"s15","share_class":"O"}',
    ),
    (
        "captable.SharesRepurchased.v1",
        '{"effective_on":"2025-01-02","intention":"cancellation","share_class":"B","shares":730,"trades":[{"highest":"HKD 1.62",'
        '"lowest":"HKD 1.58","method":"On the Exchange","paid":"HKD 1120","shares":700},{'
        '"method":"Off-market","paid":"HKD 45","price":"HKD 1.5","shares":30}]}',
    ),
    (
        "captable.BalanceBroughtForward.v1",
        '{"effective_on":"2024-12-31","held":5,"pending_cancellation":3,"share_class":"B","tranches":[{"bought_on":"2024-12-03",'
        '"price":"HKD 1.62","shares":2},{"bought_on":"2024-12-04","shares":1}]}',
    ),
    (
        "captable.BalanceBroughtForward.v1",
        '{"effective_on":"2024-12-31","held":5,"pending_cancellation":2,"share_class":"B","tranches":[{"bought_on":"2024-12-03",'
        '"mandate":"buy-back-2024","shares":2}]}',
    ),
    (
        "captable.IssuerRegistered.v1",
        '{"effective_on":"2024-12-31","financial_year_end":"31 December","issuer":"00020","name":"SenseTime Group Inc."}',
    ),
    (
        "captable.MandateGranted.v1",
        '{"annual":true,"base":33000000000,"counted_on":"2024-12-31","effective_on":"2024-06-28","extended_before":0,"extended_by":'
        '"buy-back-2024","mandate":"issue-2024","percent":"20","purpose":"issue","reserved_before":70,"used_before":5}',
    ),
    (
        "captable.PublicFloatRequirementSet.v1",
        '{"effective_on":"2026-01-01","share_class":"H","test":"A+H","with_class":"A"}',
    ),
    (
        "captable.PublicFloatConfirmed.v1",
        '{"effective_on":"2026-01-31","market_value":"HKD 1000000000","met":true,"percent":"10","share_class":"B","statement":"Met."}',
    ),
    (
        "captable.ShareClassDetailsChanged.v1",
        '{"effective_on":"2026-01-01","share_class":"A","votes_exemption":"in place before chapter 8A"}',
    ),
    (
        "captable.PollResultDeclared.v1",
        '{"annual":false,"effective_on":"2025-06-27","meeting":"extraordinary general meeting","resolution":"1","subject":"Name",'
        '"votes":[{"share_class":"A","shares_against":0,"shares_for":900}]}',
    ),
    (
        "captable.RepurchasedSharesCancelled.v1",
        '{"bought_on":["2024-12-03","2024-12-04"],"effective_on":"2025-01-02","share_class":"B","shares":3}',
    ),
    (
        "captable.ReturnFiled.v1",
        '{"book_number":77,"digest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",'
        '"effective_on":"2024-12-31","form":"FF301 1.1.1","kind":"monthly","rendering":"pdf","status":"Resubmission",'
        '"submitted_on":"2025-01-06"}',
    ),
    (
        "captable.PlacingCompleted.v1",
        '{"agreement":"june","effective_on":"2025-06-20","share_class":"B","shares":2000}',
    ),
    (
        "captable.PollResultDeclared.v1",
        '{"effective_on":"2025-06-27","meeting":"annual general meeting of 27 June 2025","resolution":"7","special":true,'
        '"subject":"Subdivision of shares","votes":[{"share_class":"A","shares_against":0,"shares_for":900,'
        '"votes_per_share":10}]}',
    ),
    (
        "captable.VotingRightsCeased.v1",
        '{"effective_on":"2025-06-27","holder":"One","share_class":"A","shares":9,"votes_per_share":2}',
    ),
    (
        "captable.IssuerRegistered.v1",
        '{"effective_on":"2024-01-02","issuer":"lantern","name":"Example Lantern Limited","own_code":true}',
    ),
]

PLACING = "captable.PlacingCompleted.v1"


def test_every_event_type_has_a_golden_row_and_no_row_is_without_a_type() -> None:
    assert GOLDEN.keys() == set(TYPE_NAMES.values())
    assert set(TYPE_NAMES) == set(EVENT_TYPES)


@pytest.mark.parametrize(("name", "row"), [*GOLDEN.items(), *FURTHER])
def test_a_golden_row_is_read_and_written_as_it_was(name: str, row: str) -> None:
    payload = row.encode()
    event = decode_strictly(name, payload)
    assert TYPE_NAMES[type(event)] == name
    assert encode(event) == payload


def test_a_golden_row_stands_for_the_event_it_says() -> None:
    assert decode("captable.ShareClassCreated.v1", GOLDEN["captable.ShareClassCreated.v1"].encode()) == ShareClassCreated(
        effective_on=date(2021, 12, 7),
        share_class="B",
        class_label="WVR ordinary shares",
        type_label="B",
        par_value=Money("USD", Decimal("0.000000025")),
        listed=True,
        stock_code="00020",
        counters=(Counter("80020", "RMB"),),
    )


def test_fields_that_hold_their_default_are_left_out() -> None:
    event = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=5, treasury_shares=False, mandate=None)
    assert encode(event) == b'{"effective_on":"2024-12-17","share_class":"B","shares":5}'


def test_numbers_stay_exact() -> None:
    event = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=10**30, price=Money.parse("HKD 0.10"))
    payload = b'{"effective_on":"2024-12-17","price":"HKD 0.1","share_class":"B","shares":1000000000000000000000000000000}'
    assert encode(event) == payload
    assert decode(PLACING, payload) == event


days = st.dates(date(1841, 1, 1), date(2199, 12, 31))
shares = st.integers(1, 10**40)
names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/&()-]{0,58}[A-Za-z0-9._/&()-])?", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=80)
money = st.builds(
    Money, st.sampled_from(["HKD", "USD", "RMB"]), st.decimals(0, 10**9, places=9, allow_nan=False, allow_infinity=False)
)
EVENTS = st.one_of(
    st.builds(
        PlacingCompleted, effective_on=days, share_class=names, shares=shares, price=money | st.none(), text=texts | st.none(),
        agreed_on=days | st.none(), treasury_shares=st.booleans(), remarks=st.none(), mandate=names | st.none(),
        general_meeting_on=days | st.none(),
    ),
    st.builds(
        MandateGranted, effective_on=days, mandate=names, purpose=st.sampled_from(["issue", "repurchase"]),
        percent=st.decimals(Decimal("0.01"), 100, places=2), base=shares,
    ),
    st.builds(ClassAConvertedToB, effective_on=days, shares=shares, holder=texts | st.none(), text=st.none(), remarks=st.none(),
              from_class=st.just("A"), to_class=st.just("B")),
)  # fmt: skip


@given(EVENTS)
def test_what_is_encoded_is_decoded_to_the_same(event: Any) -> None:
    assert decode_strictly(TYPE_NAMES[type(event)], encode(event)) == event


@pytest.mark.parametrize("name", ["captable.PlacingCompleted.v2", "captable.Nothing.v1", "", "os:system", "builtins.eval"])
def test_an_unknown_type_is_refused(name: str) -> None:
    with pytest.raises(Undecodable, match="unknown type of event"):
        decode(name, b'{"effective_on":"2024-12-17"}')


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        # Where the library speaks, nothing is asked of its words but that there are some.
        (b'{"effective_on":"2024-12-17","share_class":"B","shares":5.5}', "."),
        (b'{"effective_on":"2024-12-17","share_class":"B","shares":"5"}', "."),
        (b'{"effective_on":"2024-12-17","share_class":"B","shares":-5}', "above zero"),
        (b'{"effective_on":"2024-12-17","share_class":"B"}', "."),
        (b'{"effective_on":"17/12/2024","share_class":"B","shares":5}', "."),
        (b'{"effective_on":"2024-12-17","price":"HKQ 1","share_class":"B","shares":5}', "unknown currency"),
        (b'{"effective_on":"2024-12-17","price":7,"share_class":"B","shares":5}', "expected a currency and an amount"),
        (b'{"effective_on":"2024-12-17","share_class":"B\xff","shares":5}', "."),
        (b'{"effective_on":"2024-12-17","shares":5,"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "."),
        (b'{"effective_on":"2024-12-17","unknown":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deeply"),
        (b"[" * 100_000, "."),
        (b"", "."),
        (b"\x00", "."),
    ],
    ids=["fraction", "text for a number", "negative", "missing", "date", "currency", "money", "utf-8", "depth",
         "unknown depth", "list", "empty", "binary"],
)  # fmt: skip
def test_bytes_that_are_no_event_are_refused_with_a_reason(payload: bytes, said: str) -> None:
    with pytest.raises(Undecodable, match=f"^{re.escape(PLACING)}: .*{said}"):
        decode(PLACING, payload)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"colour":"red","effective_on":"2024-12-17","share_class":"B","shares":5}',
        b'{"effective_on":"2024-12-17","share_class":"B","shares":5,"treasury_shares":false}',
        b'{"share_class":"B","effective_on":"2024-12-17","shares":5}',
        b'{"effective_on": "2024-12-17","share_class":"B","shares":5}',
        b'{"effective_on":"2024-12-17","share_class":"B","shares":5,"shares":5}',
        b'{"effective_on":"2024-12-17","price":"HKD 1.50","share_class":"B","shares":5}',
    ],
    ids=["unknown field", "a default written out", "unsorted", "spaced", "field twice", "money not plain"],
)
def test_bytes_that_are_not_canonical_are_refused_by_the_strict_reading_only(payload: bytes) -> None:
    assert decode(PLACING, payload).effective_on == date(2024, 12, 17)
    with pytest.raises(Undecodable, match="not in canonical form"):
        decode_strictly(PLACING, payload)


def test_an_unknown_field_of_a_nested_value_is_refused_by_the_strict_reading() -> None:
    payload = GOLDEN["captable.ShareClassCreated.v1"].replace('"currency"', '"colour":"red","currency"').encode()
    with pytest.raises(Undecodable, match="not in canonical form"):
        decode_strictly("captable.ShareClassCreated.v1", payload)


def test_old_names_pass_through_their_upcasters_to_the_event_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(fields: dict[str, Any]) -> dict[str, Any]:
        return {"shares": fields.pop("quantity"), **fields}

    def with_class(fields: dict[str, Any]) -> dict[str, Any]:
        return {"share_class": "B", **fields}

    monkeypatch.setitem(event_codec.UPCASTERS, "captable.Placed.v1", ("captable.Placed.v2", renamed))
    monkeypatch.setitem(event_codec.UPCASTERS, "captable.Placed.v2", (PLACING, with_class))
    event = PlacingCompleted(effective_on=date(2024, 12, 17), share_class="B", shares=10**30)
    old = b'{"effective_on":"2024-12-17","quantity":1000000000000000000000000000000}'
    assert decode("captable.Placed.v1", old) == event
    assert decode_strictly("captable.Placed.v1", old) == event
    for broken in (b"{}", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(Undecodable, match=r"captable\.Placed\.v1"):
            decode("captable.Placed.v1", broken)


def test_two_types_cannot_share_a_stored_name() -> None:
    with pytest.raises(ValueError, match="share a stored name"):
        registry((PlacingCompleted, MandateGranted), {MandateGranted: PLACING})


def test_the_schema_has_every_type_closed_and_every_field_explained() -> None:
    schema = json.loads(json.dumps(json_schema()))
    types = {name: part for name, part in schema["$defs"].items() if name.startswith("captable.")}
    assert types.keys() == GOLDEN.keys()
    assert [reference["$ref"] for reference in schema["anyOf"]] == [f"#/$defs/{name}" for name in TYPE_NAMES.values()]
    for name, part in types.items():
        assert part["additionalProperties"] is False
        assert part["description"]
        assert all(field["description"] for field in part["properties"].values())
        assert set(part["required"]) <= json.loads(GOLDEN[name]).keys() <= part["properties"].keys()
    assert schema["$defs"]["Counter"]["additionalProperties"] is False
