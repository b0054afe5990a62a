"""Attempts after the first."""
from common import fails, fails_until, gives, kinds, named, passes, plus_one, soon
from prefect.runtime import task_run
from prefect.states import Failed
from table import Boom, graph

once = {"retries": 1, "retry_delay_seconds": soon}


def first_fails():
    if task_run.run_count == 1:
        raise Boom("first")


def is_of(*kinds):
    def is_retried(task, run, state):
        try:
            state.result()
        except kinds:
            return True
        except Exception:
            return False

    return is_retried


@graph("retried until it succeeds")
def _():
    return plus_one("next").submit(fails_until("flaky", 3).submit())


@graph("retried in vain")
def _():
    return passes("next").submit(fails_until("flaky", 9).submit())


@graph("retried after a fail signal")
def _():
    flaky = named("flaky", lambda: Failed(message="not yet") if task_run.run_count == 1 else "now", **once)
    return flaky.submit()


@graph("retried for this kind of error")
def _():
    return fails_until("flaky", 2, retry_condition_fn=is_of(Boom)).submit()


@graph("not retried for another kind of error")
def _():
    return fails_until("flaky", 2, retry_condition_fn=is_of(TypeError)).submit()


@graph("a failed trigger is not retried")
def _():
    return passes("next", retries=2, retry_delay_seconds=soon).submit(fails("bad").submit())


@graph("mapped children retried")
def _():
    def body(x):
        if x % 2:
            first_fails()
        return x

    return plus_one("next").map(named("flaky", body, **once).map(gives("list", [1, 2, 3]).submit()))


@graph("reduce retried")
def _():
    def body(xs):
        first_fails()
        return sum(xs)

    return named("sum", body, **once).submit(plus_one("add").map(gives("list", [1, 2]).submit()))
