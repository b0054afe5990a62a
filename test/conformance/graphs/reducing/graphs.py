"""One task for all children."""
from common import fails, gives, kinds, odd_fails, odd_skips, passes, plus_one, skips, total
from prefect import task, triggers
from table import graph

numbers = gives("list", [1, 2, 3])


@graph("reduce")
def _(flow):
    total("sum")(plus_one("add").map(numbers()))


@graph("reduce of no children")
def _(flow):
    total("sum")(plus_one("add").map(gives("list", [])()))


@graph("reduce of failed children")
def _(flow):
    total("sum")(odd_fails("odd").map(numbers()))


@graph("reduce of failed children, when all have finished")
def _(flow):
    kinds("all", trigger=triggers.all_finished)(odd_fails("odd").map(numbers()))


@graph("reduce of skipped children")
def _(flow):
    total("sum")(odd_skips("odd").map(numbers()))


@graph("reduce of skipped children, not skipping")
def _(flow):
    kinds("all", skip_on_upstream_skip=False)(odd_skips("odd").map(numbers()))


@graph("reduce of failed and skipped children")
def _(flow):
    kinds("all", trigger=triggers.all_finished, skip_on_upstream_skip=False)(
        odd_fails("next").map(odd_skips("odd").map(gives("list", [1, 2])()))
    )


@graph("reduce of children that failed a level up")
def _(flow):
    kinds("all", trigger=triggers.all_finished)(passes("next").map(odd_fails("odd").map(numbers())))


@graph("reduce twice")
def _(flow):
    children = plus_one("add").map(numbers())
    task(lambda a, b: [a, b], name="both")(total("sum")(children), kinds("all")(children))


@graph("reduce of two mapped tasks in one list")
def _(flow):
    passes("both")([plus_one("add").map(numbers()), plus_one("add").map(gives("list", [7])())])


@graph("a failed task given to one that runs anyway")
def _(flow):
    task(lambda x: str(x), name="says", trigger=triggers.any_failed)(fails("bad")())


@graph("a skipped task given to one that runs anyway")
def _(flow):
    task(lambda x: 1, name="says", skip_on_upstream_skip=False)(skips("skips")())


@graph("a task that could not be mapped given to one that runs anyway")
def _(flow):
    task(lambda x: "failed" if isinstance(x, Exception) else "nothing", name="says", trigger=triggers.any_failed)(
        passes("add").map(gives("number", 5)())
    )
