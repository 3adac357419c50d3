"""A pytest plugin that has llama.cpp's own server tests ask another server; their start of llama-server is left out by DEBUG_EXTERNAL.

    SERVED='{"model": name, "open": port, "guarded": port, "token": text, "out": path}' DEBUG_EXTERNAL=1 pytest -p llama_server_cases

Requests get what only theirs may lack: a model's name, and /v1 in OpenAI's routes. A case with an API key asks the guarded server.
OUT: a JSON line for each case, {"file", "case", "outcome", "missing": routes that were not found, "failed": the line that failed}.
"""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import openai
import pytest
import requests
import utils

SERVED = json.loads(os.environ["SERVED"])
THEIR_KEY = "sk-this-is-the-secret-key"
missing = set()


def named(body):
    if not isinstance(body, dict):
        return body
    at_least_one = {"max_tokens": 1} if body.get("max_tokens") == 0 else {}
    return {**body, **at_least_one, "model": SERVED["model"]}


start, request, post = utils.ServerProcess.start, requests.Session.request, openai.OpenAI.post


def started(server, *args, **more):
    server.server_port = SERVED["guarded" if server.api_key else "open"]
    return start(server, *args, **more)


def requested(session, method, url, *, headers=None, json=None, **more):
    path = urlsplit(url).path
    if path in ("/chat/completions", "/models"):
        url = url.replace(path, f"/v1{path}", 1)
    with_token = {name: value and value.replace(THEIR_KEY, SERVED["token"]) for name, value in (headers or {}).items()}
    response = request(session, method, url, headers=with_token, json=named(json), **more)
    if response.status_code == 404:
        missing.add(path)
    return response


def posted(client, path, *, body=None, **more):
    client.base_url, client.api_key = f"http://127.0.0.1:{client.base_url.port}/v1", SERVED["token"]
    try:
        return post(client, path, body=named(body), **more)
    except openai.NotFoundError:
        missing.add(path)
        raise


utils.ServerProcess.start, requests.Session.request, openai.OpenAI.post = started, requested, posted


def write(item, outcome, failed=""):
    case = {"file": item.path.name, "case": item.name, "outcome": outcome, "missing": sorted(missing), "failed": failed}
    with open(SERVED["out"], "a") as out:
        out.write(json.dumps(case) + "\n")
    missing.clear()


def pytest_deselected(items):
    for item in items:
        write(item, "slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" or (call.when == "setup" and not report.passed):
        crash = getattr(report.longrepr, "reprcrash", None)
        line = Path(crash.path).read_text().splitlines()[crash.lineno - 1] if crash else ""
        write(item, report.outcome, line.strip())
    return report
