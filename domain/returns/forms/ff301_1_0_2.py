"""FF301 1.0.2, the Monthly Return before 11 June 2024: its captions, notes and confirmations.

Read in excerpts of published returns on versions 1.0.0 to 1.0.2, of July 2021 to July 2023. It knows no treasury shares,
so each part has one column of shares issued and one foot.
"""

from __future__ import annotations

from datetime import date

from domain.returns.forms.form import MONTHLY, SIGHTING, Form, Sections, keys_of

CAPTIONS: Sections = {
    "Head of the return": {
        "title": (
            "Monthly Return for Equity Issuer and Hong Kong Depositary Receipts listed under Chapter 19B of the "
            "Exchange Listing Rules on Movements in Securities"
        ),
        "form": "FF301",
        "month_ended": "For the month ended:",
        "status": "Status :",
        "to": "To :",
        "addressee": "Hong Kong Exchanges and Clearing Limited",
        "issuer_name": "Name of Issuer:",
        "date_submitted": "Date Submitted:",
        "not_applicable": "Not applicable",
    },
    "Head of a class": {
        "class_label": "Class of shares",
        "type_label": "Type of shares",
        "type_value": "{type_label}",
        "type_value_wvr": "{type_label}",
        "listed": "Listed on SEHK (Note 1)",
        "yes": "Yes",
        "no": "No",
        "stock_code": "Stock code (if listed)",
        "unlisted_stock_code": "N/A",
        "multi_counter_stock_code": "Multi-counter stock code",
        "description": "Description",
        "issuable_class_label": "Class of shares issuable",
        "issuable_listed": "Shares issuable to be listed on SEHK (Note 1)",
        "issuable_stock_code": "Stock code of shares issuable (if listed on SEHK) (Note 1)",
        "event_class_label": "Class of shares issuable (Note 5 and 6)",
        "event_listed": "Shares issuable to be listed on SEHK (Note 1, 5 and 6)",
        "event_stock_code": "Stock code of shares issuable (if listed on SEHK) (Note 1, 5 and 6)",
    },
    "Part I": {
        "part_1": "I. Movements in Authorised / Registered Share Capital",
        "authorised_number": "Number of authorised/registered shares",
        "par_value": "Par value",
        "authorised_capital": "Authorised/registered share capital",
        "balance_opening": "Balance at close of preceding month",
        "balance_movement": "Increase / decrease (-)",
        "balance_closing": "Balance at close of the month",
        "total_authorised_capital": "Total authorised/registered share capital at the end of the month:",
    },
    "Part II": {
        "part_2": "II. Movements in Issued Shares",
        "issued_number": "Number of issued shares",
    },
    "Part III(A)": {
        "part_3": "III. Details of Movements in Issued Shares",
        "part_3a": "(A). Share Options (under Share Option Schemes of the Issuer)",
        "option_particulars": "Particulars of share option scheme",
        "options_opening": "Number of share options outstanding at close of preceding month",
        "options_movement": "Movement during the month",
        "options_closing": "Number of share options outstanding at close of the month",
        "options_new_shares": "No. of new shares of issuer issued during the month pursuant thereto (A)",
        "options_may_be_issued": "No. of new shares of issuer which may be issued pursuant thereto as at close of the month",
        "options_may_be_granted": (
            "The total number of securities which may be issued upon exercise of all share options to be granted under the "
            "scheme at close of the month"
        ),
        "general_meeting": "General Meeting approval date (if applicable)",
        "options_issued_total": "Total A ({name}):",
        "options_funds_raised": "Total funds raised during the month from exercise of options:",
        "remarks": "Remarks:",
    },
    "Part III(B)": {
        "part_3b": "(B). Warrants to Issue Shares of the Issuer which are to be Listed",
        "warrants_description": "Description of the Warrants",
        "warrants_currency": "Currency",
        "warrants_opening": "Nominal value at close of preceding month",
        "warrants_movement": "Movement during the month",
        "warrants_closing": "Nominal value at close of the month",
        "warrants_new_shares": "No. of new shares of issuer issued during the month pursuant thereto (B)",
        "warrants_may_be_issued": "No. of new shares of issuer which may be issued pursuant thereto as at close of the month",
        "warrants_type": "Type of warrants",
        "warrants_stock_code": "Stock code of the Warrants (if listed on SEHK) (Note 1)",
        "warrants_price": "Subscription price",
        "warrants_issued_total": "Total B ({name}):",
    },
    "Part III(C)": {
        "part_3c": "(C). Convertibles (i.e. Convertible into Issue Shares of the Issuer which are to be Listed)",
        "convertibles_description": "Description of the Convertibles",
        "convertibles_currency": "Currency",
        "convertibles_opening": "Amount at close of preceding month",
        "convertibles_movement": "Movement during the month",
        "convertibles_closing": "Amount at close of the month",
        "convertibles_new_shares": "No. of new shares of issuer issued during the month pursuant thereto (C)",
        "convertibles_may_be_issued": "No. of new shares of issuer which may be issued pursuant thereto as at close of the month",
        "convertibles_type": "Type of convertibles",
        "convertibles_stock_code": "Stock code of the Convertibles (if listed on SEHK) (Note 1)",
        "convertibles_price": "Subscription/Conversion price",
        "convertibles_issued_total": "Total C ({name}):",
    },
    "Part III(D)": {
        "part_3d": (
            "(D). Any other Agreements or Arrangements to Issue Shares of the Issuer which are to be listed, including Options "
            "(other than Share Options Schemes)"
        ),
        "agreements_description": "Description",
        "agreements_new_shares": "No. of new shares of issuer issued during the month pursuant thereto (D)",
        "agreements_may_be_issued": "No. of new shares of issuer which may be issued pursuant thereto as at close of the month",
        "agreements_issued_total": "Total D ({name}):",
    },
    "Part III(E)": {
        "part_3e": "(E). Other Movements in Issued Share",
        "events": "Type of Issue",
        "price": "At price (if applicable)",
        "currency": "Currency",
        "amount": "Amount",
        "event_date": "Issue and allotment date (Note 5 and 6)",
        "other_issued": "No. of new shares of issuer issued during the month pursuant thereto (E)",
        "other_may_be_issued": "No. of new shares of issuer which may be issued pursuant thereto as at close of the month",
        "other_issued_total": "Total E ({name}):",
        "month_issued_total": "Total increase / decrease (-) in {name} during the month (i.e. Total of A to E):",
    },
    "Part IV": {
        "part_4": "IV. Information about Hong Kong Depositary Receipt (HDR)",
    },
    "Public float": {
        "public_float": "Public float",
    },
    "Part V": {
        "confirmation_title": "V. Confirmations",
        "confirmation": (
            "We hereby confirm to the best knowledge, information and belief that, in relation to each of the securities issued "
            "by the issuer during the month as set out in Parts III and IV which has not been previously disclosed in a return "
            "published under Main Board Rule 13.25A / GEM Rule 17.27A, it has been duly authorised by the board of directors of "
            "the listed issuer and, insofar as applicable:"
        ),
        "confirmation_note": "(Note 2)",
    },
    "Signature and foot": {
        "submitted_by": "Submitted by:",
        "signatory_title": "Title:",
        "signatory_title_note": "(Director, Secretary or other Duly Authorised Officer)",
        "notes_title": "Notes",
        "page_mark": "Page {page} of {pages}",
        "version_mark": "v {version}",
    },
}

NOTES: tuple[str, ...] = (
    "SEHK refers to Stock Exchange of Hong Kong.",
    "Items (i) to (viii) are suggested forms of confirmation which may be amended to meet individual cases. Where the issuer "
    "has already made the relevant confirmations in a return published under Main Board Rule 13.25A / GEM Rule 17.27A in "
    "relation to the securities issued, no further confirmation is required to be made in this return.",
    '"Identical" means in this context:\n'
    "- the securities are of the same nominal value with the same amount called up or paid up;\n"
    "- they are entitled to dividend/interest at the same rate and for the same period, so that at the next ensuing "
    "distribution, the dividend/interest payable per unit will amount to exactly the same sum (gross and net); and\n"
    "- they carry the same rights as to unrestricted transfer, attendance and voting at meetings and rank pari passu in "
    "all other respects.",
    "If there is insufficient space, please submit additional document.",
    "In the context of repurchase of shares:\n"
    '- "shares issuable to be listed on SEHK" should be construed as "shares repurchased listed on SEHK";\n'
    '- "stock code of shares issuable (if listed on SEHK)" should be construed as "stock code of shares repurchased (if '
    'listed on SEHK)";\n'
    '- "class of shares issuable" should be construed as "class of shares repurchased"; and\n'
    '- "issue and allotment date" should be construed as "cancellation date".',
    "In the context of redemption of shares:\n"
    '- "shares issuable to be listed on SEHK" should be construed as "shares redeemed listed on SEHK";\n'
    '- "stock code of shares issuable (if listed on SEHK)" should be construed as "stock code of shares redeemed (if listed '
    'on SEHK)";\n'
    '- "class of shares issuable" should be construed as "class of shares redeemed"; and\n'
    '- "issue and allotment date" should be construed as "redemption date".',
)

CONFIRMATIONS: tuple[str, ...] = (
    "all money due to the listed issuer in respect of the issue of securities has been received by it;",
    "all pre-conditions for the listing imposed by the Main Board Listing Rules / GEM Listing Rules under "
    '"Qualifications of listing" have been fulfilled;',
    "all (if any) conditions contained in the formal letter granting listing of and permission to deal in the securities "
    "have been fulfilled;",
    "all the securities of each class are in all respects identical (Note 3);",
    "all documents required by the Companies (Winding Up and Miscellaneous Provisions) Ordinance to be filed with the "
    "Registrar of Companies have been duly filed and that compliance has been made with other legal requirements;",
    "all the definitive documents of title have been delivered/are ready to be delivered/are being prepared and will be "
    "delivered in accordance with the terms of issue;",
    "completion has taken place of the purchase by the issuer of all property shown in the listing document to have been "
    "purchased or agreed to be purchased by it and the purchase consideration for all such property has been duly "
    "satisfied; and",
    "the trust deed/deed poll relating to the debenture, loan stock, notes or bonds has been completed and executed, and "
    "particulars thereof, if so required by law, have been filed with the Registrar of Companies.",
)

# Wording that no published return has shown; a correction is a line above and its key struck from here.
UNVERIFIED: frozenset[str] = frozenset(
    {
        "unlisted_stock_code",
        "multi_counter_stock_code",
        "part_2",
        "issued_number",
        "options_opening",
        "options_closing",
        "options_new_shares",
        "options_may_be_issued",
        "options_may_be_granted",
        "options_issued_total",
        *keys_of(CAPTIONS, "Part III(B)") - {"part_3b"},
        "public_float",
        "confirmation",
        "confirmation_note",
        "Redemption of shares and cancelled",
        "NOTES",
        "CONFIRMATIONS",
    }
)

# The second edition names the events of III(E) in the form's own words: FF304's, as the first had them, are not its.
CORRECTIONS = {
    2: {
        "Part III(E)": {
            "Repurchase of shares (or other securities) and cancelled": "Repurchase of shares",
            "Redemption of shares and cancelled": "Redemption of shares",
            "Other (please specify)": "Other (Please specify)",
        },
        "Signature and foot": {"page_head": "FF301"},
    }
}

FORM = Form(
    code="FF301",
    version="1.0.2",
    kind=MONTHLY,
    first_day=date(2022, 11, 2),
    dated_by=f"{SIGHTING}: November 2022",
    since=1,
    treasury_shares=False,
    sections=CAPTIONS,
    notes=NOTES,
    confirmations=CONFIRMATIONS,
    unverified=UNVERIFIED,
    corrections=CORRECTIONS,
)
