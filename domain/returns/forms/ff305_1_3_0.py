"""FF305 1.3.0, the Next Day Disclosure Return from 11 June 2024: the captions, notes, confirmations of one of 2024.

It had neither a repurchase nor a sale of treasury shares to report. Section II was read since in one of June 2025, but for the
words of its confirmation and notes; no report of a sale was found, and Section III is unverified.
"""

from __future__ import annotations

from domain.law.parameters import TREASURY_REGIME
from domain.returns.forms.form import NEXT_DAY, RULES_CHANGED, Form, Sections, keys_of

CAPTIONS: Sections = {
    "Head of the return": {
        "title": "Next Day Disclosure Return",
        "subtitle": (
            "(Equity issuer - changes in issued shares or treasury shares, share buybacks and/or on-market sales of treasury "
            "shares)"
        ),
        "form": "FF305",
        "instrument": "Instrument:",
        "instrument_value": "Equity issuer",
        "status": "Status:",
        "issuer_name": "Name of Issuer:",
        "date_submitted": "Date Submitted:",
        "section_1_instruction": (
            "Section I must be completed by a listed issuer where there has been a change in its issued shares or treasury "
            "shares which is discloseable pursuant to rule 13.25A of the Rules Governing the Listing of Securities on The Stock "
            'Exchange of Hong Kong Limited (the "Exchange") (the "Main Board Rules") or rule 17.27A of the Rules Governing '
            'the Listing of Securities on GEM of the Exchange (the "GEM Rules").'
        ),
        "section_1": "Section I",
        "not_applicable": "Not applicable",
    },
    "Head of a class": {
        "class_label": "Class of shares",
        "type_label": "Type of shares",
        "type_value": "{type_label}",
        "type_value_wvr": "{type_label}",
        "listed": "Listed on the Exchange",
        "yes": "Yes",
        "no": "No",
        "stock_code": "Stock code (if listed)",
        "unlisted_stock_code": "N/A",
        "multi_counter_stock_code": "Multi-counter stock code",
        "description": "Description",
    },
    "Section I": {
        "part_a": "A. Changes in issued shares or treasury shares",
        "part_b": (
            "B. Shares redeemed or repurchased for cancellation but not yet cancelled as at the closing balance date (Notes 5 "
            "and 6)"
        ),
        "events": "Events",
        "issued_changes": "Changes in issued shares (excluding treasury shares)",
        "issued_number": "Number of issued shares (excluding treasury shares)",
        "issued_percent": (
            "As a % of existing number of issued shares (excluding treasury shares) before the relevant event (Note 3)"
        ),
        "treasury_changes": "Changes in treasury shares",
        "treasury_number": "Number of treasury shares",
        "price": "Issue/ selling price per share (Note 4)",
        "total_number": "Total number of issued shares",
        "opening_balance": "Opening balance as at (Note 1)",
        "closing_balance": "Closing balance as at (Notes 5 and 6)",
        "date_of_changes": "Date of changes",
    },
    "Confirmation": {
        "confirmation_title": "Confirmation",
        "confirmation": (
            "Pursuant to Main Board Rule 13.25C / GEM Rule 17.27C, we hereby confirm to the best knowledge, information and "
            "belief that, in relation to each issue of shares or sale or transfer of treasury shares as set out in Section I, "
            "it has been duly authorised by the board of directors of the listed issuer and carried out in compliance with all "
            "applicable listing rules, laws and other regulatory requirements and, insofar as applicable:"
        ),
        "confirmation_note": "(Note 7)",
    },
    "Section II": {
        "section_2_instruction": (
            "Section II must also be completed by a listed issuer where it has made a repurchase of shares which is "
            "discloseable under Main Board Rule 10.06(4)(a) / GEM Rule 13.13(1)."
        ),
        "section_2": "Repurchase report",
        "section_2_title": "Section II",
        "section_2_part_a": "A. Repurchase report",
        "section_2_traded_on": "Trading date",
        "section_2_number": "Number of shares repurchased",
        "section_2_method": "Method of repurchase (Note 1)",
        "section_2_price": "Repurchase price per share or highest repurchase price per share $",
        "section_2_lowest": "Lowest repurchase price per share $",
        "section_2_total": "Aggregate price paid $",
        "section_2_total_number": "Total number of shares repurchased",
        "section_2_aggregate": "Aggregate price paid $",
        "section_2_for_cancellation": "Number of shares repurchased for cancellation",
        "section_2_for_treasury": "Number of shares repurchased for holding as treasury shares",
        "section_2_part_b": "B. Additional information for issuer who has a primary listing on the Exchange",
        "section_2_granted_on": "Date of the resolution granting the repurchase mandate",
        "section_2_limit": "Total number of shares which the issuer is authorised to repurchase under the repurchase mandate",
        "section_2_used": (
            "Number of shares repurchased on the Exchange or another stock exchange under the repurchase mandate (a)"
        ),
        "section_2_percent": (
            "As a % of number of issued shares (excluding treasury shares) as at the date of the resolution granting the "
            "repurchase mandate: (a) x 100 / number of issued shares"
        ),
        "section_2_moratorium": (
            "Moratorium period for any issue of new shares, or sale or transfer of treasury shares after the share "
            "repurchase(s) set out in Part A"
        ),
        "up_to": "Up to",
        "section_2_confirmation": (
            "We hereby confirm that the repurchases made on the Exchange set out in Part A above were made in accordance with "
            "the Main Board Rules / GEM Rules and that there have been no material changes to the particulars contained in the "
            "Explanatory Statement dated ____________ which has been filed with the Exchange. We also confirm that any "
            "repurchases made on another stock exchange set out in Part A above were made in accordance with the domestic rules "
            "applying to repurchases made on that other stock exchange."
        ),
        "section_2_note": (
            "Note to Section II: 1. Please state whether the repurchase was made on the Exchange, on another stock exchange "
            "(stating the name of the exchange), by private arrangement or by way of a general offer."
        ),
    },
    "Section III": {
        "section_3_instruction": (
            "Section III must also be completed by a listed issuer where it has made a sale of treasury shares on the Exchange "
            "or any other stock exchange on which the issuer is listed which is discloseable under Main Board Rule 10.06B / "
            "GEM Rule 13.14B."
        ),
        "section_3": "Report of on-market sale of treasury shares",
        "section_3_title": "Section III",
        "section_3_part_a": "A. Report of on-market sale of treasury shares",
        "section_3_traded_on": "Trading date",
        "section_3_number": "Number of treasury shares sold",
        "section_3_method": "Method of sale (Note 1)",
        "section_3_price": "Selling price per share or highest selling price per share $",
        "section_3_lowest": "Lowest selling price per share $",
        "section_3_total": "Aggregate amount of funds raised $",
        "section_3_total_number": "Total number of treasury shares sold",
        "section_3_aggregate": "Aggregate amount of funds raised $",
        "section_3_part_b": "B. Additional information for issuer who has a primary listing on the Exchange",
        "section_3_granted_on": "Date of the resolution granting the mandate to sell or transfer treasury shares",
        "section_3_limit": "Total number of treasury shares which the issuer is authorised to sell or transfer under the mandate",
        "section_3_used": "Number of treasury shares sold on the Exchange or another stock exchange under the mandate (a)",
        "section_3_percent": (
            "As a % of number of issued shares (excluding treasury shares) as at the date of the resolution granting the "
            "mandate: (a) x 100 / number of issued shares"
        ),
        "section_3_note": (
            "Note to Section III: 1. Please state whether the sale was made on the Exchange or on another stock exchange "
            "(stating the name of the exchange)."
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
    "Please insert the closing balance date of the last Next Day Disclosure Return published pursuant to Main Board Rule "
    "13.25A / GEM Rule 17.27A or Monthly Return pursuant to Main Board Rule 13.25B / GEM Rule 17.27B, whichever is the "
    "later.",
    "Please set out all changes in issued shares or treasury shares requiring disclosure pursuant to Main Board Rule "
    "13.25A / GEM Rule 17.27A together with the relevant dates of changes. Each category will need to be disclosed "
    "individually with sufficient information to enable the user to identify the relevant category in the listed issuer's "
    "Monthly Return. For example, multiple issues of shares as a result of multiple exercises of share options under the "
    "same share option scheme or of multiple conversions under the same convertible note must be aggregated and disclosed "
    "as one category. However, if the issues resulted from exercises of share options under 2 share option schemes or "
    "conversions of 2 convertible notes, these must be disclosed as 2 separate categories.",
    "The percentage change in the number of issued shares (excluding treasury shares) of the listed issuer is to be "
    "calculated by reference to the opening balance of the number of issued shares (excluding treasury shares) being "
    "disclosed in this Next Day Disclosure Return.",
    'In the case of a share repurchase or redemption, the "issue/ selling price per share" shall be construed as '
    '"repurchase price per share" or "redemption price per share".\n'
    "Where shares have been issued/ sold/ repurchased/ redeemed at more than one price per share, a volume-weighted "
    "average price per share should be given.",
    "The closing balance date is the date of the last relevant event being disclosed.",
    "For repurchase or redemption of shares, disclosure is required when the relevant event has occurred (subject to the "
    "provisions of Main Board Rules 10.06(4)(a), 13.25A and 13.31 / GEM Rules 13.13(1), 17.27A and 17.35), even if the "
    "repurchased or redeemed shares have not yet been cancelled.\n"
    "If repurchased or redeemed shares are to be cancelled upon settlement of such repurchase or redemption after the "
    "closing balance date, they shall remain part of the issued shares as at the closing balance date in Part A. Details "
    "of these repurchased or redeemed shares shall be disclosed in Part B.",
    "Items (i) to (viii) are suggested forms of confirmation. The listed issuer may amend the item(s) that is/are not "
    "applicable to meet individual cases.",
    '"Identical" means in this context:\n'
    "- the securities are of the same nominal value with the same amount called up or paid up;\n"
    "- they are entitled to dividend/interest at the same rate and for the same period, so that at the next ensuing "
    "distribution, the dividend/interest payable per unit will amount to exactly the same sum (gross and net); and\n"
    "- they carry the same rights as to unrestricted transfer, attendance and voting at meetings and rank pari passu in "
    "all other respects.",
)

CONFIRMATIONS: tuple[str, ...] = (
    "all money due to the listed issuer in respect of the issue of shares, or sale or transfer of treasury shares has been "
    "received by it;",
    'all pre-conditions for the listing imposed by the Main Board Rules / GEM Rules under "Qualifications of listing" '
    "have been fulfilled;",
    "all (if any) conditions contained in the formal letter granting listing of and permission to deal in the securities "
    "have been fulfilled;",
    "all the securities of each class are in all respects identical (Note 8);",
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

# Wording that no published return on it has shown; a correction is a line above and its key struck from here.
UNVERIFIED: frozenset[str] = keys_of(CAPTIONS, "Section III") - {"section_3", "section_3_instruction"} | {
    "section_2_confirmation",
    "section_2_elsewhere",
    "section_2_note",
    "section_3_row",
}

# Section II of the second edition is that of a return of June 2025.
CORRECTIONS = {
    2: {
        "Section II": {
            "section_2_row": "{number}). ",
            "section_2_percent": (
                "As a % of number of issued shares (excluding treasury shares) as at the date of the resolution granting the "
                "repurchase mandate\n(a) x 100 / number of issued shares (excluding treasury shares) as at the date of the "
                "resolution granting the repurchase mandate"
            ),
            "section_2_moratorium": (
                "Moratorium period for any issue of new shares, or sale or transfer of treasury shares after the share "
                "repurchase(s) set out in Part A (Note 2)"
            ),
            "section_2_confirmation": (
                "We hereby confirm that the repurchases made on the Exchange set out in Part A above were made in accordance "
                "with the Main Board Rules / GEM Rules and that there have been no material changes to the particulars "
                "contained in the Explanatory Statement dated {explanatory_statement_on} which has been filed with the Exchange."
            ),
            "section_2_elsewhere": (
                "We also confirm that any repurchases made on another stock exchange set out in Part A above were made in "
                "accordance with the domestic rules applying to repurchases made on that other stock exchange."
            ),
            "section_2_note": (
                "Notes to Section II:\n1. Please state whether on the Exchange, on another stock exchange (stating the name of "
                "the exchange), by private arrangement or by general offer.\n2. Subject to the carve-out set out in Main Board "
                "Rule 10.06(3)(a) / GEM Rule 13.12, an issuer may not (i) make a new issue of shares, or a sale or transfer of "
                "treasury shares; or (ii) announce a proposed new issue of shares, or a sale or transfer of treasury shares, for "
                "a period of 30 days after any purchase by it of shares, whether on the Exchange or otherwise, without the prior "
                "approval of the Exchange."
            ),
        },
        "Section III": {"section_3_row": "{number}). "},
        "Signature and foot": {"page_head": "FF305", "version_mark": "v{version}"},
    }
}

FORM = Form(
    code="FF305",
    version="1.3.0",
    kind=NEXT_DAY,
    first_day=TREASURY_REGIME,
    dated_by=RULES_CHANGED,
    since=1,
    treasury_shares=True,
    sections=CAPTIONS,
    notes=NOTES,
    confirmations=CONFIRMATIONS,
    unverified=UNVERIFIED,
    corrections=CORRECTIONS,
)
