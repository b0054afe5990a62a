"""Results that are used again; the graphs are run twice, with the parameters of runs/scenarios.ts."""
import datetime

from common import fails, fails_until, gives, plus_one
from prefect import Parameter, task
from prefect.engine import cache_validators
from table import graph

hour = datetime.timedelta(hours=1)


@graph("cached for an hour")
def _(flow):
    plus_one("next")(gives("cached", 4, cache_for=hour)())


@graph("cached for all inputs")
def _(flow):
    plus_one("cached", cache_for=hour, cache_validator=cache_validators.all_inputs)(Parameter("n", default=1))


@graph("cached for all parameters")
def _(flow):
    flow.add_task(Parameter("n", default=1))
    gives("cached", 1, cache_for=hour, cache_validator=cache_validators.all_parameters)()


@graph("cached for some inputs")
def _(flow):
    cached = task(
        lambda a, b: [a, b],
        name="cached",
        cache_for=hour,
        cache_validator=cache_validators.partial_inputs_only(validate_on=["a"]),
    )
    cached(Parameter("a", default=1), Parameter("b", default=1))


@graph("cached and never used")
def _(flow):
    gives("cached", 1, cache_for=hour, cache_validator=cache_validators.never_use)()


@graph("cached under a key for two tasks")
def _(flow):
    first = gives("first", 1, cache_for=hour, cache_key="shared")()
    gives("second", 2, cache_for=hour, cache_key="shared")(upstream_tasks=[first])


@graph("a failure is not cached")
def _(flow):
    fails("cached", cache_for=hour)()


@graph("cached after a retry")
def _(flow):
    fails_until("cached", 2, cache_for=hour)()


@graph("cached mapped children")
def _(flow):
    children = plus_one("cached", cache_for=hour, cache_validator=cache_validators.all_inputs)
    children.map(Parameter("list", default=[1, 2]))


@graph("cached, behind a failed task")
def _(flow):
    gives("cached", 1, cache_for=hour)(upstream_tasks=[fails("bad")()])
