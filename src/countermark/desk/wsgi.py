"""The WSGI application of one party, with its background worker in the same process.

The process ends when the one that started it is gone, so that a killed server never leaves a half of itself behind.
"""

from __future__ import annotations

import logging
import os
import threading
from time import sleep

from django.core.handlers.wsgi import WSGIHandler

from countermark.adapters.worker import Worker
from countermark.desk.server import server

WATCH_SECONDS = 0.2


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(WATCH_SECONDS)
    os._exit(1)


logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
for noisy in ("httpx", "django.request"):
    logging.getLogger(noisy).setLevel(logging.ERROR)
if parent := int(os.environ.get("COUNTERMARK_SERVER", "0")):
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
Worker(server()).start()
application = WSGIHandler()
