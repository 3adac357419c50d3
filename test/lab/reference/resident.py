"""What llama.py and genai.py have in common: a side of a benchmark that answers until its standard input ends.

A side has prompt(ids) and decode(token, tokens), which give {"ms", "tokens", "ids"}.
"""

import json
import sys

TRIED_PROMPT = 256
TRIED_TOKENS = 32
TRIES = 2


def milliseconds(side, measured, text=TRIED_PROMPT):
    """The best of some tries of what is measured, after or of so many tokens; of long texts, the second of two."""
    tries = []
    for _ in range(1 + (TRIES if text <= TRIED_PROMPT else 1)):
        prompt = side.prompt([1 + index % 100 for index in range(text)])
        tries.append(prompt["ms"] if measured == "prompt" else side.decode(1, TRIED_TOKENS)["ms"])
    return min(tries[1:])


def say(answer):
    print(json.dumps(answer), flush=True)


def serve(side):
    """Answers {"call": "prompt", "ids": […]} and {"call": "decode", "tokens": n, "from": id}, a line each."""
    for line in sys.stdin:
        request = json.loads(line)
        say(
            side.prompt(request["ids"])
            if request["call"] == "prompt"
            else side.decode(request["from"], request["tokens"])
        )
