"""`python -m rehearsal`."""

import os
import sys

from rehearsal.cli import app

try:
    app()
except SystemExit as end:
    # Ctrl-C ends the Node.js of jsii too, and its exit handler would print a traceback about that.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(end.code if isinstance(end.code, int) else 1)
