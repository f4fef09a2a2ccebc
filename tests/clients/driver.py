"""Lets a test call functions of this process: one JSON line per call on standard input, one per answer on standard
output. What a client prints meanwhile goes to standard error."""

import json
import sys
import traceback


def serve(functions):
    """Answers calls of `functions` (by their names, keyword arguments) until standard input ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr
    known = {function.__name__: function for function in functions}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": known[request["call"]](**request["arguments"])}
        except BaseException as error:  # a client may raise anything, SystemExit too
            text = traceback.format_exc()
            answer = {"error": {"type": type(error).__name__, "message": str(error), "trace": text}}
        print(json.dumps(answer), file=answers, flush=True)
