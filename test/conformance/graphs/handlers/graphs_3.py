"""Functions that look at changes of state."""
from common import fails, fails_until, gives, passes
from table import Boom, graph


def looks(*_):
    pass


def throws(*_):
    raise Boom("handler")


seen = {"on_running": [looks], "on_completion": [looks], "on_failure": [looks]}


@graph("handlers see failures and retries")
def _():
    return fails_until("flaky", 2, **seen).submit()


@graph("on_failure that throws")
def _():
    return fails("bad", on_failure=[throws]).submit()


@graph("a handler that throws at Success")
def _():
    return passes("next").submit(gives("task", on_completion=[throws]).submit())


@graph("a flow handler that throws at Success", on_completion=[throws])
def _():
    return gives("task").submit()
