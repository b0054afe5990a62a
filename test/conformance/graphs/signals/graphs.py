"""States that a body asks for."""
import pendulum
import prefect
from common import gives, passes, skips
from prefect import task
from prefect.engine import signals
from table import graph


def raises(name, signal, **options):
    def body():
        raise signal()

    return task(body, name=name, **options)


@graph("success signal with a result")
def _(flow):
    passes("next")(raises("says", lambda: signals.SUCCESS("done early", result=5))())


@graph("success signal without a result")
def _(flow):
    raises("says", lambda: signals.SUCCESS("done early"))()


@graph("success signal without a message")
def _(flow):
    raises("says", lambda: signals.SUCCESS(result=1))()


@graph("fail signal")
def _(flow):
    passes("next")(raises("says", lambda: signals.FAIL("no good"))())


@graph("fail signal without a message")
def _(flow):
    raises("says", lambda: signals.FAIL())()


@graph("trigger fail signal")
def _(flow):
    raises("says", lambda: signals.TRIGGERFAIL("not today"), max_retries=1, retry_delay=pendulum.duration(seconds=0.02))()


@graph("skip signal")
def _(flow):
    passes("third")(passes("next")(skips("skips")()))


@graph("skip signal without a message")
def _(flow):
    raises("skips", lambda: signals.SKIP())()


@graph("a skip that goes no further")
def _(flow):
    passes("third")(gives("next", skip_on_upstream_skip=False)(upstream_tasks=[skips("skips")()]))


@graph("a skip beside a failure")
def _(flow):
    gives("last")(upstream_tasks=[skips("skips")(), raises("says", lambda: signals.FAIL("no good"))()])


@graph("pause signal")
def _(flow):
    passes("next")(raises("says", lambda: signals.PAUSE("wait for it"))())


@graph("pause signal with a time far away")
def _(flow):
    raises("says", lambda: signals.PAUSE("wait for it", start_time=pendulum.now("utc").add(hours=1)))()


@graph("pause signal, resumed")
def _(flow):
    def body():
        if not prefect.context.get("resume"):
            raise signals.PAUSE("wait for it")
        return prefect.context.task_run_count

    passes("next")(task(body, name="says")())


@graph("retry signal with a time far away")
def _(flow):
    passes("next")(raises("says", lambda: signals.RETRY("later", start_time=pendulum.now("utc").add(hours=1)))())


@graph("a skip in one of two branches")
def _(flow):
    first = gives("first")()
    left = skips("left")(upstream_tasks=[first])
    right = gives("right")(upstream_tasks=[first])
    gives("last", skip_on_upstream_skip=False)(upstream_tasks=[left, right])
