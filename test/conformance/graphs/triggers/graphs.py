"""When a task may run, given how those before it ended."""
from common import fails, gives, odd_fails, passes, plus_one, skips, soon
from prefect import task, triggers
from prefect.engine import signals
from table import Boom, graph


def last_of(upstream, trigger, **options):
    gives("last", trigger=trigger, **options)(upstream_tasks=[each() for each in upstream])


good, bad = gives("good"), fails("bad")
other, worse = gives("other"), fails("worse")


@graph("all successful, one failed")
def _(flow):
    last_of([good, bad], triggers.all_successful)


@graph("all successful, one skipped")
def _(flow):
    last_of([good, skips("skips")], triggers.all_successful, skip_on_upstream_skip=False)


@graph("all failed, all failed")
def _(flow):
    last_of([bad, worse], triggers.all_failed)


@graph("all failed, one succeeded")
def _(flow):
    last_of([bad, good], triggers.all_failed)


@graph("any successful, one succeeded")
def _(flow):
    last_of([bad, good], triggers.any_successful)


@graph("any successful, none succeeded")
def _(flow):
    last_of([bad, worse], triggers.any_successful)


@graph("any failed, one failed")
def _(flow):
    last_of([bad, good], triggers.any_failed)


@graph("any failed, none failed")
def _(flow):
    last_of([good, other], triggers.any_failed)


@graph("all finished, one failed")
def _(flow):
    last_of([good, bad], triggers.all_finished)


@graph("always run, after a failed trigger")
def _(flow):
    gives("last", trigger=triggers.always_run)(upstream_tasks=[passes("next")(bad())])


@graph("manual only")
def _(flow):
    passes("next")(gives("last", trigger=triggers.manual_only)(upstream_tasks=[good()]))


@graph("manual only, resumed")
def _(flow):
    passes("next")(gives("last", trigger=triggers.manual_only)(upstream_tasks=[good()]))


@graph("manual only, without upstream tasks")
def _(flow):
    last_of([], triggers.manual_only)


@graph("some failed by count")
def _(flow):
    last_of([bad, worse, good], triggers.some_failed(at_least=2))


@graph("some failed by count, too few")
def _(flow):
    last_of([bad, other, good], triggers.some_failed(at_least=2))


@graph("some failed by fraction")
def _(flow):
    last_of([bad, other, good], triggers.some_failed(at_least=0.3, at_most=0.5))


@graph("some failed by fraction, too many")
def _(flow):
    last_of([bad, worse, good], triggers.some_failed(at_least=0.3, at_most=0.5))


@graph("some successful by count")
def _(flow):
    last_of([bad, other, good], triggers.some_successful(at_least=1, at_most=2))


@graph("some successful by count, too many")
def _(flow):
    last_of([other, good], triggers.some_successful(at_most=1))


@graph("not all skipped, all skipped")
def _(flow):
    last_of([skips("skips"), skips("skips too")], triggers.not_all_skipped, skip_on_upstream_skip=False)


@graph("not all skipped, one skipped")
def _(flow):
    last_of([skips("skips"), good], triggers.not_all_skipped, skip_on_upstream_skip=False)


@graph("not all skipped, one failed")
def _(flow):
    last_of([skips("skips"), bad], triggers.not_all_skipped, skip_on_upstream_skip=False)


@graph("not all skipped, without upstream tasks")
def _(flow):
    last_of([], triggers.not_all_skipped)


@graph("all failed, without upstream tasks")
def _(flow):
    last_of([], triggers.all_failed)


@graph("a trigger that says no")
def _(flow):
    last_of([good], lambda upstream: False)


@graph("a trigger that looks at its upstream states")
def _(flow):
    last_of([bad, good], lambda upstream: len([s for s in upstream.values() if s.is_failed()]) == 1)


@graph("a trigger that throws")
def _(flow):
    def trigger(upstream):
        raise Boom("no idea")

    last_of([good], trigger)


@graph("a trigger that skips")
def _(flow):
    def trigger(upstream):
        raise signals.SKIP("nothing new")

    last_of([good], trigger)


@graph("a trigger that fails by a signal is not retried")
def _(flow):
    def trigger(upstream):
        raise signals.TRIGGERFAIL("not today")

    last_of([good], trigger, max_retries=1, retry_delay=soon)


@graph("one upstream task by two edges counts once")
def _(flow):
    failed = bad()
    task(lambda a, b: 1, name="last", trigger=triggers.some_failed(at_least=2))(failed, failed)


@graph("a skip comes before the trigger")
def _(flow):
    last_of([skips("skips"), bad], triggers.always_run)


@graph("any failed over mapped children")
def _(flow):
    gives("last", trigger=triggers.any_failed)(upstream_tasks=[odd_fails("odd").map(gives("list", [1, 2])())])


@graph("all successful over mapped children")
def _(flow):
    gives("last")(upstream_tasks=[odd_fails("odd").map(gives("list", [1, 2])())])


@graph("some failed over mapped children by fraction")
def _(flow):
    odd = odd_fails("odd").map(gives("list", [1, 2, 3, 4])())
    gives("half", trigger=triggers.some_failed(at_least=0.5))(upstream_tasks=[odd])
    gives("most", trigger=triggers.some_failed(at_least=0.6))(upstream_tasks=[odd])


@graph("each mapped child has the trigger")
def _(flow):
    task(lambda x: 1, name="next", trigger=triggers.any_failed).map(odd_fails("odd").map(gives("list", [1, 2])()))


@graph("any failed over no children")
def _(flow):
    gives("last", trigger=triggers.any_failed)(upstream_tasks=[plus_one("add").map(gives("list", [])())])
