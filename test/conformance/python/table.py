"""The table of graphs as Prefect has it: each a name and a function that builds the flow."""
import importlib
import pathlib

from prefect import Flow
from prefect.engine.results import PrefectResult

folder = pathlib.Path(__file__).resolve().parent.parent
graphs = {}


class Boom(Exception):
    """What a task throws that fails on purpose; the TypeScript side has one of the same name."""


def graph(name, **options):
    """Adds a graph; the function below it builds the flow and may change it (reference tasks)."""

    def add(build):
        assert name not in graphs, f"two graphs are called {name!r}"
        graphs[name] = (build, options)
        return build

    return add


def load():
    """Imports every theme, in the order of the folders."""
    for module in sorted(folder.glob("graphs/*/graphs.py")):
        importlib.import_module(f"graphs.{module.parent.name}.graphs")


def flow_of(name):
    build, options = graphs[name]
    with Flow(name, **{"result": PrefectResult(), **options}) as flow:
        build(flow)
    return flow
