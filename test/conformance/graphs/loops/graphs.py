"""A body that runs again with its own result."""
import prefect
from common import gives, passes, plus_one, soon
from prefect import task
from prefect.engine import signals
from table import Boom, graph


def count_to(limit, name="counts", message=None, **options):
    def body():
        so_far = prefect.context.get("task_loop_result", 0) + 1
        if so_far < limit:
            raise signals.LOOP(result=so_far) if message is None else signals.LOOP(message, result=so_far)
        return so_far

    return task(body, name=name, **options)


@graph("loop of three")
def _(flow):
    plus_one("next")(count_to(3)())


@graph("loop with a message of its own")
def _(flow):
    count_to(2, message="not there yet")()


@graph("loop that fails")
def _(flow):
    def body():
        if prefect.context.get("task_loop_count", 1) == 2:
            raise Boom("second")
        raise signals.LOOP(result=1)

    passes("next")(task(body, name="loops")())


@graph("loop with a retry")
def _(flow):
    def body():
        count = prefect.context.get("task_loop_count", 1)
        so_far = prefect.context.get("task_loop_result", 0)
        if count == 2 and prefect.context.task_run_count == 1:
            raise Boom("second")
        if count < 3:
            raise signals.LOOP(result=so_far + 10)
        return so_far

    task(body, name="loops", max_retries=1, retry_delay=soon)()


@graph("loop with inputs")
def _(flow):
    def body(x):
        so_far = prefect.context.get("task_loop_result", 0) + x
        if so_far < 6:
            raise signals.LOOP(result=so_far)
        return so_far

    task(body, name="loops")(gives("x", 3)())


@graph("mapped children that loop")
def _(flow):
    def body(x):
        so_far = prefect.context.get("task_loop_result", 0) + 1
        if so_far < x:
            raise signals.LOOP(result=so_far)
        return so_far

    plus_one("next").map(task(body, name="loops").map(gives("list", [1, 2, 3])()))


@graph("loop that ends in a skip")
def _(flow):
    def body():
        if prefect.context.get("task_loop_count", 1) == 2:
            raise signals.SKIP("enough")
        raise signals.LOOP(result=1)

    passes("next")(task(body, name="loops")())
