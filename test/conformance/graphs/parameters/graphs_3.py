"""What a run brings along."""
from common import named, plus_one
from table import graph


@graph("a parameter's default")
def _(n=1):
    return plus_one("next").submit(n)


@graph("a parameter that the run gives")
def _(n=1):
    return plus_one("next").submit(n)


@graph("a required parameter")
def _(n):
    return plus_one("next").submit(n)


@graph("a parameter that is not required")
def _(n=None):
    return named("next", lambda n: n is None).submit(n)
