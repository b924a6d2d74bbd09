"""A peer that takes turns: it says on stdout that it is ready, then works only when a line on stdin asks it to."""

import json
import os
import sys
import time

# What libraries print to stdout goes to stderr: stdout belongs to the bench.
_answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def say(message):
    _answers.write(json.dumps(message) + "\n")
    _answers.flush()


def take_turns(step, **facts):
    """Answers each line `N` with the seconds that N calls of `step` took, until stdin closes."""
    say({"ready": True, **facts})
    for line in sys.stdin:
        times = int(line)
        began = time.perf_counter()
        for _ in range(times):
            step()
        say({"seconds": time.perf_counter() - began})
