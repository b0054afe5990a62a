"""Runs that were begun before."""
from common import fails, gives, plus_one
from table import graph


@graph("executed again when it is finished")
def _():
    return plus_one("next").submit(gives("first").submit())


@graph("executed again when it has failed")
def _():
    return plus_one("next").submit(fails("bad").submit())
