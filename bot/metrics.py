"""The metrics for Prometheus: counted by each part, gathered here. Labels are words of the program, no person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from bot.health import BotParts, Health
from bot.reader.bounds import Bounds
from storage.backlog import Backlog
from storage.tallies import BOUNDS, Durations, Tally

_TALLIES: Final = {
    Tally.ANSWER: ("troly_answers", "Messages and taps, by what they meant and whether that was understood"),
    Tally.SILENT: ("troly_questions_silent", "Questions on which the plans are silent"),
    Tally.SUBMISSION: ("troly_submissions", "Reports taken, by form and whether in time"),
    Tally.DELIVERY: ("troly_deliveries", "Messages that came to their end, by outcome"),
    Tally.RETRY: ("troly_delivery_retries", "Messages to be sent again after a failed try"),
}
_LABELS: Final = {
    Tally.ANSWER: ("meaning", "understood"),
    Tally.SUBMISSION: ("form", "timely"),
    Tally.DELIVERY: ("outcome",),
}
_ALWAYS: Final[Mapping[Tally, tuple[tuple[str, ...], ...]]] = {
    Tally.DELIVERY: (("sent",), ("dropped",), ("dead",), ("doubt",))
}
"""Labels that are shown before anything has come to them, so that a rate can be told from the first one on."""


class Metrics:
    """The metrics of a bot made of these parts."""

    def __init__(self, parts: BotParts, health: Health) -> None:
        self._parts = parts
        self._health = health
        self._backlog: Backlog | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)

    async def show(self) -> bytes:
        """The figures as text; within some two seconds, without those of a database that does not answer."""
        try:
            self._backlog = await self._health.count()
        except Exception:
            self._backlog = None
        return generate_latest(self._registry)

    def describe(self) -> Sequence[Metric]:
        """Nothing beforehand: what is there depends on what runs."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The present figures."""
        yield from self._on_the_road()
        yield from self._of_health()
        yield from self._tallied()
        yield from self._of_the_database()

    def _on_the_road(self) -> Iterable[Metric]:
        store, worker, dispatcher = self._parts.store, self._parts.worker, self._parts.dispatcher
        yield CounterMetricFamily("troly_updates_stored", "Updates stored", value=store.stored)
        yield CounterMetricFamily("troly_updates_handled", "Updates handled", value=worker.handled)
        yield CounterMetricFamily("troly_updates_failed", "Failed tries to handle an update", value=worker.failed)
        parked = worker.parked + store.put_aside
        yield CounterMetricFamily("troly_updates_parked", "Updates put aside", value=parked)
        yield CounterMetricFamily("troly_messages_sent", "Messages delivered", value=dispatcher.sent)
        yield CounterMetricFamily("troly_messages_doubted", "Messages that were in doubt", value=dispatcher.in_doubt)
        yield CounterMetricFamily("troly_messages_dead", "Messages that cannot be delivered", value=dispatcher.dead)
        yield GaugeMetricFamily("troly_halted_seconds", "Silence Telegram asks for", value=dispatcher.halted_for)
        calls = CounterMetricFamily("troly_telegram_calls", "Calls of the Bot API, by outcome", labels=["outcome"])
        for outcome, count in sorted((self._parts.outcomes | {"429": self._parts.outcomes["429"]}).items()):
            calls.add_metric([outcome], count)
        yield calls
        bounds = self._parts.hooks.resources.by_type.get(Bounds)
        if isinstance(bounds, Bounds):
            yield CounterMetricFamily("troly_reader_asked", "Second readings asked", value=bounds.asked)
            yield CounterMetricFamily("troly_reader_failed", "Of them, of no use", value=bounds.failed)

    def _of_health(self) -> Iterable[Metric]:
        failing = sum(problem.is_failing for problem in self._health.problems())
        yield GaugeMetricFamily("troly_problems", "Problems that keep the bot from its work", value=failing)
        quiet = self._health.quiet_for
        if quiet is not None:
            yield GaugeMetricFamily("troly_getupdates_age_seconds", "Since getUpdates succeeded", value=quiet)

    def _tallied(self) -> Iterable[Metric]:
        counts = self._parts.database.tallies.counts
        for what, (name, says) in _TALLIES.items():
            family = CounterMetricFamily(name, says, labels=_LABELS.get(what, ()))
            found = dict.fromkeys(_ALWAYS.get(what, () if what in _LABELS else ((),)), 0)
            found |= {labels: count for (counted, labels), count in counts.items() if counted is what}
            for labels, count in sorted(found.items()):
                family.add_metric(labels, count)
            yield family

    def _of_the_database(self) -> Iterable[Metric]:
        name, says = "troly_database_seconds", "Time in the database as the bot waits for it, by what for"
        seconds = HistogramMetricFamily(name, says, labels=["work"])
        for work, durations in self._parts.database.tallies.durations.items():
            seconds.add_metric([work.value], _to_buckets(durations), durations.total)
        yield seconds
        backlog = self._backlog
        up = GaugeMetricFamily("troly_database_up", "Whether the database answers", value=backlog is not None)
        yield up
        if backlog is None:
            return
        yield GaugeMetricFamily("troly_updates_waiting", "Updates that wait to be handled", value=backlog.updates)
        messages = GaugeMetricFamily(
            "troly_messages_waiting", "Messages due or on their way, by kind and state", labels=["kind", "state"]
        )
        for (kind, state), count in sorted(backlog.messages.items()):
            messages.add_metric([kind.value, state.value], count)
        yield messages
        age = _age(backlog.unanswered_since, self._parts.clock())
        yield GaugeMetricFamily("troly_unanswered_age_seconds", "Age of the oldest unanswered message", value=age)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _to_buckets(durations: Durations) -> list[tuple[str, float]]:
    """Durations by class as Prometheus counts them: all up to a bound."""
    bounds, count, found = [*map(str, BOUNDS), "+Inf"], 0, []
    for bound, more in zip(bounds, durations.counts, strict=True):
        count += more
        found.append((bound, float(count)))
    return found
