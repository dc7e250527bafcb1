"""The loop: observe, decide, act, report. It decides nothing itself; `pairing` does."""

from pairctl.engine.access import Access, Keys, WritingAccess
from pairctl.engine.clock import Clock, SystemClock
from pairctl.engine.event import (
    Acted,
    Acting,
    Decided,
    Event,
    Kept,
    Listener,
    PassStarted,
    Recorded,
    unheard,
)
from pairctl.engine.explanation import Explanation, explain_observed
from pairctl.engine.hand import Ending, Outcome
from pairctl.engine.plan import Plan, make_plan
from pairctl.engine.profile_document import LEFT_OUT, profile_document
from pairctl.engine.reconcile import PassResult, Reconciler
from pairctl.engine.settings import Settings
from pairctl.engine.source import Source, SourceEmpty, read_source, resolve_intents
from pairctl.engine.stop import Stop, stopping_on_signals
from pairctl.engine.watch import run_until_settled, watch

__all__ = [
    "LEFT_OUT",
    "Access",
    "Acted",
    "Acting",
    "Clock",
    "Decided",
    "Ending",
    "Event",
    "Explanation",
    "Kept",
    "Keys",
    "Listener",
    "Outcome",
    "PassResult",
    "PassStarted",
    "Plan",
    "Reconciler",
    "Recorded",
    "Settings",
    "Source",
    "SourceEmpty",
    "Stop",
    "SystemClock",
    "WritingAccess",
    "explain_observed",
    "make_plan",
    "profile_document",
    "read_source",
    "resolve_intents",
    "run_until_settled",
    "stopping_on_signals",
    "unheard",
    "watch",
]
