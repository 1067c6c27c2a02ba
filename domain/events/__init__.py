"""The vocabulary: every legal fact this book can hold, one module a subject, ended by EVENT_TYPES.

An event is a fact with the day it took effect. It is immutable, checks itself when made, and knows nothing of
storage. Numbers are whole shares unless a field says otherwise; prices are exact decimals with their currency.
A new event is one class here, one row in `postings.POSTINGS`, one row in `returns.categories.CATEGORIES` and one file
in tests/events, whose test says what is missing.
"""

from __future__ import annotations

from domain.events.base import ClassMovement as ClassMovement
from domain.events.base import Event as Event
from domain.events.base import PrintedFact as PrintedFact
from domain.events.base import field_names as field_names
from domain.events.book import BOOKKEEPING as BOOKKEEPING
from domain.events.book import BalanceConfirmed as BalanceConfirmed
from domain.events.book import EntryReleased as EntryReleased
from domain.events.book import EntryWithdrawn as EntryWithdrawn
from domain.events.book import FactProposed as FactProposed
from domain.events.book import ReleaseRequirementSet as ReleaseRequirementSet
from domain.events.book import ReturnFiled as ReturnFiled
from domain.events.buy_backs import RedeemedSharesCancelled as RedeemedSharesCancelled
from domain.events.buy_backs import RepurchasedSharesCancelled as RepurchasedSharesCancelled
from domain.events.buy_backs import SharesRedeemed as SharesRedeemed
from domain.events.buy_backs import SharesRepurchased as SharesRepurchased
from domain.events.buy_backs import TradedShares as TradedShares
from domain.events.buy_backs import TreasurySharesCancelled as TreasurySharesCancelled
from domain.events.buy_backs import TreasurySharesSold as TreasurySharesSold
from domain.events.governance import MandateGranted as MandateGranted
from domain.events.governance import MandateRevoked as MandateRevoked
from domain.events.governance import PollResultDeclared as PollResultDeclared
from domain.events.governance import VotingRightsCeased as VotingRightsCeased
from domain.events.instruments import ConvertiblesConverted as ConvertiblesConverted
from domain.events.instruments import ConvertiblesIssued as ConvertiblesIssued
from domain.events.instruments import ConvertiblesRedeemed as ConvertiblesRedeemed
from domain.events.instruments import InstrumentIssued as InstrumentIssued
from domain.events.instruments import InstrumentMet as InstrumentMet
from domain.events.instruments import InstrumentMovement as InstrumentMovement
from domain.events.instruments import InstrumentTermsAdjusted as InstrumentTermsAdjusted
from domain.events.instruments import IssueAgreed as IssueAgreed
from domain.events.instruments import IssueAgreementEnded as IssueAgreementEnded
from domain.events.instruments import WarrantsExercised as WarrantsExercised
from domain.events.instruments import WarrantsIssued as WarrantsIssued
from domain.events.instruments import WarrantsLapsed as WarrantsLapsed
from domain.events.issues import BonusIssueCompleted as BonusIssueCompleted
from domain.events.issues import ConsiderationSharesIssued as ConsiderationSharesIssued
from domain.events.issues import GlobalOfferingCompleted as GlobalOfferingCompleted
from domain.events.issues import IssueOfShares as IssueOfShares
from domain.events.issues import OpenOfferCompleted as OpenOfferCompleted
from domain.events.issues import OtherSharesIssued as OtherSharesIssued
from domain.events.issues import OverAllotmentOptionExercised as OverAllotmentOptionExercised
from domain.events.issues import PlacingCompleted as PlacingCompleted
from domain.events.issues import RightsIssueCompleted as RightsIssueCompleted
from domain.events.issues import ScripDividendIssued as ScripDividendIssued
from domain.events.public_float import PublicFloatConfirmed as PublicFloatConfirmed
from domain.events.public_float import PublicFloatRequirementSet as PublicFloatRequirementSet
from domain.events.reorganisations import CapitalReduced as CapitalReduced
from domain.events.reorganisations import ClassAConvertedToB as ClassAConvertedToB
from domain.events.reorganisations import ClassConversion as ClassConversion
from domain.events.reorganisations import FullCirculationCompleted as FullCirculationCompleted
from domain.events.reorganisations import Reorganisation as Reorganisation
from domain.events.reorganisations import SharesConsolidated as SharesConsolidated
from domain.events.reorganisations import SharesSubdivided as SharesSubdivided
from domain.events.schemes import AwardsCancelled as AwardsCancelled
from domain.events.schemes import AwardsGranted as AwardsGranted
from domain.events.schemes import AwardsLapsed as AwardsLapsed
from domain.events.schemes import AwardsMovement as AwardsMovement
from domain.events.schemes import AwardsVested as AwardsVested
from domain.events.schemes import OptionsCancelled as OptionsCancelled
from domain.events.schemes import OptionsExercised as OptionsExercised
from domain.events.schemes import OptionsGranted as OptionsGranted
from domain.events.schemes import OptionsLapsed as OptionsLapsed
from domain.events.schemes import OptionsMovement as OptionsMovement
from domain.events.schemes import OptionTermsAdjusted as OptionTermsAdjusted
from domain.events.schemes import SchemeAdopted as SchemeAdopted
from domain.events.schemes import SchemeBalanceBroughtForward as SchemeBalanceBroughtForward
from domain.events.schemes import SchemeExpired as SchemeExpired
from domain.events.schemes import SchemeLimitRefreshed as SchemeLimitRefreshed
from domain.events.schemes import SchemeMovement as SchemeMovement
from domain.events.schemes import SchemeSharesMoved as SchemeSharesMoved
from domain.events.set_up import AuthorisedCapitalIncreased as AuthorisedCapitalIncreased
from domain.events.set_up import AuthorisedCapitalMovement as AuthorisedCapitalMovement
from domain.events.set_up import AuthorisedCapitalReduced as AuthorisedCapitalReduced
from domain.events.set_up import BalanceBroughtForward as BalanceBroughtForward
from domain.events.set_up import IssuerDetailsChanged as IssuerDetailsChanged
from domain.events.set_up import IssuerRegistered as IssuerRegistered
from domain.events.set_up import ReturnRemarkChanged as ReturnRemarkChanged
from domain.events.set_up import ReturnSettingsChanged as ReturnSettingsChanged
from domain.events.set_up import ShareClassAbolished as ShareClassAbolished
from domain.events.set_up import ShareClassCreated as ShareClassCreated
from domain.events.set_up import ShareClassDetailsChanged as ShareClassDetailsChanged
from domain.events.set_up import SignatoryAppointed as SignatoryAppointed

SUBJECTS: dict[str, tuple[type[Event], ...]] = {
    "Set-up": (
        IssuerRegistered,
        IssuerDetailsChanged,
        SignatoryAppointed,
        ReturnSettingsChanged,
        ReturnRemarkChanged,
        ShareClassCreated,
        ShareClassDetailsChanged,
        ShareClassAbolished,
        BalanceBroughtForward,
        AuthorisedCapitalIncreased,
        AuthorisedCapitalReduced,
    ),
    "Issues of shares": (
        PlacingCompleted,
        GlobalOfferingCompleted,
        OverAllotmentOptionExercised,
        ConsiderationSharesIssued,
        RightsIssueCompleted,
        OpenOfferCompleted,
        BonusIssueCompleted,
        ScripDividendIssued,
        OtherSharesIssued,
    ),
    "Buy-backs": (
        SharesRepurchased,
        RepurchasedSharesCancelled,
        SharesRedeemed,
        RedeemedSharesCancelled,
        TreasurySharesSold,
        TreasurySharesCancelled,
    ),
    "Classes and reorganisations": (
        ClassAConvertedToB,
        FullCirculationCompleted,
        SharesSubdivided,
        SharesConsolidated,
        CapitalReduced,
    ),
    "Share schemes": (
        SchemeAdopted,
        SchemeBalanceBroughtForward,
        SchemeLimitRefreshed,
        SchemeExpired,
        OptionsGranted,
        OptionsExercised,
        OptionsLapsed,
        OptionsCancelled,
        OptionTermsAdjusted,
        AwardsGranted,
        AwardsVested,
        AwardsLapsed,
        AwardsCancelled,
        SchemeSharesMoved,
    ),
    "Instruments and agreements": (
        WarrantsIssued,
        ConvertiblesIssued,
        InstrumentTermsAdjusted,
        WarrantsExercised,
        WarrantsLapsed,
        ConvertiblesConverted,
        ConvertiblesRedeemed,
        IssueAgreed,
        IssueAgreementEnded,
    ),
    "Mandates and meetings": (
        PollResultDeclared,
        MandateGranted,
        MandateRevoked,
        VotingRightsCeased,
    ),
    "Public float": (
        PublicFloatRequirementSet,
        PublicFloatConfirmed,
    ),
    "The book itself": (
        BalanceConfirmed,
        ReturnFiled,
        EntryWithdrawn,
        ReleaseRequirementSet,
        FactProposed,
        EntryReleased,
    ),
}
"""Every event type by subject, in reading order: the only list of them."""

EVENT_TYPES: tuple[type[Event], ...] = tuple(kind for kinds in SUBJECTS.values() for kind in kinds)
"""Every event type."""
