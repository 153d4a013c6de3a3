"""The unmodified `openstack` client, loaded in this process and forked for each command.

It takes a second to start, so it is loaded once; it keeps its connections for ever, so every command
has a process of its own. Where it waits, it looks every five seconds: here after `NAP` at most.
"""

import contextlib
import io
import multiprocessing
import os
import time

from openstackclient import shell

NAP = 0.5


def run(environment: dict, words: list) -> tuple:
    """Runs one command: its status, output and complaint."""
    with multiprocessing.get_context("fork").Pool(1) as forked:
        return forked.apply(_forked, (environment, words))


def _forked(environment: dict, words: list) -> tuple:
    os.environ.update(environment)
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(min(seconds, NAP))
    out, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        try:
            status = shell.OpenStackShell().run(words)
        except SystemExit as ended:  # of an option that the client does not know
            status = ended.code
    return status, out.getvalue(), complaint.getvalue()
