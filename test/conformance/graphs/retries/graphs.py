"""Attempts after the first."""
import pendulum
import prefect
from common import fails, fails_until, gives, kinds, odd_fails, passes, plus_one, skips, soon
from prefect import task
from prefect.engine import signals
from table import Boom, graph


@graph("retried until it succeeds")
def _(flow):
    plus_one("next")(fails_until("flaky", 3)())


@graph("retried in vain")
def _(flow):
    passes("next")(fails_until("flaky", 9)())


@graph("retried after a fail signal")
def _(flow):
    def body():
        if prefect.context.task_run_count == 1:
            raise signals.FAIL("not yet")
        return "now"

    task(body, name="flaky", max_retries=1, retry_delay=soon)()


@graph("retried for this kind of error")
def _(flow):
    fails_until("flaky", 2, retry_on=Boom)()


@graph("not retried for another kind of error")
def _(flow):
    fails_until("flaky", 2, retry_on=[TypeError])()


@graph("retry signal beyond the retries")
def _(flow):
    def body():
        if prefect.context.task_run_count < 3:
            raise signals.RETRY("once more")
        return prefect.context.task_run_count

    task(body, name="asks")()


@graph("retry signal with a time")
def _(flow):
    def body():
        if prefect.context.task_run_count < 2:
            raise signals.RETRY("later", start_time=pendulum.now("utc").add(seconds=0.05))
        return prefect.context.task_run_count

    task(body, name="asks")()


@graph("a failed trigger is not retried")
def _(flow):
    passes("next", max_retries=2, retry_delay=soon)(fails("bad")())


@graph("a skip is not retried")
def _(flow):
    skips("skips", max_retries=2, retry_delay=soon)()


@graph("retry with inputs")
def _(flow):
    def body(x, y):
        if prefect.context.task_run_count == 1:
            raise Boom("first")
        return x + y

    task(body, name="sum", max_retries=1, retry_delay=soon)(gives("x", 1)(), gives("y", 2)())


@graph("two retried beside each other")
def _(flow):
    task(lambda a, b: [a, b], name="pair")(fails_until("one", 2)(), fails_until("two", 3)())


@graph("mapped children retried")
def _(flow):
    def body(x):
        if x % 2 and prefect.context.task_run_count == 1:
            raise Boom(f"{x} is odd")
        return x

    plus_one("next").map(task(body, name="flaky", max_retries=1, retry_delay=soon).map(gives("list", [1, 2, 3])()))


@graph("mapped children retried in vain")
def _(flow):
    kinds("all", trigger=prefect.triggers.all_finished)(
        odd_fails("odd", max_retries=1, retry_delay=soon).map(gives("list", [1, 2])())
    )


@graph("reduce retried")
def _(flow):
    def body(xs):
        if prefect.context.task_run_count == 1:
            raise Boom("first")
        return sum(xs)

    task(body, name="sum", max_retries=1, retry_delay=soon)(plus_one("add").map(gives("list", [1, 2])()))
