"""Which tasks decide the state of the flow run."""
from common import fails, gives, odd_fails, odd_skips, skips
from prefect import triggers
from table import graph


@graph("a failed terminal task that is no reference task")
def _(flow):
    first = gives("first")()
    fails("last")(upstream_tasks=[first])
    flow.set_reference_tasks([first])


@graph("a failed reference task, a successful terminal task")
def _(flow):
    bad = fails("bad")()
    gives("last", trigger=triggers.always_run)(upstream_tasks=[bad])
    flow.set_reference_tasks([bad])


@graph("a failure on the way, a successful terminal task")
def _(flow):
    gives("last", trigger=triggers.always_run)(upstream_tasks=[fails("bad")()])


@graph("a skipped reference task")
def _(flow):
    skipped = skips("skips")()
    flow.set_reference_tasks([skipped])


@graph("mapped reference task, one child fails")
def _(flow):
    odd = odd_fails("odd").map(gives("list", [1, 2])())
    gives("last", trigger=triggers.always_run)(upstream_tasks=[odd])
    flow.set_reference_tasks([odd])


@graph("mapped reference task, one child skips")
def _(flow):
    flow.set_reference_tasks([odd_skips("odd").map(gives("list", [1, 2])())])


@graph("two reference tasks, one fails")
def _(flow):
    good, bad = gives("good")(), fails("bad")()
    gives("last", trigger=triggers.all_finished)(upstream_tasks=[good, bad])
    flow.set_reference_tasks([good, bad])


@graph("a reference task that is paused, a terminal task that is done")
def _(flow):
    paused = gives("paused", trigger=triggers.manual_only)()
    gives("done")()
    flow.set_reference_tasks([paused])


@graph("a terminal task that is paused, a reference task that is done")
def _(flow):
    gives("paused", trigger=triggers.manual_only)()
    flow.set_reference_tasks([gives("done")()])
