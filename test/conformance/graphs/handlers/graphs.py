"""Functions that look at changes of state, and may change them."""
from common import fails, fails_until, gives, passes, plus_one, skips
from prefect.engine import signals, state
from table import Boom, graph


def on(kind, replace):
    """A handler that acts on one type of state only."""

    def handler(_subject, _old, new):
        return replace(new) if type(new).__name__ == kind else None

    return handler


def raises(signal):
    def replace(_new):
        raise signal()

    return replace


def throws(_new):
    raise Boom("handler")


def marks(mark):
    def handler(_subject, _old, new):
        new.message = f"{new.message} {mark}"
        return new

    return handler


@graph("handlers see every state, in order")
def _(flow):
    gives("task", state_handlers=[marks("one"), marks("two")])()


@graph("handlers see failures and retries")
def _(flow):
    fails_until("flaky", 2, state_handlers=[marks("seen")])()


@graph("handlers see skips and failed triggers")
def _(flow):
    seen = [marks("seen")]
    passes("next", state_handlers=seen)(skips("skips", state_handlers=seen)())
    passes("next", state_handlers=seen)(fails("bad")())


@graph("handlers see the mapped task and its children")
def _(flow):
    plus_one("add", state_handlers=[marks("seen")]).map(gives("list", [1])())


@graph("a handler that puts Failed for Running")
def _(flow):
    passes("next")(gives("task", state_handlers=[on("Running", lambda _: state.Failed("not now"))])())


@graph("a handler that puts Success for Running")
def _(flow):
    gives("task", state_handlers=[on("Running", lambda _: state.Success("no need"))])()


@graph("a handler that puts Failed for Success")
def _(flow):
    passes("next")(gives("task", state_handlers=[on("Success", lambda _: state.Failed("not good enough"))])())


@graph("a handler that puts Success for Failed")
def _(flow):
    gives("next")(upstream_tasks=[fails("bad", state_handlers=[on("Failed", lambda _: state.Success("good enough"))])()])


@graph("a handler that puts Failed for Retrying")
def _(flow):
    fails_until("flaky", 3, state_handlers=[on("Retrying", lambda _: state.Failed("give up"))])()


@graph("a handler that puts Skipped for Running")
def _(flow):
    passes("next")(gives("task", state_handlers=[on("Running", lambda _: state.Skipped("not needed"))])())


@graph("a handler that throws at Running")
def _(flow):
    passes("next")(gives("task", state_handlers=[on("Running", throws)])())


@graph("a handler that throws at Success")
def _(flow):
    passes("next")(gives("task", state_handlers=[on("Success", throws)])())


@graph("a handler that skips by a signal at Running")
def _(flow):
    gives("task", state_handlers=[on("Running", raises(lambda: signals.SKIP("by hand")))])()


@graph("a handler that fails by a signal at Success")
def _(flow):
    gives("task", state_handlers=[on("Success", raises(lambda: signals.FAIL("by hand")))])()


@graph("a handler that pauses by a signal at Running")
def _(flow):
    passes("next")(gives("task", state_handlers=[on("Running", raises(lambda: signals.PAUSE("by hand")))])())


@graph("on_failure that throws")
def _(flow):
    def throw(_task, _state):
        raise Boom("on_failure")

    fails("bad", on_failure=throw)()


@graph("on_failure of a task that succeeds")
def _(flow):
    def throw(_task, _state):
        raise Boom("on_failure")

    gives("good", on_failure=throw)()


@graph("flow handlers see every state", state_handlers=[marks("one"), marks("two")])
def _(flow):
    gives("task")()


@graph("a flow handler that puts Failed for Success", state_handlers=[on("Success", lambda _: state.Failed("no"))])
def _(flow):
    gives("task")()


@graph("a flow handler that puts Failed for Running", state_handlers=[on("Running", lambda _: state.Failed("no"))])
def _(flow):
    gives("task")()


@graph("a flow handler that throws at Success", state_handlers=[on("Success", throws)])
def _(flow):
    gives("task")()


@graph("a flow handler that throws at Running", state_handlers=[on("Running", throws)])
def _(flow):
    gives("task")()


@graph("a terminal state handler that puts Success for Failed", terminal_state_handler=lambda *_: state.Success("fine"))
def _(flow):
    fails("bad")()


@graph("a terminal state handler that looks at the reference states",
       terminal_state_handler=lambda _flow, _state, states: state.Failed(f"{len(states)} reference states"))
def _(flow):
    gives("one")()
    gives("two")()


@graph("a terminal state handler that changes nothing", terminal_state_handler=lambda *_: None)
def _(flow):
    gives("task")()


def terminal_throws(*_):
    raise Boom("terminal")


@graph("a terminal state handler that throws", terminal_state_handler=terminal_throws)
def _(flow):
    gives("task")()
