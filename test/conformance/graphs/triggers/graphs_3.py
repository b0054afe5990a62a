"""When a task may run, given how those before it ended: by allow_failure, or by the flow's own ifs."""
from common import fails, gives, odd_fails, passes
from prefect import allow_failure
from prefect.futures import wait
from table import graph

good, bad = gives("good"), fails("bad")
other, worse = gives("other"), fails("worse")


def last_of(*upstream):
    return gives("last").submit(wait_for=[each.submit() for each in upstream])


def last_if(condition, *upstream):
    """Where the flow decides: a trigger that holds."""
    futures = [each.submit() for each in upstream]
    wait(futures)
    if condition([future.state for future in futures]):
        return gives("last").submit(wait_for=[allow_failure(future) for future in futures])


def failed(states):
    return sum(state.is_failed() for state in states)


@graph("all successful, one failed")
def _():
    return last_of(good, bad)


@graph("all failed, all failed")
def _():
    return last_if(lambda states: failed(states) == 2, bad, worse)


@graph("any failed, one failed")
def _():
    return last_if(failed, bad, good)


@graph("all finished, one failed")
def _():
    return gives("last").submit(wait_for=[allow_failure(good.submit()), allow_failure(bad.submit())])


@graph("always run, after a failed trigger")
def _():
    return gives("last").submit(wait_for=[allow_failure(passes("next").submit(bad.submit()))])


@graph("some failed by count")
def _():
    return last_if(lambda states: failed(states) >= 2, bad, worse, good)


@graph("all successful over mapped children")
def _():
    return gives("last").submit(wait_for=odd_fails("odd").map(gives("list", [1, 2]).submit()))


@graph("any failed over mapped children")
def _():
    odd = odd_fails("odd").map(gives("list", [1, 2]).submit())
    odd.wait()
    if any(future.state.is_failed() for future in odd):
        return gives("last").submit(wait_for=[allow_failure(odd)])
