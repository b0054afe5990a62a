"""A body that runs again with its own result: in Python a loop in the body."""
from common import gives, named, plus_one
from table import graph


def counts_to(limit):
    result = 0
    while result < limit:
        result += 1
    return result


@graph("loop of three")
def _():
    return plus_one("next").submit(named("counts", lambda: counts_to(3)).submit())


@graph("mapped children that loop")
def _():
    loops = named("loops", lambda x: counts_to(x))
    return plus_one("next").map(loops.map(gives("list", [1, 2, 3]).submit()))
