"""FF304 1.2.4, the Next Day Disclosure Return of 2022 and 2023: the captions, notes, confirmations of one of 2022.

This version prints the class under `Type of shares` and the type, as `Class B`, under `Class of shares`. It had no
repurchase to report: the captions of Section II are those of version 1.2.5, and unverified here.
"""

from __future__ import annotations

from datetime import date

from domain.returns.forms.form import NEXT_DAY, SIGHTING, Form, Sections, keys_of

CAPTIONS: Sections = {
    "Head of the return": {
        "title": "Next Day Disclosure Return",
        "subtitle": "(Equity issuer - changes in issued share capital and/or share buybacks)",
        "form": "FF304",
        "instrument": "Instrument:",
        "instrument_value": "Equity issuer",
        "status": "Status:",
        "issuer_name": "Name of Issuer:",
        "date_submitted": "Date Submitted:",
        "section_1_instruction": (
            "Section I must be completed by a listed issuer where there has been a change in its issued share capital which is "
            'discloseable pursuant to rule 13.25A of the Main Board Rules (the "Main Board Listing Rules") / rule 17.27A of '
            'the GEM Rules (the "GEM Listing Rules") Governing the Listing of Securities on The Stock Exchange of Hong Kong '
            'Limited (the "Exchange")'
        ),
        "section_1": "Section I",
        "not_applicable": "Not applicable",
    },
    "Head of a class": {
        "class_label": "Type of shares",
        "type_label": "Class of shares",
        "type_value": "{type_label}",
        "type_value_wvr": "Class {type_label}",
        "listed": "Listed on SEHK (Note 11)",
        "yes": "Yes",
        "no": "No",
        "stock_code": "Stock code (if listed)",
        "unlisted_stock_code": "",
        "multi_counter_stock_code": "Multi-counter stock code",
        "description": "Description",
    },
    "Section I": {
        "events": "Issues of shares (Notes 6 and 7)",
        "issued_number": "No. of shares",
        "issued_percent": (
            "Issued shares as a % of existing number of issued shares before relevant share issue (Notes 4, 6 and 7)"
        ),
        "price": "Issue price per share (Notes 1 and 7)",
        "market_price": "Closing market price per share of the immediately preceding business day (Note 5)",
        "discount": "% discount(-)/ premium of issue price to market price (Note 7)",
        "opening_balance": "Opening balance as at (Note 2)",
        "closing_balance": "Closing balance as at (Note 8)",
        "date_of_changes": "Date of changes",
    },
    "Confirmation": {
        "confirmation_title": "",
        "confirmation": (
            "We hereby confirm to the best knowledge, information and belief that, in relation to each issue of securities as "
            "set out in Section I, it has been duly authorised by the board of directors of the listed issuer and, insofar as "
            "applicable:"
        ),
        "confirmation_note": "(Note 9)",
    },
    "Section II": {
        "section_2_instruction": (
            "Section II must also be completed by a listed issuer where it has made a repurchase of shares which is "
            "discloseable under Main Board Rule 10.06(4)(a) / GEM Rule 13.13(1)."
        ),
        "section_2": (
            "The issuer has Purchase report or additional information for issuer whose primary listing is on the Exchange"
        ),
        "section_2_title": "Section II",
        "section_2_part_a": "A. Purchase report",
        "section_2_traded_on": "Trading date",
        "section_2_number": "Number of securities purchased",
        "section_2_method": "Method of purchase (Note)",
        "section_2_price": "Price per share or highest price paid $",
        "section_2_lowest": "Lowest price paid $",
        "section_2_total": "Total paid $",
        "section_2_total_number": "Total",
        "section_2_aggregate": "Total paid $",
        "section_2_part_b": "B. Additional information for issuer whose primary listing is on the Exchange",
        "section_2_used": (
            "Number of such securities purchased on the Exchange in the year to date (since ordinary resolution) (a)"
        ),
        "section_2_percent": (
            "% of number of shares in issue at time ordinary resolution passed acquired on the Exchange since date of "
            "resolution: (a) x 100 / number of shares in issue"
        ),
        "section_2_confirmation": (
            "We hereby confirm that the repurchases set out in A above which were made on the Exchange were made in accordance "
            "with the Listing Rules and that there have been no material changes to the particulars contained in the Explanatory "
            "Statement dated ____________ which has been filed with the Exchange. We also confirm that any purchases set out in "
            "A above which were made on another stock exchange were made in accordance with the domestic rules applying to "
            "purchases made on that other exchange."
        ),
        "section_2_note": (
            "Note to Section II: Please state whether on the Exchange, on another stock exchange (stating the name of the "
            "exchange), by private arrangement or by general offer."
        ),
    },
    "Signature and foot": {
        "notes_title": "Notes to Section I:",
        "remarks": "Remarks:",
        "submitted_by": "Submitted by:",
        "submitted_by_note": "(Name)",
        "signatory_title": "Title:",
        "signatory_title_note": "(Director, Secretary or other Duly Authorised Officer)",
        "page_mark": "Page {page} of {pages}",
        "version_mark": "v {version}",
    },
}

NOTES: tuple[str, ...] = (
    "Where shares have been issued at more than one issue price per share, a weighted average issue price per share "
    "should be given.",
    "Please insert the closing balance date of the last Next Day Disclosure Return published pursuant to Main Board Rule "
    "13.25A / GEM Rule 17.27A or Monthly Return pursuant to Main Board Rule 13.25B / GEM Rule 17.27B, whichever is the "
    "later.",
    "Please set out all changes in issued share capital requiring disclosure pursuant to Main Board Rule 13.25A / GEM Rule "
    "17.27A together with the relevant dates of issue. Each category will need to be disclosed individually with "
    "sufficient information to enable the user to identify the relevant category in the listed issuer's Monthly Return. "
    "For example, multiple issues of shares as a result of multiple exercises of share options under the same share option "
    "scheme or of multiple conversions under the same convertible note must be aggregated and disclosed as one category. "
    "However, if the issues resulted from exercises of share options under 2 share option schemes or conversions of 2 "
    "convertible notes, these must be disclosed as 2 separate categories.",
    "The percentage change in the number of issued shares of listed issuer is to be calculated by reference to the listed "
    "issuer's total number of shares in issue (excluding for such purpose any shares repurchased or redeemed but not yet "
    "cancelled) as it was immediately before the earliest relevant event which has not been disclosed in a Monthly Return "
    "or Next Day Disclosure Return.",
    'Where trading in the shares of the listed issuer has been suspended, "closing market price per share of the '
    'immediately preceding business day" should be construed as "closing market price per share of the business day on '
    'which the shares were last traded".',
    "In the context of a repurchase of shares:\n"
    '- "issues of shares" should be construed as "repurchases of shares"; and\n'
    '- "issued shares as a % of existing number of shares before relevant share issue" should be construed as '
    '"repurchased shares as a % of existing number of shares before relevant share repurchase".',
    "In the context of a redemption of shares:\n"
    '- "issues of shares" should be construed as "redemptions of shares";\n'
    '- "issued shares as a % of existing number of shares before relevant share issue" should be construed as "redeemed '
    'shares as a % of existing number of shares before relevant share redemption"; and\n'
    '- "issue price per share" should be construed as "redemption price per share".',
    "The closing balance date is the date of the last relevant event being disclosed.",
    "Items (i) to (viii) are suggested forms of confirmation which may be amended to meet individual cases.",
    '"Identical" means in this context:\n'
    "- the securities are of the same nominal value with the same amount called up or paid up;\n"
    "- they are entitled to dividend/interest at the same rate and for the same period, so that at the next ensuing "
    "distribution, the dividend/interest payable per unit will amount to exactly the same sum (gross and net); and\n"
    "- they carry the same rights as to unrestricted transfer, attendance and voting at meetings and rank pari passu in "
    "all other respects.",
    "SEHK refers to Stock Exchange of Hong Kong.",
)

CONFIRMATIONS: tuple[str, ...] = (
    "all money due to the listed issuer in respect of the issue of securities has been received by it;",
    "all pre-conditions for the listing imposed by the Main Board Listing Rules / GEM Listing Rules under "
    '"Qualifications of listing" have been fulfilled;',
    "all (if any) conditions contained in the formal letter granting listing of and permission to deal in the securities "
    "have been fulfilled;",
    "all the securities of each class are in all respects identical (Note 10);",
    "all documents required by the Companies (Winding Up and Miscellaneous Provisions) Ordinance to be filed with the "
    "Registrar of Companies have been duly filed and that compliance has been made with other legal requirements;",
    "all the definitive documents of title have been delivered/are ready to be delivered/are being prepared and will be "
    "delivered in accordance with the terms of issue;",
    "completion has taken place of the purchase by the issuer of all property shown in the listing document to have "
    "purchased or agreed to be purchased by it and the purchase consideration for all such property has been duly "
    "satisfied; and",
    "the trust deed/deed poll relating to the debenture, loan stock, notes or bonds has been completed and executed, and "
    "particulars thereof, if so required by law, have been filed with the Registrar of Companies.",
)

# Wording that no published return on this version has shown; a correction is a line above and its key struck from here.
UNVERIFIED: frozenset[str] = keys_of(CAPTIONS, "Section II") - {"section_2", "section_2_instruction"} | {
    "section_2_line",
    "section_2_listed",
    "section_2_row",
    "section_2_elsewhere",
}

# Section II of the second edition is that of a return of January 2024.
CORRECTIONS = {
    2: {
        "Section II": {
            "section_2_line": (
                "The issuer has Purchase report or additional information for issuer whose primary listing is on the Exchange"
            ),
            "section_2_listed": "Listed on SEHK (Note)",
            "section_2_row": "{number}). ",
            "section_2_total_number": "Total number of securities purchased",
            "section_2_percent": (
                "% of number of shares in issue at time ordinary resolution passed acquired on the Exchange since date of "
                "resolution\n( (a) x 100 )/ Number of shares in issue"
            ),
            "section_2_confirmation": (
                "We hereby confirm that the repurchases set out in A above which were made on the Exchange were made in "
                "accordance with the Main Board Listing Rules / GEM Listing Rules and that there have been no material changes "
                "to the particulars contained in the Explanatory Statement dated {explanatory_statement_on} which has been "
                "filed with the Exchange."
            ),
            "section_2_elsewhere": (
                "We also confirm that any purchases set out in A above which were made on another stock exchange were made in "
                "accordance with the domestic rules applying to purchases made on that other exchange."
            ),
        },
        "Signature and foot": {"page_head": "FF304"},
    }
}

FORM = Form(
    code="FF304",
    version="1.2.4",
    kind=NEXT_DAY,
    first_day=date(2022, 10, 31),
    dated_by=f"{SIGHTING}: October 2022",
    since=1,
    treasury_shares=False,
    sections=CAPTIONS,
    notes=NOTES,
    confirmations=CONFIRMATIONS,
    unverified=UNVERIFIED,
    corrections=CORRECTIONS,
)
