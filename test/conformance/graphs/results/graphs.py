"""What is kept of a result, and where."""
import os

from common import fails_until, gives, passes, plus_one, soon
from prefect import task
from prefect.engine.results import LocalResult
from table import graph

folder = os.environ["CONFORMANCE_FOLDER"] + "/results"


@graph("results as files")
def _(flow):
    plus_one("next", result=LocalResult(folder))(gives("first", result=LocalResult(folder))())


@graph("a task with a result of its own in a flow with another")
def _(flow):
    plus_one("next")(gives("first", result=LocalResult(folder))())


@graph("no result handler anywhere", result=None)
def _(flow):
    plus_one("next")(fails_until("flaky", 2)())


@graph("no result handler, mapped", result=None)
def _(flow):
    plus_one("next").map(plus_one("add").map(gives("list", [1, 2])()))


@graph("a task that is not checkpointed")
def _(flow):
    plus_one("next")(gives("first", checkpoint=False)())


@graph("nothing as a result")
def _(flow):
    task(lambda x: x is None, name="next")(gives("nothing", None)())


@graph("false, zero and empty as results")
def _(flow):
    passes("falsy")(gives("zero", 0)())
    passes("falsy")(gives("no", False)())
    passes("falsy")(gives("empty", "")())
    passes("falsy")(gives("none in it", [])())


@graph("a result that is no JSON")
def _(flow):
    gives("set", {1})()


@graph("a result that is no JSON, of a task with retries")
def _(flow):
    gives("set", {1}, max_retries=1, retry_delay=soon)()


@graph("a target that is written, then found", result=LocalResult(folder))
def _(flow):
    plus_one("next")(gives("kept", 5, target="kept-{flow_name}")())


@graph("a target of mapped children", result=LocalResult(folder))
def _(flow):
    plus_one("kept", target="{flow_name}-{map_index}").map(gives("list", [1, 2])())
