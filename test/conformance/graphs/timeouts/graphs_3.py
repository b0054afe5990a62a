"""Bodies that take too long."""
import asyncio

from common import gives, named, passes, soon
from prefect.runtime import task_run
from table import graph


def sleeps(name, seconds, **options):
    async def body():
        if task_run.run_count == 1:
            await asyncio.sleep(seconds)
        return task_run.run_count

    return named(name, body, timeout_seconds=1, **options)


@graph("over its timeout")
def _():
    return passes("next").submit(sleeps("slow", 5).submit())


@graph("over its timeout once")
def _():
    return passes("next").submit(sleeps("slow", 5, retries=1, retry_delay_seconds=soon).submit())


@graph("a mapped child over its timeout")
def _():
    async def body(x):
        await asyncio.sleep(x)
        return x

    return passes("next").map(named("slow", body, timeout_seconds=1).map(gives("list", [0, 5]).submit()))
