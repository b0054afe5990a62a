"""One child for each element."""
from common import add_all, fails, gives, odd_fails, odd_skips, passes, plus_one
from prefect import allow_failure, unmapped
from table import graph

numbers = gives("list", [1, 2, 3])


@graph("map over a task's list")
def _():
    return plus_one("add").map(numbers.submit())


@graph("map over two lists of unequal length")
def _():
    return add_all("add").map(numbers.submit(), gives("short", [10, 20]).submit())


@graph("map with an unmapped input")
def _():
    return add_all("add").map(numbers.submit(), unmapped(gives("ten", 10).submit()))


@graph("map over mapped children")
def _():
    return plus_one("next").map(plus_one("add").map(numbers.submit()))


@graph("map over an empty list")
def _():
    return plus_one("next").map(plus_one("add").map(gives("list", []).submit()))


@graph("map over a failed task")
def _():
    children = passes("next").map(passes("add").map(fails("bad").submit()))
    return gives("last").submit(wait_for=[allow_failure(children)])


@graph("map over a number")
def _():
    return passes("add").map(gives("number", 5).submit())


@graph("a mapped child fails")
def _():
    return passes("next").map(odd_fails("odd").map(numbers.submit()))


@graph("a mapped child skips")
def _():
    return passes("next").map(odd_skips("odd").map(numbers.submit()))


@graph("mapped after a failed task")
def _():
    return plus_one("add").map(numbers.submit(), wait_for=[fails("bad").submit()])


@graph("tags of mapped children")
def _():
    return plus_one("add", tags=["t"]).map(gives("list", [1]).submit())
