"""Small tasks that many graphs are made of; each has a name of its own in the graph."""
import datetime

import prefect
from prefect import task
from prefect.engine import signals
from table import Boom

soon = datetime.timedelta(milliseconds=20)


def gives(name, value=1, **options):
    return task(lambda: value, name=name, **options)


def fails(name, message="boom", **options):
    def body():
        raise Boom(message)

    return task(body, name=name, **options)


def skips(name, message="nothing to do", **options):
    def body():
        raise signals.SKIP(message)

    return task(body, name=name, **options)


def passes(name, **options):
    return task(lambda x: x, name=name, **options)


def plus_one(name, **options):
    return task(lambda x: x + 1, name=name, **options)


def total(name, **options):
    return task(lambda xs: sum(xs), name=name, **options)


def kinds(name, **options):
    """Says of each value what it is, so that a reduce tells what it was given."""

    def kind(value):
        # A task that was skipped behind another one has no signal to give.
        if value is None or isinstance(value, signals.SKIP):
            return "skipped"
        return "failed" if isinstance(value, BaseException) else value

    return task(lambda xs: [kind(x) for x in xs], name=name, **options)


def odd_fails(name, **options):
    def body(x):
        if x % 2:
            raise Boom(f"{x} is odd")
        return x

    return task(body, name=name, **options)


def odd_skips(name, **options):
    def body(x):
        if x % 2:
            raise signals.SKIP(f"{x} is odd")
        return x

    return task(body, name=name, **options)


def fails_until(name, attempt, **options):
    """Fails in every attempt before this one, of which there is one more than max_retries."""

    def body():
        if prefect.context.task_run_count < attempt:
            raise Boom(f"attempt {prefect.context.task_run_count}")
        return prefect.context.task_run_count

    return task(body, name=name, **{"max_retries": 2, "retry_delay": soon, **options})
