"""Returns of an invented issuer with every part filled: what no published return shows at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.events.structured import Counter
from domain.returns.cells import BLANK, ClassHeading, Figure, Percentage
from domain.returns.documents import (
    AgreementRow,
    Agreements,
    AuthorisedCapital,
    BalanceLine,
    Change,
    ClassSection,
    DatedBalance,
    InstrumentRow,
    Instruments,
    IssuedShares,
    MandateBlock,
    MonthlyReturn,
    MonthTotal,
    NextDayReturn,
    OptionMovement,
    Options,
    OptionsRow,
    OtherMovement,
    OtherMovements,
    PendingShares,
    TradeReport,
    TradeRow,
)
from domain.returns.forms import CURRENT, IN_EDITION, Form
from domain.values import Money

ISSUER = "Example Holdings Limited"
CHINESE = "示例控股有限公司"
ORDINARY = ClassHeading(
    1, "ORD", "Ordinary shares", "Not applicable", True, "09999", (Counter("89999", "RMB"),), "Shares of one vote each"
)
PREFERENCE = ClassHeading(2, "PREF", "Preference shares", "Not applicable", False, None, (), None)


def form(code: str, version: str, edition: int = CURRENT.number) -> Form:
    return IN_EDITION[f"{code} {version}", edition]


def money(text: str) -> Money:
    return Money.parse(text)


# --- The Monthly Return --------------------------------------------------------------------------------------------


def monthly(version: str = "1.1.1", edition: int = CURRENT.number) -> MonthlyReturn:
    """July 2025, or July 2023 on the form without treasury shares."""
    old = version == "1.0.2"
    year = 2023 if old else 2025
    return MonthlyReturn(
        form=form("FF301", version, edition),
        month_end=date(year, 7, 31),
        status="Resubmission",
        issuer_name=ISSUER,
        chinese_name=CHINESE,
        submitted_on=date(year, 8, 5),
        authorised=(_subdivided(), _cut()),
        total_authorised_capital=(money("HKD 100000000"), money("USD 45000")),
        issued=(_issued(treasury=not old), _unmoved()),
        options=(options(treasury=not old),),
        warrants=(warrants(treasury=not old),),
        convertibles=(convertibles(treasury=not old),),
        agreements=(agreements(treasury=not old),),
        other_movements=(others(treasury=not old),),
        totals=(MonthTotal(ORDINARY, Figure(3_370_000 if old else 1_770_000), BLANK if old else Figure(1_550_000)),),
        depositary_receipts="Each depositary receipt represents ten ordinary shares; 1,200,000 are outstanding.",
        confirms=True,
        struck_out=(3, 7, 8),
        public_float="The applicable threshold is 25 %; it was met at the close of the month.",
        not_applicable="Nil",
        submitted_by="Chan Tai Man",
        title="Company Secretary",
    )


def _subdivided() -> AuthorisedCapital:
    """Ten for one: the number moves and the par value with it, the capital stands."""
    capital = money("HKD 100000000")
    return AuthorisedCapital(
        ORDINARY,
        Figure(1_000_000_000),
        Figure(9_000_000_000),
        Figure(10_000_000_000),
        money("HKD 0.1"),
        money("HKD 0.01"),
        capital,
        capital,
    )


def _cut() -> AuthorisedCapital:
    """The par value alone is reduced: the number stands, the capital falls."""
    par = money("USD 0.00001"), money("USD 0.000009")
    shares = Figure(5_000_000_000)
    return AuthorisedCapital(PREFERENCE, shares, BLANK, shares, *par, money("USD 50000"), money("USD 45000"))


def _issued(*, treasury: bool) -> IssuedShares:
    def line(issued: int, held: int) -> BalanceLine:
        return BalanceLine(Figure(issued), Figure(held if treasury else 0), Figure(issued + (held if treasury else 0)))

    moved = BalanceLine(Figure(1_770_000 if treasury else 3_370_000), Figure(1_550_000) if treasury else BLANK, BLANK)
    closing = 4_001_770_000 if treasury else 4_003_370_000
    return IssuedShares(ORDINARY, line(4_000_000_000, 10_000_000), moved, line(closing, 11_550_000))


def _unmoved() -> IssuedShares:
    line = BalanceLine(Figure(250_000_000), Figure(0), Figure(250_000_000))
    return IssuedShares(PREFERENCE, line, BalanceLine(BLANK, BLANK, BLANK), line)


def options(*, treasury: bool = True) -> Options:
    """A1: 200,000 and 120,000; A2: 50,000."""
    row = OptionsRow(
        number=1,
        particulars="2015 share option scheme, exercise price HKD 1.20 to HKD 3.50",
        opening=Figure(30_000_000),
        movements=(
            OptionMovement("Granted", Figure(1_000_000)),
            OptionMovement("Exercised", Figure(-250_000)),
            OptionMovement("Cancelled", Figure(-10_000)),
            OptionMovement("Lapsed", Figure(-40_000)),
            OptionMovement("Others", Figure(-700_000), "Surrendered"),
        ),
        closing=Figure(30_000_000),
        new_shares=Figure(200_000),
        treasury_shares=Figure(50_000) if treasury else BLANK,
        may_be_issued=Figure(30_000_000),
        may_be_granted=Figure(0),
        general_meeting_on=date(2015, 6, 18),
    )
    second = OptionsRow(
        number=2,
        particulars="2025 share option scheme",
        opening=Figure(0),
        movements=(OptionMovement("Granted", Figure(500_000)), OptionMovement("Exercised", Figure(-120_000))),
        closing=Figure(380_000),
        new_shares=Figure(120_000),
        treasury_shares=BLANK,
        may_be_issued=Figure(380_000),
        may_be_granted=Figure(399_500_000),
        general_meeting_on=date(2025, 6, 20),
    )
    held = Figure(50_000) if treasury else BLANK
    raised = (money("HKD 612500.5"), money("USD 1200"))
    return Options(ORDINARY, (row, second), Figure(320_000), held, raised, ("The 2015 scheme expired on 17 June 2025.",))


def warrants(*, treasury: bool = True) -> Instruments:
    """B1: 150,000; B2: 100,000."""
    counted = InstrumentRow(
        number=1,
        description="Warrants to subscribe for ordinary shares, expiring on 30 June 2027",
        stock_code="04321",
        price=money("HKD 8.88"),
        general_meeting_on=date(2024, 6, 20),
        currency=None,
        opening=Decimal(12_000_000),
        movements=(("Exercised", Decimal(-250_000)),),
        closing=Decimal(11_750_000),
        new_shares=Figure(150_000),
        treasury_shares=Figure(100_000) if treasury else BLANK,
        may_be_issued=Figure(11_750_000),
    )
    return Instruments(ORDINARY, (counted,), Figure(150_000), Figure(100_000) if treasury else BLANK, ())


def convertibles(*, treasury: bool = True) -> Instruments:
    """C1: 1,000,000; no treasury shares."""
    notes = InstrumentRow(
        number=1,
        description="3 % convertible notes due 2028",
        stock_code=None,
        price=money("HKD 10.05"),
        general_meeting_on=date(2023, 6, 15),
        currency="USD",
        opening=Decimal("250000000.5"),
        movements=(("Converted", Decimal("-1250000.25")), ("Redeemed", Decimal("-0.25"))),
        closing=Decimal(248_750_000),
        new_shares=Figure(1_000_000),
        treasury_shares=BLANK,
        may_be_issued=Figure(193_074_626),
    )
    shares = InstrumentRow(
        2, "Convertible preference shares", None, None, None, "HKD", Decimal(5), (), Decimal(5), BLANK, BLANK, Figure(5)
    )
    return Instruments(ORDINARY, (notes, shares), Figure(1_000_000), BLANK, ("Conversion at the holders' option.",))


def agreements(*, treasury: bool = True) -> Agreements:
    """D1: 400,000; D2: 300,000."""
    awards = AgreementRow(
        number=1,
        description="Awards under the 2024 share award plan",
        price=None,
        general_meeting_on=date(2024, 6, 20),
        new_shares=Figure(100_000),
        treasury_shares=Figure(300_000) if treasury else BLANK,
        may_be_issued=Figure(6_500_000),
    )
    placed = AgreementRow(2, "Over-allotment option", money("HKD 12.3456"), None, Figure(300_000), BLANK, Figure(0))
    return Agreements(ORDINARY, (awards, placed), Figure(400_000), Figure(300_000) if treasury else BLANK, ("Vested in July.",))


def others(*, treasury: bool = True) -> OtherMovements:
    """E1: -100,000, or 1,500,000 without treasury shares; E2: 2,000,000."""
    scrip = OtherMovement(
        1,
        "Scrip dividend - new shares involved",
        "Final dividend for 2024",
        money("HKD 9.876543"),
        date(2025, 7, 18),
        date(2025, 6, 20),
        Figure(2_900_000),
        BLANK,
        BLANK,
    )
    cancelled = OtherMovement(
        2,
        "Repurchase of shares (shares repurchased and cancelled)",
        "Bought on 2 and 3 June 2025",
        money("HKD 9.5"),
        date(2025, 7, 9),
        date(2025, 6, 20),
        Figure(-1_400_000),
        BLANK,
        Figure(-800_000),
    )
    held = OtherMovement(
        3,
        "Repurchase of shares (shares held as treasury shares)",
        None,
        money("HKD 9.4"),
        date(2025, 7, 21),
        date(2025, 6, 20),
        Figure(-1_600_000),
        Figure(2_000_000),
        BLANK,
    )
    rows = (scrip, cancelled, held) if treasury else (scrip, cancelled)
    totals = (Figure(-100_000), Figure(2_000_000)) if treasury else (Figure(1_500_000), BLANK)
    return OtherMovements(ORDINARY, rows, *totals, ("The shares pending cancellation were bought in July.",))


# --- The Next Day Disclosure Returns -------------------------------------------------------------------------------

PENDING = "Shares repurchased for cancellation but not yet cancelled"


def next_day(code: str = "FF305", edition: int = CURRENT.number) -> NextDayReturn:
    """Events of every kind on 21 July 2025, or 2023 on FF304."""
    old = code == "FF304"
    year = 2023 if old else 2025
    return NextDayReturn(
        form=form(code, "1.2.4" if old else "1.3.0", edition),
        status="New Submission",
        issuer_name=ISSUER,
        chinese_name=CHINESE,
        submitted_on=date(year, 7, 22),
        sections=(_section(year, old=old), _nothing(year)),
        repurchases=(repurchases(year),),
        treasury_sales=() if old else (treasury_sales(year),),
        remarks=("The buy-back was carried out by an independent broker.", "The shares awarded vest at once."),
        struck_out=(2, 8),
        not_applicable="Nil",
        submitted_by="Chan Tai Man",
        title="Company Secretary",
        opening_basis=f"Monthly Return for June {year}",
        denominator_basis="the class",
    )


def _section(year: int, *, old: bool) -> ClassSection:
    bought_on = date(year, 7, 21)
    base = 4_000_000_000
    held, bought = (0, 0) if old else (10_000_000, 1_600_000)
    changes = (
        Change(
            1,
            "Exercise of options under a share scheme - new shares involved",
            "2015 share option scheme",
            bought_on,
            Figure(200_000),
            Percentage(200_000, base, 4),
            BLANK,
            money("HKD 2.345678"),
            money("HKD 9.6") if old else None,
            Decimal("-75.5658541667") if old else None,
        ),
        Change(
            2,
            "Repurchase of shares (or other securities) and cancelled"
            if old
            else "Repurchase of shares (shares held as treasury shares)",
            None,
            bought_on,
            Figure(-1_600_000),
            Percentage(-1_600_000, base, 4),
            Figure(bought) if bought else BLANK,
            money("HKD 9.4"),
            money("HKD 9.4") if old else None,
            Decimal("-0.0049") if old else None,
        ),
    )
    return ClassSection(
        ORDINARY,
        DatedBalance(date(year, 6, 30), Figure(base), Figure(held), Figure(base + held)),
        changes,
        DatedBalance(bought_on, Figure(3_998_600_000), Figure(held + bought), Figure(3_998_600_000 + held + bought)),
        tuple(_tranche(number, year, old=old) for number in range(1, 4)),
    )


def _tranche(number: int, year: int, *, old: bool) -> PendingShares:
    return PendingShares(
        number + 2 if old else number,
        "Repurchase of shares (or other securities) but not cancelled" if old else PENDING,
        None,
        date(year, 7, 13) + timedelta(days=number),
        Figure(100_000 * number),
        Percentage(100_000 * number, 4_000_000_000, 4),
        money("HKD 9.1234"),
    )


def _nothing(year: int) -> ClassSection:
    bought_on = date(year, 7, 21)
    balance = DatedBalance(date(year, 6, 30), Figure(250_000_000), Figure(0), Figure(250_000_000))
    placeholder = Change(1, "Other (please specify)", "Not applicable", bought_on, Figure(0), None, BLANK, None)
    return ClassSection(PREFERENCE, balance, (placeholder,), balance, ())


def trade(on: date, shares: int, price: str, lowest: str | None, total: str, method: str = "On the Exchange") -> TradeRow:
    lower = money(lowest) if lowest else None
    return TradeRow(on, Figure(shares), method, money(price), lower, money(total))


def repurchases(year: int = 2025) -> TradeReport:
    """1,000,000 and 600,000 shares into treasury and 300,000 for cancellation, in two currencies."""
    rows = (
        trade(date(year, 7, 21), 1_000_000, "HKD 9.45", "HKD 9.35", "HKD 9400000"),
        trade(date(year, 7, 21), 600_000, "GBP 0.9512", None, "GBP 570720", "On the London Stock Exchange"),
        trade(date(year, 7, 18), 300_000, "HKD 9.2", "HKD 9.05", "HKD 2737020.5"),
    )
    mandate = MandateBlock(
        date(2025, 6, 20), 400_000_000, Figure(7_654_321), Percentage(7_654_321, 4_000_000_000, 5), date(2025, 8, 20)
    )
    totals = (money("HKD 12137020.5"), money("GBP 570720"))
    return TradeReport(ORDINARY, rows, Figure(1_900_000), totals, Figure(300_000), Figure(1_600_000), mandate)


def treasury_sales(year: int = 2025) -> TradeReport:
    rows = (
        trade(date(year, 7, 16), 250_000, "HKD 9.9", "HKD 9.85", "HKD 2468750"),
        trade(date(year, 7, 17), 50_000, "HKD 10", None, "HKD 500000"),
    )
    mandate = MandateBlock(date(year, 6, 20), 800_000_000, Figure(300_000), Percentage(300_000, 4_000_000_000, 5), None)
    return TradeReport(ORDINARY, rows, Figure(300_000), (money("HKD 2968750"),), BLANK, BLANK, mandate)
