"""What a run brings along."""
from common import passes, plus_one
from prefect import Parameter, task
from table import graph


@graph("a parameter's default")
def _(flow):
    plus_one("next")(Parameter("n", default=1))


@graph("a parameter that the run gives")
def _(flow):
    plus_one("next")(Parameter("n", default=1))


@graph("a required parameter")
def _(flow):
    plus_one("next")(Parameter("n"))


@graph("a parameter that is not required")
def _(flow):
    task(lambda n: n is None, name="next")(Parameter("n", required=False))


@graph("a parameter of objects and lists")
def _(flow):
    passes("next")(Parameter("query", default={"days": ["2012-01-01"], "limit": {"rows": 3}}))


@graph("a parameter that nobody uses")
def _(flow):
    flow.add_task(Parameter("n", default=1))


@graph("two parameters and a task of a parameter's name")
def _(flow):
    task(lambda a, b: [a, b], name="n")(Parameter("n", default=1), Parameter("m", default=2))
