"""How tasks hang together."""
from common import add_all, fails, gives, passes, plus_one
from table import graph


@graph("one task")
def _():
    return gives("one").submit()


@graph("no task")
def _():
    return None


@graph("chain")
def _():
    return plus_one("third").submit(plus_one("second").submit(gives("first").submit()))


@graph("diamond")
def _():
    first = gives("first").submit()
    return add_all("sum").submit(plus_one("left").submit(first), plus_one("right").submit(first))


@graph("two branches, one fails")
def _():
    return [passes("after good").submit(gives("good").submit()), passes("after bad").submit(fails("bad").submit())]


@graph("failure in the middle")
def _():
    second = fails("second").submit(wait_for=[gives("first").submit()])
    return passes("fourth").submit(passes("third").submit(second))


@graph("error without a message")
def _():
    return fails("bad", "").submit()


@graph("tasks of one name")
def _():
    add = plus_one("add")
    return add.submit(add.submit(add.submit(gives("first").submit())))
