"""The words of the pages in Traditional Chinese, as the Exchange's forms and rules print them."""

from __future__ import annotations

from collections.abc import Mapping

CAPTIONS: Mapping[str, str] = {
    # FF301, FF305
    "Authorised": "法定股份",
    "Issued, excluding treasury": "已發行股份（不包括庫存股份）",
    "Treasury": "庫存股份",
    "Total issued": "已發行股份總數",
    "Pending cancellation": "待註銷股份",
    "Monthly Return": "證券變動月報表",
    "Next Day Disclosure Return": "翌日披露報表",
    "Class": "股份類別",
    "Stock code": "證券代號",
    "Share capital": "股本",
    "Date of changes": "變動日期",
    "Submitted": "呈交日期",
    "Remarks": "備註",
    # The Listing Rules
    "Mandates": "一般性授權",
    "Listing Rule": "《上市規則》條文",
    "Poll results": "投票表決結果",
    "Filing calendar": "披露時限",
    "Issuer": "發行人",
    "Issuers": "發行人",
    # The pages' own
    "Findings": "核查結果",
    "Waiting for release": "待覆核",
    "Entries": "記錄",
    "Returns filed": "已呈交報表",
    "As of": "截至日期",
    "Known at": "已知時間",
    "Shares over time": "股份變動",
    "Limit": "上限",
    "Used": "已使用",
    "Reserved": "預留",
    "Left": "餘額",
    "Exceeded by": "超出",
    "Due": "限期",
    "Status": "狀態",
    "Entry": "記錄編號",
    "Effective": "生效日期",
    "Event": "事項",
    "Number": "數目",
    "Recorded": "記錄時間",
    "Source": "來源",
    "Today": "今天",
    "Open": "待辦",
    "Overdue": "逾期",
}
"""Chinese by the English caption. What is missing here is shown in English only."""
