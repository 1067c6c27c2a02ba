"""Typed returns built by hand from the figures of three published ones: the samples of the renderers' tests."""

from __future__ import annotations

from datetime import date

from domain.events.structured import Counter
from domain.returns.cells import BLANK, ClassHeading, Figure, Percentage
from domain.returns.documents import (
    AuthorisedCapital,
    BalanceLine,
    Change,
    ClassSection,
    DatedBalance,
    IssuedShares,
    MonthlyReturn,
    MonthTotal,
    NextDayReturn,
    OptionMovement,
    Options,
    OptionsRow,
    OtherMovement,
    OtherMovements,
    PendingShares,
)
from domain.returns.forms import FORMS
from domain.values import Money

ISSUER = (
    "SenseTime Group Inc. (a company controlled through weighted voting rights and incorporated in the Cayman Islands "
    "with limited liability)"
)
CHINESE = "商汤集团股份有限公司"
PAR = Money.parse("USD 0.000000025")
_FORM = {form.code: form for form in FORMS if str(form) in ("FF301 1.1.1", "FF304 1.2.4", "FF305 1.3.0")}

B_HEADING = ClassHeading(1, "B", "WVR ordinary shares", "B", True, "00020", (Counter("80020", "RMB"),), None)
A_HEADING = ClassHeading(2, "A", "WVR ordinary shares", "A", False, None, (), None)
B_2022 = ClassHeading(1, "B", "WVR ordinary shares", "B", True, "00020", (), None)


def monthly_december_2024() -> MonthlyReturn:
    """The Monthly Return for December 2024."""
    return MonthlyReturn(
        form=_FORM["FF301"],
        month_end=date(2024, 12, 31),
        status="New Submission",
        issuer_name=ISSUER,
        chinese_name=CHINESE,
        submitted_on=date(2025, 1, 6),
        authorised=(
            _authorised(B_HEADING, 1_992_000_000_000, "USD 49,800"),
            _authorised(A_HEADING, 8_000_000_000, "USD 200"),
        ),
        total_authorised_capital=(Money.parse("USD 50,000"),),
        issued=(
            IssuedShares(B_HEADING, _line(34_528_336_530), _movement(1_865_000_000), _line(36_393_336_530)),
            IssuedShares(A_HEADING, _line(614_034_470), _movement(None), _line(614_034_470)),
        ),
        options=(_nominee_shares(),),
        warrants=(),
        convertibles=(),
        agreements=(),
        other_movements=(_placing(),),
        totals=(MonthTotal(B_HEADING, Figure(1_865_000_000, (12,)), BLANK),),
        depositary_receipts=None,
        confirms=True,
        struck_out=(),
        public_float=None,
        not_applicable="Not applicable",
        submitted_by="Xu Li",
        title="Director",
    )


def _authorised(heading: ClassHeading, shares: int, capital: str) -> AuthorisedCapital:
    figure, amount = Figure(shares, (1,)), Money.parse(capital)
    return AuthorisedCapital(heading, figure, BLANK, figure, PAR, PAR, amount, amount)


def _line(issued: int) -> BalanceLine:
    return BalanceLine(Figure(issued), Figure(0), Figure(issued))


def _movement(issued: int | None) -> BalanceLine:
    return BalanceLine(Figure(issued), BLANK, BLANK)


def _nominee_shares() -> Options:
    row = OptionsRow(
        number=1,
        particulars=(
            "Class B Shares held by SenseTalent Management Limited for the Pre-IPO ESOP and Pre-IPO RSU Plan (each adopted "
            "on 01/11/2016 as amended from time to time)"
        ),
        opening=Figure(2_025_689_829, (7,)),
        movements=(OptionMovement("Others", Figure(-20_535_830, (14,)), "Sold"),),
        closing=Figure(2_005_153_999, (7, 14)),
        new_shares=BLANK,
        treasury_shares=BLANK,
        may_be_issued=Figure(0),
        may_be_granted=BLANK,
        general_meeting_on=None,
    )
    remark = (
        "Among the 2,005,153,999 Class B Shares held by SenseTalent Management Limited, 1,649,643,767 Class B Shares are "
        "held for the Pre-IPO ESOP and 355,510,232 Class B Shares are held for the Pre-IPO RSU Plan."
    )
    return Options(B_HEADING, (row,), BLANK, BLANK, (), (remark,))


def _placing() -> OtherMovements:
    row = OtherMovement(
        number=1,
        category="Placing/subscription - new shares involved",
        text=None,
        price=Money.parse("HKD 1.5"),
        occurred_on=date(2024, 12, 17),
        general_meeting_on=date(2024, 6, 26),
        issued=Figure(1_865_000_000, (12,)),
        treasury=BLANK,
        pending=BLANK,
    )
    return OtherMovements(B_HEADING, (row,), Figure(1_865_000_000, (12,)), BLANK, ())


def next_day_december_2022() -> NextDayReturn:
    """The Next Day Disclosure Return of 30 December 2022, on FF304, its class A opening on 30 November."""
    conversion = "Conversion of Class A ordinary shares to Class B ordinary shares"
    total = 33_500_700_000
    cancelled = _change(1, "Repurchase of shares (or other securities) and cancelled", None, -31_775_000, total)
    converted = _change(2, "Other (please specify)", conversion, 7_139_508, total)
    given_up = _change(1, "Other (please specify)", conversion, -7_139_508, total)
    return NextDayReturn(
        form=_FORM["FF304"],
        status="New Submission",
        issuer_name=ISSUER,
        chinese_name=None,
        submitted_on=date(2022, 12, 30),
        sections=(
            ClassSection(B_2022, _opening(25_973_445_420), (cancelled, converted), _closing(25_948_809_928), ()),
            ClassSection(A_HEADING, _opening(7_527_254_580), (given_up,), _closing(7_520_115_072), ()),
        ),
        repurchases=(),
        treasury_sales=(),
        remarks=(
            'SenseTime Group Inc. (the "Company") purchased a total of 31,775,000 class B ordinary shares on 16, 19, 20, 21, '
            "22, 23 and 26 September 2022 on the Stock Exchange.",
        ),
        struck_out=(),
        not_applicable="Not applicable",
        submitted_by="Xu Li",
        title="Director",
        opening_basis="Monthly Return for November 2022",
        denominator_basis="all classes",
    )


def _change(number: int, category: str, text: str | None, shares: int, base: int) -> Change:
    percent = Percentage(shares, base)
    return Change(number, category, text, date(2022, 12, 30), Figure(shares), percent, BLANK, None)


def _opening(shares: int) -> DatedBalance:
    return DatedBalance(date(2022, 11, 30), Figure(shares), Figure(0), Figure(shares))


def _closing(shares: int) -> DatedBalance:
    return DatedBalance(date(2022, 12, 30), Figure(shares), Figure(0), Figure(shares))


def next_day_december_2024() -> NextDayReturn:
    """The Next Day Disclosure Return for 17 December 2024, on FF305, submitted again the day after."""
    completed = date(2024, 12, 17)
    placing = Change(
        number=1,
        category="Placing/subscription - new shares involved",
        text=(
            "Completion of the placing of new Class B shares under general mandate (as disclosed in the announcements of the "
            "Company dated 11 December 2024 and 17 December 2024)"
        ),
        changed_on=completed,
        issued=Figure(1_865_000_000, (12,)),
        percent=Percentage(1_865_000_000, 34_528_336_530),
        treasury=BLANK,
        price=Money.parse("HKD 1.5"),
    )
    nothing = Change(1, "Other (please specify)", "Not applicable", completed, Figure(0), None, BLANK, None)
    return NextDayReturn(
        form=_FORM["FF305"],
        status="Resubmission",
        issuer_name=ISSUER,
        chinese_name=None,
        submitted_on=date(2024, 12, 18),
        sections=(
            ClassSection(
                B_HEADING,
                _balance(date(2024, 11, 30), 34_528_336_530),
                (placing,),
                _balance(completed, 36_393_336_530),
                (),
            ),
            ClassSection(A_HEADING, _balance(date(2024, 11, 30), 614_034_470), (nothing,), _balance(completed, 614_034_470), ()),
        ),
        repurchases=(),
        treasury_sales=(),
        remarks=(),
        struck_out=(),
        not_applicable="Not applicable",
        submitted_by="Xu Li",
        title="Director",
        opening_basis="Monthly Return for November 2024",
        denominator_basis="the class",
    )


def _balance(on: date, shares: int) -> DatedBalance:
    return DatedBalance(on, Figure(shares), Figure(0), Figure(shares))


def pending(number: int, category: str, shares: int) -> PendingShares:
    """A tranche repurchased on 16 September 2022 and not yet cancelled."""
    percent = Percentage(shares, 1_000_000_000)
    return PendingShares(number, category, None, date(2022, 9, 16), Figure(shares), percent, Money.parse("HKD 1.2345"))
