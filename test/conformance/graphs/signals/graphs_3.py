"""States that a body asks for, by returning them."""
from common import named, passes, skips
from prefect.states import Completed, Failed
from table import graph


def says(state):
    return named("says", lambda: state())


@graph("success signal with a result")
def _():
    return passes("next").submit(says(lambda: Completed(message="done early", data=5)).submit())


@graph("success signal without a result")
def _():
    return says(lambda: Completed(message="done early")).submit()


@graph("fail signal")
def _():
    return passes("next").submit(says(lambda: Failed(message="no good")).submit())


@graph("skip signal")
def _():
    return passes("third").submit(passes("next").submit(skips("skips").submit()))
