"""One task for all children."""
from common import fails, gives, kinds, named, odd_fails, odd_skips, passes, plus_one, total
from prefect import allow_failure
from table import graph

numbers = gives("list", [1, 2, 3])


@graph("reduce")
def _():
    return total("sum").submit(plus_one("add").map(numbers.submit()))


@graph("reduce of no children")
def _():
    return total("sum").submit(plus_one("add").map(gives("list", []).submit()))


@graph("reduce of failed children")
def _():
    return total("sum").submit(odd_fails("odd").map(numbers.submit()))


@graph("reduce of failed children, when all have finished")
def _():
    return kinds("all").submit(allow_failure(odd_fails("odd").map(numbers.submit())))


@graph("reduce of children that failed a level up")
def _():
    return kinds("all").submit(allow_failure(passes("next").map(odd_fails("odd").map(numbers.submit()))))


@graph("reduce of skipped children")
def _():
    return named("sum", lambda xs: sum(x or 0 for x in xs)).submit(odd_skips("odd").map(numbers.submit()))


@graph("a failed task given to one that runs anyway")
def _():
    return named("says", lambda x: str(x)).submit(allow_failure(fails("bad").submit()))
