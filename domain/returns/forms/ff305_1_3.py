"""FF305 1.3.0, the Next Day Disclosure Return from 11 June 2024: the captions, notes, confirmations of one of 2024."""

from __future__ import annotations

from collections.abc import Mapping

CAPTIONS: Mapping[str, str] = {
    # The head of the return.
    "title": "Next Day Disclosure Return",
    "subtitle": (
        "(Equity issuer - changes in issued shares or treasury shares, share buybacks and/or on-market sales of treasury shares)"
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
    # The head of a class's block.
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
    # Section I.
    "part_a": "A. Changes in issued shares or treasury shares",
    "part_b": (
        "B. Shares redeemed or repurchased for cancellation but not yet cancelled as at the closing balance date (Notes 5 and 6)"
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
    # The confirmation.
    "confirmation_title": "Confirmation",
    "confirmation": (
        "Pursuant to Main Board Rule 13.25C / GEM Rule 17.27C, we hereby confirm to the best knowledge, information and "
        "belief that, in relation to each issue of shares or sale or transfer of treasury shares as set out in Section I, "
        "it has been duly authorised by the board of directors of the listed issuer and carried out in compliance with all "
        "applicable listing rules, laws and other regulatory requirements and, insofar as applicable:"
    ),
    "confirmation_note": "(Note 7)",
    "notes_title": "Notes to Section I:",
    # Sections II and III, the signature and the foot of a page.
    "section_2_instruction": (
        "Section II must also be completed by a listed issuer where it has made a repurchase of shares which is "
        "discloseable under Main Board Rule 10.06(4)(a) / GEM Rule 13.13(1)."
    ),
    "section_2": "Repurchase report",
    "section_3_instruction": (
        "Section III must also be completed by a listed issuer where it has made a sale of treasury shares on the Exchange "
        "or any other stock exchange on which the issuer is listed which is discloseable under Main Board Rule 10.06B / "
        "GEM Rule 13.14B."
    ),
    "section_3": "Report of on-market sale of treasury shares",
    "remarks": "Remarks:",
    "submitted_by": "Submitted by:",
    "submitted_by_note": "(Name)",
    "signatory_title": "Title:",
    "signatory_title_note": "(Director, Secretary or other Duly Authorised Officer)",
    "page_mark": "Page {page} of {pages}",
    "version_mark": "v {version}",
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
