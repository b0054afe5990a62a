"""How tasks hang together."""
from common import fails, gives, passes, plus_one
from prefect import task
from table import graph


@graph("one task")
def _(flow):
    gives("one")()


@graph("no task")
def _(flow):
    pass


@graph("chain")
def _(flow):
    plus_one("third")(plus_one("second")(gives("first")()))


@graph("diamond")
def _(flow):
    first = gives("first")()
    task(lambda a, b: a + b, name="sum")(plus_one("left")(first), plus_one("right")(first))


@graph("order without data")
def _(flow):
    gives("second", 2)(upstream_tasks=[gives("first")()])


@graph("one input is another's twice")
def _(flow):
    first = gives("first")()
    task(lambda a, b: [a, b], name="pair")(first, first)


@graph("two branches, one fails")
def _(flow):
    passes("after good")(gives("good")())
    passes("after bad")(fails("bad")())


@graph("failure in the middle")
def _(flow):
    passes("fourth")(passes("third")(fails("second")(upstream_tasks=[gives("first")()])))


@graph("failure beside a success")
def _(flow):
    task(lambda a, b: [a, b], name="both")(gives("good")(), fails("bad")())


@graph("error without a message")
def _(flow):
    fails("bad", "")()


@graph("tasks of one name")
def _(flow):
    add = plus_one("add")
    add(add(add(gives("first")())))


@graph("tags in slugs and states")
def _(flow):
    gives("tagged", tags=["b", "a"])()
    gives("tagged", tags=["a", "b"])()
    gives("tagged", tags=["c"])()
    fails("tagged", tags=["c"])()


@graph("a literal as input")
def _(flow):
    task(lambda x, options: [x, options["by"]], name="scaled")(2, {"by": [3, 4]})


@graph("references nested in an input")
def _(flow):
    first, second = gives("first")(), gives("second", 2)()
    task(lambda of: of, name="report")({"all": [first, second], "by": {"name": second}, "fixed": 3})


@graph("references nested in a list of twelve")
def _(flow):
    passes("list")([gives("element", index)() for index in range(12)])


@graph("a nested reference fails")
def _(flow):
    passes("list")([gives("good")(), fails("bad")()])
