"""What Prometheus reads at /metrics: requests, the queue, drawing times, refusals, failed labels.

The counts of requests are this process's own. The queue's come from the database when they are read, and
so do the times of jobs, whichever process drew them; refusals, drawn pictures and label failures come
from the ledger, so that several servers and workers count as one, and a restart forgets nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from danqing.jobs import Overview
    from danqing.server.tally import Tally

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HTTP_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WAIT_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


class Metrics:
    """The counters of one server. Safe to share between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "danqing_http_requests", "Requests answered.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "danqing_http_request_seconds", "Time to the last byte of an answer.", ("route",),
            buckets=_HTTP_BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        self.open_requests = Gauge(
            "danqing_http_open_requests", "Requests being answered.", registry=self.registry
        )
        self.wait = Histogram(
            "danqing_job_wait_seconds", "From being asked for to being begun, of jobs that ended "
            "since this server started.", ("engine",), buckets=_WAIT_BUCKETS_S,
            registry=self.registry,
        )  # fmt: skip
        self.draw = Histogram(
            "danqing_job_draw_seconds", "From being begun to being done, of the same.",
            ("engine",), buckets=_WAIT_BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        self.shed = Counter(
            "danqing_shed_requests", "Requests turned away for now, by reason.", ("code",),
            registry=self.registry,
        )  # fmt: skip

    def observe(self, engine: str, wait_s: float, draw_s: float) -> None:
        """A job that was drawn. Clocks of several machines may differ by more than it waited."""
        self.wait.labels(engine).observe(max(0.0, wait_s))
        self.draw.labels(engine).observe(max(0.0, draw_s))

    def text(self, overview: Overview, tally: Tally, free_bytes: int) -> bytes:
        """Everything, in Prometheus' text format."""
        moment = CollectorRegistry()
        moment.register(_Moment(_of_the_queue(overview)))
        moment.register(_Moment(_of_the_ledger(tally)))
        moment.register(_Moment([_gauge("danqing_disk_free_bytes", "Room left.", free_bytes)]))
        return generate_latest(self.registry) + generate_latest(moment)


class _Moment(Collector):
    """Figures that are true now."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)


def _of_the_queue(overview: Overview) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "danqing_queue_depth", "Jobs waiting, by engine.", labels=("engine",)
    )
    running = GaugeMetricFamily(
        "danqing_queue_running", "Jobs being drawn, by engine.", labels=("engine",)
    )
    speed = GaugeMetricFamily(
        "danqing_engine_seconds_per_picture", "Measured drawing time.", labels=("engine",)
    )
    workers = GaugeMetricFamily(
        "danqing_engine_workers", "Workers that serve an engine.", labels=("engine",)
    )
    for line in overview.lines:
        waiting.add_metric([line.engine], line.waiting)
        running.add_metric([line.engine], line.running)
        workers.add_metric([line.engine], line.workers)
        if line.s_per_picture is not None:
            speed.add_metric([line.engine], line.s_per_picture)
    yield from (waiting, running, speed, workers)
    yield _gauge("danqing_gates_shut", "Gates an operator has shut.", len(overview.gates))


def _of_the_ledger(tally: Tally) -> Iterator[Metric]:
    verdicts = CounterMetricFamily(
        "danqing_verdicts", "Requests and pictures not let through.", labels=("verdict", "category")
    )
    for (verdict, category), count in sorted(tally.verdicts.items()):
        verdicts.add_metric([verdict, category], count)
    failures = CounterMetricFamily("danqing_failures", "Batches that failed.", labels=("code",))
    for code, count in sorted(tally.failures.items()):
        failures.add_metric([code], count)
    labels = sum(n for code, n in tally.failures.items() if code.startswith("provenance."))
    yield from (verdicts, failures)
    yield CounterMetricFamily(
        "danqing_label_failures", "Pictures whose label couldn't be written or read back.",
        value=labels,
    )  # fmt: skip
    yield CounterMetricFamily("danqing_artworks", "Artworks released.", value=tally.artworks)
