"""Runs that were begun before; what was done to them first is in runs/scenarios.ts."""
from common import fails, gives, plus_one
from prefect import triggers
from table import graph


def chain(names):
    last = gives(names[0])()
    for name in names[1:]:
        last = plus_one(name)(last)


@graph("executed again when it is finished")
def _(flow):
    chain(["first", "next"])


@graph("executed again when it has failed")
def _(flow):
    plus_one("next")(fails("bad")())


@graph("scheduled for later")
def _(flow):
    chain(["first"])


@graph("one task has succeeded before")
def _(flow):
    chain(["first", "second", "third"])


@graph("one task has failed before")
def _(flow):
    chain(["first", "second", "third"])


@graph("one task was skipped before")
def _(flow):
    chain(["first", "second", "third"])


@graph("one task is about to be retried")
def _(flow):
    chain(["first", "second"])


@graph("one task is to be retried much later")
def _(flow):
    chain(["first", "second"])


@graph("one task was submitted while it was scheduled")
def _(flow):
    chain(["first", "second"])


@graph("a terminal task failed before")
def _(flow):
    gives("last", trigger=triggers.always_run)(upstream_tasks=[gives("first")()])
