"""One child for each element."""
import prefect
from common import fails, gives, odd_fails, odd_skips, passes, plus_one, skips, soon, total
from prefect import Parameter, task, unmapped
from prefect.engine import signals
from table import Boom, graph

numbers = gives("list", [1, 2, 3])
add_all = task(lambda a, b: a + b, name="add")


@graph("map over a task's list")
def _(flow):
    plus_one("add").map(numbers())


@graph("map over a parameter")
def _(flow):
    plus_one("add").map(Parameter("list", default=[1, 2]))


@graph("map over a literal list")
def _(flow):
    plus_one("add").map([1, 2])


@graph("map over a list of references")
def _(flow):
    plus_one("add").map([gives("first")(), gives("second", 2)()])


@graph("map over two lists of unequal length")
def _(flow):
    add_all.map(numbers(), gives("short", [10, 20])())


@graph("map with an unmapped input")
def _(flow):
    add_all.map(numbers(), unmapped(gives("ten", 10)()))


@graph("map with an unmapped list")
def _(flow):
    task(lambda x, all: [x, all], name="pair").map(numbers(), all=unmapped(plus_one("add").map(numbers())))


@graph("map over mapped children")
def _(flow):
    plus_one("next").map(plus_one("add").map(numbers()))


@graph("three levels of mapping")
def _(flow):
    plus_one("third").map(plus_one("second").map(plus_one("first").map(numbers())))


@graph("map over mapped children and a list")
def _(flow):
    add_all.map(plus_one("first").map(numbers()), gives("short", [10, 20])())


@graph("two mapped tasks beside each other")
def _(flow):
    first = numbers()
    add_all.map(plus_one("left").map(first), plus_one("right").map(first))


@graph("map over an empty list")
def _(flow):
    plus_one("next").map(plus_one("add").map(gives("list", [])()))


@graph("map over a failed task")
def _(flow):
    gives("last", trigger=prefect.triggers.all_finished)(upstream_tasks=[passes("next").map(passes("add").map(fails("bad")()))])


@graph("map over a skipped task")
def _(flow):
    passes("next").map(passes("add").map(skips("skips")()))


@graph("map over a skipped task, not skipping")
def _(flow):
    passes("add", skip_on_upstream_skip=False).map(skips("skips")())


@graph("map over a number")
def _(flow):
    passes("add").map(gives("number", 5)())


@graph("map over none")
def _(flow):
    passes("add").map(gives("nothing", None)())


@graph("map over text")
def _(flow):
    passes("add").map(gives("text", "ab")())


@graph("map over an object")
def _(flow):
    passes("add").map(gives("object", {"a": 1})())


@graph("a mapped child fails")
def _(flow):
    passes("next").map(odd_fails("odd").map(numbers()))


@graph("a mapped child skips")
def _(flow):
    passes("next").map(odd_skips("odd").map(numbers()))


@graph("an unmapped input is skipped")
def _(flow):
    task(lambda a, b: 1, name="add").map(numbers(), unmapped(skips("skips")()))


@graph("an unmapped input fails")
def _(flow):
    task(lambda a, b: 1, name="add").map(numbers(), unmapped(fails("bad")()))


@graph("one mapped input fails, one succeeds")
def _(flow):
    task(lambda a, b: 1, name="add").map(numbers(), fails("bad")())


@graph("mapped after another task")
def _(flow):
    plus_one("add").map(numbers(), upstream_tasks=[unmapped(gives("first")())])


@graph("mapped after a failed task")
def _(flow):
    plus_one("add").map(numbers(), upstream_tasks=[unmapped(fails("bad")())])


@graph("mapped after a skipped task")
def _(flow):
    plus_one("add").map(numbers(), upstream_tasks=[unmapped(skips("skips")())])


@graph("after mapped children, without their results")
def _(flow):
    gives("last")(upstream_tasks=[plus_one("add").map(numbers())])


@graph("a mapped child succeeds by a signal")
def _(flow):
    def body(x):
        if x == 2:
            raise signals.SUCCESS("two it is", result=20)
        return x

    total("sum")(task(body, name="some").map(numbers()))


@graph("map over a list that came with a retry")
def _(flow):
    def body():
        if prefect.context.task_run_count == 1:
            raise Boom("first")
        return [1, 2]

    plus_one("add").map(task(body, name="list", max_retries=1, retry_delay=soon)())


@graph("mapped and reduced and mapped again")
def _(flow):
    plus_one("again").map(task(lambda xs: xs, name="list again")(plus_one("add").map(numbers())))


@graph("tags of mapped children")
def _(flow):
    plus_one("add", tags=["t"]).map(gives("list", [1])())
