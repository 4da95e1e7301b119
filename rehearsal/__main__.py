"""`python -m rehearsal`."""

from rehearsal.cli import app

app()
