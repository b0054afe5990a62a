"""Bodies that take too long."""
import time

import prefect
from common import gives, passes, soon
from prefect import task
from table import graph


def sleeps(name, seconds, **options):
    def body():
        if prefect.context.task_run_count == 1:
            time.sleep(seconds)
        return prefect.context.task_run_count

    return task(body, name=name, timeout=1, **options)


@graph("over its timeout")
def _(flow):
    passes("next")(sleeps("slow", 5)())


@graph("over its timeout once")
def _(flow):
    passes("next")(sleeps("slow", 5, max_retries=1, retry_delay=soon)())


@graph("within its timeout")
def _(flow):
    passes("next")(sleeps("quick", 0)())


@graph("a mapped child over its timeout")
def _(flow):
    def body(x):
        time.sleep(x)
        return x

    passes("next").map(task(body, name="slow", timeout=1).map(gives("list", [0, 5])()))
