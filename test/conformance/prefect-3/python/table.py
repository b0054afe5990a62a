"""The flows of the table as Prefect 3 has them: each a name and a function that is the flow."""
import importlib
import pathlib

from prefect import flow

graphs = {}


class Boom(Exception):
    """What a task throws that fails on purpose; the TypeScript side has one of the same name."""


def graph(name, **options):
    """Adds a flow. What it returns decides its state, as reference tasks do: the futures of its last tasks."""

    def add(body):
        assert name not in graphs, f"two flows are called {name!r}"
        body.__name__ = body.__qualname__ = "flow"
        graphs[name] = flow(body, name=name, **options)
        return body

    return add


def load():
    """Imports every theme that has flows for Prefect 3; returns their names."""
    folder = pathlib.Path(__file__).resolve().parent.parent.parent
    themes = sorted(module.parent.name for module in folder.glob("graphs/*/graphs_3.py"))
    for theme in themes:
        importlib.import_module(f"graphs.{theme}.graphs_3")
    return themes
