"""What is kept of a result, and where."""
from common import gives, named, plus_one
from table import graph

kept = {"persist_result": True, "result_serializer": "json"}


@graph("nothing as a result")
def _():
    return named("next", lambda x: x is None).submit(gives("nothing", None).submit())


@graph("a result that is no JSON")
def _():
    return gives("set", {1}, **kept).submit()


@graph("a target that is written, then found")
def _():
    return plus_one("next").submit(gives("kept", 5, result_storage_key="kept-once", **kept).submit())
