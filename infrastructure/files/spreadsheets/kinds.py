"""What happened, in the words of trackers: the kind of fact that a row is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from domain import events
from domain.events import EVENT_TYPES, Event
from infrastructure.files.spreadsheets.columns import plain
from infrastructure.readers.values import quoted


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


KINDS: Mapping[type[Event], tuple[str, ...]] = {
    events.SharesRepurchased: _words(
        "repurchase, share repurchase, repurchase of shares, buy back,"
        "buyback, share buy back, share buyback, bought back, on market repurchase,"
        "回購, 回购, 購回, 购回, 股份回購, 股份购回, 股份購回"
    ),
    events.RepurchasedSharesCancelled: _words(
        "cancellation, cancellation of shares, cancellation of repurchased shares, shares cancelled,"
        "repurchased shares cancelled, 註銷, 注销, 註銷股份"
    ),
    events.TreasurySharesSold: _words("treasury sale, sale of treasury shares, treasury shares sold, 出售庫存股份, 出售库存股份"),
    events.TreasurySharesCancelled: _words(
        "cancellation of treasury shares, treasury shares cancelled, 註銷庫存股份, 注销库存股份"
    ),
    events.OptionsGranted: _words("grant, option grant, grant of options, options granted, 授出購股權, 授出购股权"),
    events.OptionsExercised: _words(
        "exercise, option exercise, exercise of options, options exercised,"
        "exercise of share options, 行使購股權, 行使购股权, 行使"
    ),
    events.OptionsLapsed: _words("lapse, lapsed, options lapsed, lapse of options, 購股權失效, 购股权失效, 失效"),
    events.OptionsCancelled: _words("options cancelled, cancellation of options, 註銷購股權, 注销购股权"),
    events.AwardsGranted: _words("award grant, grant of awards, awards granted, rsu grant, 授出獎勵, 授出奖励"),
    events.AwardsVested: _words("vesting, vest, awards vested, vesting of awards, rsu vesting, 歸屬, 归属"),
    events.AwardsLapsed: _words("awards lapsed, lapse of awards, rsu lapse, 獎勵失效, 奖励失效"),
    events.PlacingCompleted: _words("placing, placement, share placing, top up placing, placing of new shares, 配售, 配股"),
    events.ConsiderationSharesIssued: _words(
        "consideration issue, consideration shares, issue of consideration shares, 代價股份, 代价股份"
    ),
    events.RightsIssueCompleted: _words("rights issue, 供股"),
    events.OpenOfferCompleted: _words("open offer, 公開發售, 公开发售"),
    events.BonusIssueCompleted: _words("bonus issue, bonus shares, 紅股, 红股, 派送紅股"),
    events.ScripDividendIssued: _words("scrip dividend, scrip, 以股代息"),
    events.WarrantsExercised: _words("warrants exercised, exercise of warrants, 行使認股權證, 行使认股权证"),
}
"""The words of the kinds of fact that trackers list; their names as the vocabulary has them are known as well."""

BY_WORD: Mapping[str, type[Event]] = {
    **{plain(word): kind for kind, words in KINDS.items() for word in words},
    **{plain("".join(f" {letter}" if letter.isupper() else letter for letter in kind.__name__)): kind for kind in EVENT_TYPES},
    **{kind.__name__.lower(): kind for kind in EVENT_TYPES},
}


def kind_of(word: str) -> type[Event] | None:
    """The kind of fact that a word means; None if it means none."""
    return BY_WORD.get(plain(word))


def no_kind(word: str) -> str:
    """The message for a word that means no kind of fact, with the nearest one that does."""
    near = difflib.get_close_matches(plain(word), BY_WORD, n=1, cutoff=0.75)
    meant = f". Did you mean {near[0]}?" if near else ""
    return f"expected a kind of fact such as Repurchase, got {quoted(word)}{meant}"
