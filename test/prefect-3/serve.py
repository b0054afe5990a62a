"""
`prefect server start`, its garbage collected in a thread of its own. On SQLite the server's event loop can lock up with
its database: a collection that comes about in the loop frees a cursor whose connection another thread is using, which
waits, for a minute at the most, for a transaction that only the loop can end. Nothing is answered meanwhile.
"""

import gc
import sys
import threading
import time

from prefect.cli import app


def collect() -> None:
    time.sleep(10)
    gc.collect()
    # What has been loaded by now stays, and need not be looked through again.
    gc.freeze()
    while True:
        time.sleep(10)
        gc.collect()


gc.disable()
threading.Thread(target=collect, daemon=True).start()
sys.argv[1:1] = ["server", "start"]
app()
