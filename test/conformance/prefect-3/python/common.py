"""Small tasks that many flows are made of; each has a name of its own in the flow."""
from prefect import task
from prefect.runtime import task_run
from prefect.states import Completed
from table import Boom

soon = 0.02


def named(name, body, **options):
    """A task as if its function were written down under that name: Prefect 3 counts the runs of a function."""
    body.__name__ = body.__qualname__ = name
    return task(body, name=name, **options)


def gives(name, value=1, **options):
    return named(name, lambda: value, **options)


def fails(name, message="boom", **options):
    def body():
        raise Boom(message)

    return named(name, body, **options)


def skips(name, message="nothing to do", **options):
    """Prefect 3 has no skip; its documentation has this state for it."""
    return named(name, lambda: Completed(name="Skipped", message=message), **options)


def passes(name, **options):
    return named(name, lambda x: x, **options)


def plus_one(name, **options):
    return named(name, lambda x: x + 1, **options)


def add_all(name, **options):
    return named(name, lambda a, b: a + b, **options)


def total(name, **options):
    return named(name, lambda xs: sum(xs), **options)


def kinds(name, **options):
    """Says of each value what it is, so that a reduce tells what it was given."""
    return named(name, lambda xs: ["failed" if isinstance(x, BaseException) else x for x in xs], **options)


def odd_fails(name, **options):
    def body(x):
        if x % 2:
            raise Boom(f"{x} is odd")
        return x

    return named(name, body, **options)


def odd_skips(name, **options):
    return named(name, lambda x: Completed(name="Skipped") if x % 2 else x, **options)


def fails_until(name, attempt, **options):
    """Fails in every attempt before this one, of which there is one more than retries."""

    def body():
        if task_run.run_count < attempt:
            raise Boom(f"attempt {task_run.run_count}")
        return task_run.run_count

    return named(name, body, **{"retries": 2, "retry_delay_seconds": soon, **options})
