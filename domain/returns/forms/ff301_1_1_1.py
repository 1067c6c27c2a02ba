"""FF301 1.1.1, the Monthly Return of 2025: the captions, notes and confirmations of a return of January 2025.

Parts III(B) to (D) were empty in it: their columns follow the form before June 2024 and part (A), and are unverified.
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
        "listed": "Listed on the Exchange (Note 1)",
        "yes": "Yes",
        "no": "No",
        "stock_code": "Stock code (if listed)",
        "unlisted_stock_code": "N/A",
        "multi_counter_stock_code": "Multi-counter stock code",
        "description": "Description",
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
        "part_2": "II. Movements in Issued Shares and/or Treasury Shares",
        "issued_number": "Number of issued shares (excluding treasury shares)",
        "treasury_number": "Number of treasury shares",
        "total_number": "Total number of issued shares",
    },
    "Part III(A)": {
        "part_3": "III. Details of Movements in Issued Shares and/or Treasury Shares",
        "part_3a": "(A). Share Options (under Share Option Schemes of the Issuer)",
        "option_particulars": "Particulars of share option scheme",
        "options_opening": "Number of share options outstanding at close of preceding month",
        "options_movement": "Movement during the month",
        "options_closing": "Number of share options outstanding at close of the month",
        "options_new_shares": "Number of new shares issued during the month pursuant thereto (A1)",
        "options_treasury_shares": "Number of treasury shares transferred out of treasury during the month pursuant thereto (A2)",
        "options_may_be_issued": (
            "Number of shares which may be issued or transferred out of treasury pursuant thereto as at close of the month"
        ),
        "options_may_be_granted": (
            "The total number of shares which may be issued or transferred out of treasury upon exercise of all share "
            "options to be granted under the scheme at close of the month"
        ),
        "general_meeting": "General Meeting approval date (if applicable)",
        "options_issued_total": "Increase in issued shares (excluding treasury shares):",
        "options_issued_mark": "(AA1)",
        "options_treasury_total": "Decrease in treasury shares:",
        "options_treasury_mark": "(AA2)",
        "options_funds_raised": "Total funds raised during the month from exercise of options:",
        "remarks": "Remarks:",
    },
    "Part III(B)": {
        "part_3b": "(B). Warrants to Issue Shares of the Issuer",
        "warrants_description": "Description of the Warrants",
        "warrants_currency": "Currency",
        "warrants_opening": "Number or amount at close of preceding month",
        "warrants_movement": "Movement during the month",
        "warrants_closing": "Number or amount at close of the month",
        "warrants_new_shares": "Number of new shares issued during the month pursuant thereto (B1)",
        "warrants_treasury_shares": (
            "Number of treasury shares transferred out of treasury during the month pursuant thereto (B2)"
        ),
        "warrants_may_be_issued": (
            "Number of shares which may be issued or transferred out of treasury pursuant thereto as at close of the month"
        ),
        "warrants_type": "Type of the Warrants",
        "warrants_stock_code": "Stock code of the Warrants (if listed on the Exchange) (Note 1)",
        "warrants_price": "Subscription price",
        "warrants_issued_total": "Increase in issued shares (excluding treasury shares):",
        "warrants_issued_mark": "(BB1)",
        "warrants_treasury_total": "Decrease in treasury shares:",
        "warrants_treasury_mark": "(BB2)",
    },
    "Part III(C)": {
        "part_3c": "(C). Convertibles (i.e. Convertible into Issue Shares of the Issuer)",
        "convertibles_description": "Description of the Convertibles",
        "convertibles_currency": "Currency",
        "convertibles_opening": "Amount at close of preceding month",
        "convertibles_movement": "Movement during the month",
        "convertibles_closing": "Amount at close of the month",
        "convertibles_new_shares": "Number of new shares issued during the month pursuant thereto (C1)",
        "convertibles_treasury_shares": (
            "Number of treasury shares transferred out of treasury during the month pursuant thereto (C2)"
        ),
        "convertibles_may_be_issued": (
            "Number of shares which may be issued or transferred out of treasury pursuant thereto as at close of the month"
        ),
        "convertibles_type": "Type of the Convertibles",
        "convertibles_stock_code": "Stock code of the Convertibles (if listed on the Exchange) (Note 1)",
        "convertibles_price": "Subscription/Conversion price",
        "convertibles_issued_total": "Increase in issued shares (excluding treasury shares):",
        "convertibles_issued_mark": "(CC1)",
        "convertibles_treasury_total": "Decrease in treasury shares:",
        "convertibles_treasury_mark": "(CC2)",
    },
    "Part III(D)": {
        "part_3d": (
            "(D). Any other Agreements or Arrangements to Issue Shares of the Issuer, including Options "
            "(other than Share Option Schemes)"
        ),
        "agreements_description": "Description",
        "agreements_new_shares": "Number of new shares issued during the month pursuant thereto (D1)",
        "agreements_treasury_shares": (
            "Number of treasury shares transferred out of treasury during the month pursuant thereto (D2)"
        ),
        "agreements_may_be_issued": (
            "Number of shares which may be issued or transferred out of treasury pursuant thereto as at close of the month"
        ),
        "agreements_issued_total": "Increase in issued shares (excluding treasury shares):",
        "agreements_issued_mark": "(DD1)",
        "agreements_treasury_total": "Decrease in treasury shares:",
        "agreements_treasury_mark": "(DD2)",
    },
    "Part III(E)": {
        "part_3e": "(E). Other Movements in Issued Shares and/or Treasury Shares",
        "events": "Events",
        "price": "At price (if applicable)",
        "currency": "Currency",
        "amount": "Amount",
        "event_date": "Date of event (Note 2)",
        "other_issued": (
            "Increase/ decrease (-) in issued shares (excluding treasury shares) during the month pursuant thereto (E1)"
        ),
        "other_treasury": "Increase/ decrease (-) in treasury shares during the month pursuant thereto (E2)",
        "other_pending": (
            "Number of shares redeemed or repurchased for cancellation but not yet cancelled as at close of the month (Note 3)"
        ),
        "other_issued_total": "Increase/ decrease (-) in issued shares (excluding treasury shares):",
        "other_issued_mark": "(EE1)",
        "other_treasury_total": "Increase/ decrease (-) in treasury shares:",
        "other_treasury_mark": "(EE2)",
        "month_issued_total": (
            "Total increase/ decrease (-) in issued shares (excluding treasury shares) during the month (i.e. Total of AA1 to "
            "EE1):"
        ),
        "month_treasury_total": "Total increase/ decrease (-) in treasury shares during the month (i.e. Total of AA2 to EE2):",
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
            "Pursuant to Main Board Rule 13.25C / GEM Rule 17.27C, we hereby confirm to the best knowledge, information and "
            "belief that, in relation to each of the securities issued, or the treasury shares sold or transferred by the "
            "issuer during the month as set out in Parts III and IV which has not been previously disclosed in a return "
            "published under Main Board Rule 13.25A / GEM Rule 17.27A, it has been duly authorised by the board of directors "
            "of the listed issuer and carried out in compliance with all applicable listing rules, laws and other regulatory "
            "requirements and, insofar as applicable:"
        ),
        "confirmation_note": "(Note 4)",
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
    "The Exchange refers to The Stock Exchange of Hong Kong Limited.",
    "In the case of repurchase of shares (shares repurchased and cancelled) and redemption of shares (shares redeemed and "
    'cancelled), "date of event" should be construed as "cancellation date".\n'
    'In the case of repurchase of shares (shares held as treasury shares), "date of event" should be construed as "date on '
    'which shares were repurchased and held by the issuer in treasury".',
    "The information is required in the case of repurchase of shares (shares repurchased for cancellation but not yet "
    "cancelled) and redemption of shares (shares redeemed but not yet cancelled). Please state the number of shares "
    "repurchased or redeemed during the month or in preceding month(s) but pending cancellation as at close of the month "
    "as a negative number.",
    "Items (i) to (viii) are suggested forms of confirmation. The listed issuer may amend the item(s) that is/are not "
    "applicable to meet individual cases. Where the issuer has already made the relevant confirmations in a return "
    "published under Main Board Rule 13.25A / GEM Rule 17.27A in relation to the securities issued, or the treasury "
    "shares sold or transferred, no further confirmation is required to be made in this return.",
    '"Identical" means in this context:\n'
    "- the securities are of the same nominal value with the same amount called up or paid up;\n"
    "- they are entitled to dividend/interest at the same rate and for the same period, so that at the next ensuing "
    "distribution, the dividend/interest payable per unit will amount to exactly the same sum (gross and net); and\n"
    "- they carry the same rights as to unrestricted transfer, attendance and voting at meetings and rank pari passu in "
    "all other respects.",
)

CONFIRMATIONS: tuple[str, ...] = (
    "all money due to the listed issuer in respect of the issue of securities, or sale or transfer of treasury shares has "
    "been received by it;",
    "all pre-conditions for listing imposed by the Rules Governing the Listing of Securities on The Stock Exchange of "
    'Hong Kong Limited under "Qualifications of listing" have been fulfilled;',
    "all (if any) conditions contained in the formal letter granting listing of and permission to deal in the securities "
    "have been fulfilled;",
    "all the securities of each class are in all respects identical (Note 5);",
    "all documents required by the Companies (Winding Up and Miscellaneous Provisions) Ordinance to be filed with the "
    "Registrar of Companies have been duly filed and that compliance has been made with all other legal requirements;",
    "all the definitive documents of title have been delivered/are ready to be delivered/are being prepared and will be "
    "delivered in accordance with the terms of issue, sale or transfer;",
    "completion has taken place of the purchase by the issuer of all property shown in the listing document to have been "
    "purchased or agreed to be purchased by it and the purchase consideration for all such property has been duly "
    "satisfied; and",
    "the trust deed/deed poll relating to the debenture, loan stock, notes or bonds has been completed and executed, and "
    "particulars thereof, if so required by law, have been filed with the Registrar of Companies.",
)

# Wording that no published return has shown; a correction is a line above and its key struck from here.
UNVERIFIED: frozenset[str] = keys_of(CAPTIONS, "Part III(B)", "Part III(C)", "Part III(D)", "Public float") - {"part_3d"}

CORRECTIONS = {
    2: {
        "Signature and foot": {"page_head": "FF301"},
    }
}

FORM = Form(
    code="FF301",
    version="1.1.1",
    kind=MONTHLY,
    first_day=date(2024, 12, 1),
    dated_by=f"{SIGHTING}: December 2024",
    since=1,
    treasury_shares=True,
    sections=CAPTIONS,
    notes=NOTES,
    confirmations=CONFIRMATIONS,
    unverified=UNVERIFIED,
    corrections=CORRECTIONS,
)
