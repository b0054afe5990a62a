"""Results that are used again; the flows are run twice."""
from datetime import timedelta

from common import fails, fails_until, gives, plus_one
from prefect.cache_policies import INPUTS, TASK_SOURCE
from table import graph

kept = {"persist_result": True, "cache_expiration": timedelta(hours=1)}
by_source = {**kept, "cache_policy": TASK_SOURCE}
by_inputs = {**kept, "cache_policy": INPUTS + TASK_SOURCE}


@graph("cached for an hour")
def _():
    return plus_one("next").submit(gives("cached", 4, **kept, cache_key_fn=lambda *_: "cached for an hour").submit())


@graph("cached for all inputs")
def _(n=1):
    return plus_one("cached", **by_inputs).submit(n)


@graph("cached under a key for two tasks")
def _():
    shared = {**kept, "cache_key_fn": lambda *_: "shared by two"}
    return gives("second", 2, **shared).submit(wait_for=[gives("first", **shared).submit()])


@graph("a failure is not cached")
def _():
    return fails("cached", **by_source).submit()


@graph("cached after a retry")
def _():
    return fails_until("cached", 2, **kept, cache_key_fn=lambda *_: "cached after a retry").submit()


@graph("cached mapped children")
def _(list=[1, 2]):
    by_value = {**kept, "cache_key_fn": lambda _, inputs: f"mapped {inputs}"}
    return plus_one("cached", **by_value).map(list)
