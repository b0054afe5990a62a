"""Which tasks decide the state of the flow run: those whose futures it returns."""
from common import fails, gives, odd_fails
from prefect import allow_failure
from table import graph

some = gives("list", [1, 2])


@graph("a failed terminal task that is no reference task")
def _():
    first = gives("first").submit()
    fails("last").submit(wait_for=[first]).wait()
    return first


@graph("a failure on the way, a successful terminal task")
def _():
    return gives("last").submit(wait_for=[allow_failure(fails("bad").submit())])


@graph("mapped reference task, one child fails")
def _():
    odd = odd_fails("odd").map(some.submit())
    gives("last").submit(wait_for=[allow_failure(odd)]).wait()
    return odd


@graph("two reference tasks, one fails")
def _():
    good, bad = gives("good").submit(), fails("bad").submit()
    gives("last").submit(wait_for=[allow_failure(good), allow_failure(bad)]).wait()
    return good, bad
