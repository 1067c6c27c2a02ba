"""What columns of brokers' files and trackers are called, in English and Chinese; and what must not be taken for a figure.

A row is a field that facts are made of, or a reason for which a column is passed over: a settlement date is no trade date.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen
class Concept:
    """A field, the kind of its values, and its names; or, with `ignored`, why such a column is not used."""

    name: str
    kind: str
    aliases: tuple[str, ...]
    ignored: str = ""


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", " ").split(",") if name.strip())


DAY, SHARES, PRICE, HIGHEST, LOWEST, AMOUNT = "effective_on", "shares", "price", "highest", "lowest", "amount"
CURRENCY, SIDE, METHOD, STOCK_CODE, EVENT, STATUS = "currency", "side", "method", "stock_code", "event", "status"

FIELDS: tuple[Concept, ...] = (
    Concept(DAY, "day", _names("""
        date, trade date, trading date, transaction date, deal date, dealing date, date of trade, date of transaction,
        date of repurchase, date of repurchased,
        repurchase date, purchase date, execution date, effective date, event date, date of event,
        date of changes, allotment date, issue date, exercise date, trd date, date traded, 日期, 成交日期, 交易日期,
        成交日, 交易日, 買賣日期, 买卖日期, 購回日期, 购回日期, 回購日期, 回购日期, 生效日期, 行使日期, 發行日期, 发行日期""")),
    Concept(SHARES, "whole", _names("""
        shares, number of shares, no of shares, number, qty, quantity, qty bought, quantity bought, shares bought,
        shares purchased, shares repurchased, number of shares repurchased, number of shares purchased,
        number of securities purchased, number of securities repurchased, no of securities purchased,
        no of securities repurchased,
        no of shares repurchased, executed qty, executed quantity, exec qty, filled qty, filled quantity, fill qty,
        fill quantity, traded qty, traded quantity, trade quantity, qty filled, number of options, no of options, options,
        options exercised, shares issued, number of shares issued, shares allotted,
        number of shares units repurchased, 股數, 股数, 數量, 数量, 股份數目,
        股份数目, 成交股數, 成交股数, 成交數量, 成交数量, 購回股數, 购回股数, 購回股份數目, 回購股數, 回购股数, 回購數量,
        回购数量, 購股權數目, 购股权数目, 發行股數, 发行股数""")),
    Concept(PRICE, "money", _names("""
        price, price per share, unit price, trade price, deal price, exec price, execution price, executed price,
        fill price, traded price, avg price, average price, avg px, avg executed price, px, exercise price, issue price,
        subscription price, placing price, repurchase price, price paid, price paid per share, 價格, 价格, 成交價, 成交价,
        成交價格, 成交价格, 單價, 单价, 均價, 均价, 平均價, 平均价, 平均成交價, 平均成交价, 每股價格, 每股价格, 行使價,
        行使价, 發行價, 发行价, 配售價, 配售价""")),
    Concept(HIGHEST, "money", _names("""
        highest, high, highest price, high price, highest price paid, price high, max price, highest repurchase price,
        highest price per share, 最高價, 最高价, 每股最高價, 每股最高价, 最高購回價, 最高成交價, 最高成交价""")),
    Concept(LOWEST, "money", _names("""
        lowest, low, lowest price, low price, lowest price paid, price low, min price, lowest repurchase price,
        lowest price per share, 最低價, 最低价, 每股最低價, 每股最低价, 最低購回價, 最低成交價, 最低成交价""")),
    Concept(AMOUNT, "money", _names("""
        amount, consideration, gross consideration, gross amount, trade amount, trade value, traded value, gross value,
        principal amount, aggregate price paid, aggregate price, aggregate consideration, total paid, total price paid,
        total consideration, notional, 金額, 金额, 成交金額, 成交金额, 代價, 代价, 總代價, 总代价, 總額, 总额,
        付出價格總額, 購回總額""")),
    Concept(CURRENCY, "words", _names("""
        currency, ccy, curr, trade currency, trading currency, price currency, 貨幣, 货币, 幣種, 币种, 交易貨幣, 交易货币""")),
    Concept(SIDE, "words", _names("""
        side, b s, buy sell, buy or sell, bs, direction, trade side, 買賣, 买卖, 買 賣, 买 卖, 買賣方向, 买卖方向, 方向""")),
    Concept(METHOD, "words", _names("""
        method, method of repurchase, method of purchase, venue, exchange, market, trading venue, execution venue,
        place of trade, 交易所, 市場, 市场, 購回方式, 购回方式, 交易場所, 交易场所""")),
    Concept(STOCK_CODE, "words", _names("""
        stock code, security code, stock, ticker, symbol, ric, bloomberg, bbg ticker, instrument code, sec code,
        scrip code, 股份代號, 股份代号, 證券代號, 证券代号, 股票代號, 股票代号, 證券代碼, 证券代码, 股票代碼, 股票代码""")),
    Concept("share_class", "words", _names("class, share class, class of shares, 股份類別, 股份类别, 類別, 类别")),
    Concept(EVENT, "words", _names("""
        event, type, event type, transaction, transaction type, type of transaction, nature, nature of transaction,
        movement, movement type, type of movement, category, reason, 事件, 類型, 类型, 交易類型, 交易类型, 變動類型,
        变动类型, 變動原因, 变动原因, 性質, 性质""")),
    Concept("scheme", "words", _names("scheme, share scheme, option scheme, plan, 計劃, 计划, 購股權計劃, 购股权计划")),
    Concept("mandate", "words", _names("mandate, general mandate, 授權, 授权, 一般授權, 一般授权")),
    Concept("intention", "words", _names("""
        intention, purpose, purpose of repurchase, cancel or treasury, cancellation or treasury, 用途, 購回用途, 回購用途,
        回购用途""")),
    Concept(STATUS, "words", _names("status, order status, trade status, state, 狀態, 状态, 成交狀態, 成交状态")),
    Concept("source", "words", _names("source, source document, document, supporting document, 資料來源, 资料来源, 文件")),
)  # fmt: skip

IGNORED: tuple[Concept, ...] = (
    Concept("settled_on", "day", _names("""
        settlement, settlement date, settle date, settl date, settlement day, date of settlement, value date, settled,
        settled on, payment date, settlement currency, announcement date, grant date, vesting date, expiry date,
        report date, order date, 交收, 交收日期, 交收日, 結算, 结算, 結算日期, 结算日期, 付款日期, 公告日期, 授出日期"""),
        "another date than that of the trade or event, or of its settlement"),
    Concept("charges", "money", _names("""
        commission, comm, brokerage, fee, fees, levy, levies, stamp, stamp duty, sfc levy, trading fee, ccass, ccass fee,
        charges, costs, net, net amount, net consideration, net value, net price, total payable, payable, amount payable,
        amount due, settlement amount, all in, all in price, all in cost, tax, incl, including, 佣金, 印花稅, 印花税,
        交易費, 交易费, 徵費, 征费, 費用, 费用, 手續費, 手续费, 平台費, 淨額, 净额, 應付, 应付, 交收金額, 交收金额, 淨金額,
        净金额"""),
        "charges, or an amount with them, are no part of the price paid"),
    Concept("running", "whole", _names("""
        balance, opening balance, closing balance, opening, closing, cumulative, accumulated, running total, total to date,
        to date, year to date, ytd, month to date, mtd, issued shares, shares in issue, total issued, issued share capital,
        outstanding, remaining balance, headroom, unused, before, after, authorised, 累計, 累计, 結餘, 结余, 餘額, 余额,
        已發行, 已发行, 年初至今, 剩餘, 剩余"""),
        "a running figure, which the book computes"),
    Concept("order", "whole", _names("""
        order, order qty, order quantity, order price, limit, limit price, ordered, quantity ordered, remaining, unfilled,
        leaves, leaves qty, target, maximum, 委託, 委托, 委託數量, 委托数量, 委託價, 委托价, 訂單, 订单, 限價, 限价"""),
        "what was ordered, which need not have been done"),
    Concept("market", "money", _names("""
        market volume, market price, day high, day low, market high, market low, close, closing price, previous close,
        last price, market vwap, vwap, volume, turnover, adv, par, par value, nominal, nominal value, 收市價, 收市价,
        前收市, 成交量, 市價, 市价, 面值"""),
        "a figure of the market or of the share, not of the trade"),
    Concept("percent", "words", _names("percent, percentage, of issued, pct, 百分比, 佔比, 占比, 比例"),
        "a percentage, which the book computes"),
    Concept("reference", "words", _names("""
        id, order id, trade id, exec id, execution id, fill id, deal id, ref, reference, ref no, reference no, trade ref,
        order ref, order no, trade no, deal no, contract no, contract note, client, account, account no, a c, broker,
        counterparty, trader, dealer, isin, sedol, cusip, name, stock name, security name, security, description, no, item,
        seq, sequence, line, s n, time, trade time, exec time, execution time, order time, hour, board lot, lot, lots,
        fx rate, fx, rate, user, entered by, approved by, checked by, grantee, employee, holder, allottee, placee, 編號,
        编号, 序號, 序号, 帳戶, 账户, 賬戶, 戶口, 户口, 客戶, 客户, 經紀, 经纪, 股份名稱, 股份名称, 證券名稱, 证券名称,
        名稱, 名称, 時間, 时间, 成交時間, 成交时间, 成交編號, 成交编号, 參考, 参考"""),
        "not needed for a fact"),
    Concept("remarks", "words", _names("remark, remarks, note, notes, comment, comments, text, memo, 備註, 备注, 附註, 附注"),
        "a return would print it; --map remarks=… or --map source=… takes it"),
)  # fmt: skip

CONCEPTS: Mapping[str, Concept] = {each.name: each for each in (*FIELDS, *IGNORED)}

ALIASES: Mapping[str, tuple[Concept, ...]] = {
    alias: tuple(each for each in CONCEPTS.values() if alias in each.aliases)
    for each in CONCEPTS.values()
    for alias in each.aliases
}
"""The concepts of each name; more than one where a name is not of one alone."""
