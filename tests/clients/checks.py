"""Counts what holds and what does not; one line each."""

import time
import traceback


class Checks:
    """The outcome of all parts."""

    def __init__(self):
        self.passed = 0
        self.failed = []

    def run(self, name: str, check, *arguments):
        """Runs one check; what it raises is its failure. Returns what it returns."""
        began = time.monotonic()
        try:
            result = check(*arguments)
        except Exception as error:  # a failure of any kind is a failed check
            self.failed.append(name)
            print(f"FAIL {name}: {error}", flush=True)
            if not isinstance(error, AssertionError):
                traceback.print_exc()
            return None
        self.passed += 1
        print(f"ok   {name} ({time.monotonic() - began:.1f} s)", flush=True)
        return result


def eventually(what: str, holds, seconds: float = 60):
    """Waits until `holds()` is true; returns it."""
    deadline = time.monotonic() + seconds
    while True:
        result = holds()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.1)
