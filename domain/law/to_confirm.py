"""What to read, and what to look for, before anybody relies on an unverified rule: a sentence for a lawyer, by code.

A rule that is verified leaves this table. Whatever says nothing of the text is in the Main Board Listing Rules as the Exchange
publishes them (`domain.law.rule.MAIN_BOARD_RULES`).
"""

from __future__ import annotations

from collections.abc import Mapping

TO_CONFIRM: Mapping[str, str] = {
    "HK306": "Read rules 13.36(2)(b) and 10.06(1)(c): that the limits are 20 % and 10 % of the issued shares on the day of "
    "the resolution, without treasury shares.",
    "HK310": "Read rule 10.06(2)(e): whether the period is one month or 30 days, from which two days the earlier counts, and "
    "whether it covers sales of treasury shares.",
    "HK312": "Read rule 8.08(1) and the prospectus or waiver: which percentage was prescribed for the issuer, and of which "
    "shares.",
    "HK315": "Read rule 13.36(4): who abstains from the vote on a mandate that is refreshed before the annual general meeting.",
    "HK321": "Read rules 13.36(3) and 10.06(1)(c), and Appendix A1, paragraph 14(1), with the issuer's articles: when the"
    " next annual general meeting has to be held.",
    "HK322": "Read rules 13.36(2)(b) and 10.06(1)(c), and the resolution itself: how a subdivision or consolidation changes"
    " the number of shares that the mandate allows.",
    "HK332": "Read rules 8.08(1) and 8.08A: the market values at listing from which 15 % and 10 % are enough.",
    "HK406": "Read rule 17.04: who approves a grant, and above which number in which twelve months the members do.",
    "HK407": "Read rule 17.05: from which day before the results nothing is granted.",
    "HK408": "Read rule 17.03(11) and the rules of the scheme: how long it lasts, and what may still be granted at its end.",
    "HK409": "Read rule 17.03C: what no longer counts against a limit that is refreshed, and whether what lapses counts again.",
    "HK506": "Read rule 8A.15: whether shares bought to be held in treasury reduce the number of shares in issue.",
    "HK507": "Read rule 8A.14: which issues of weighted shares the Exchange allows.",
    "HK508": "Read rule 8A.22: which events end the weighted voting rights of a beneficiary, and of all.",
    "HK509": "Read rule 8A.23: how many votes it takes to call a general meeting, and on which count.",
    "HK604": "Read rule 13.25A(3): whether changes that go opposite ways are added up or set off before the 5 % are reached.",
    "HK616": "Read rule 13.25B: whether a return is due for a month in which nothing moved.",
    "HK701": "Read the table of amounts in the prospectus, and the rates and rounding of each fee on the Exchange's page on "
    "fees.",
    "HK702": "Read the Exchange's guidance on over-allotment options, and the prospectus: the largest part of the offer that "
    "one may cover.",
}
