"""
`prefect server start`, its garbage collected in a thread of its own. On SQLite the server's event loop can lock up with
its database: a collection that comes about in the loop frees a cursor whose connection another thread is using, which
waits, for a minute at the most, for a transaction that only the loop can end. Nothing is answered meanwhile.
"""

import gc
import itertools
import sys
import threading
import time

gc.disable()

from prefect.cli import app
import prefect.server.api.server

# What is loaded stays, and need not be looked through again. Nothing may be frozen once there is a database: a cursor
# that is never freed has its connection answer for ever from what it has seen first.
gc.collect()
gc.freeze()


def collect() -> None:
    for turn in itertools.count(1):
        # Soon, for the same reason.
        time.sleep(0.2)
        gc.collect(2 if turn % 25 == 0 else 1)


threading.Thread(target=collect, daemon=True).start()
sys.argv[1:1] = ["server", "start"]
app()
