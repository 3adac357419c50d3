"""What the Python clients openai and ollama get from a server.

    python test/lab/clients/python-clients.py URL TOKEN ASKED

ASKED: {"question", "sampling": {"temperature", "seed"}, "tokens", "schema", "tool"}. Prints a JSON object.
"""

import json
import sys

import ollama
import openai

url, token, asked = sys.argv[1:]
asked = json.loads(asked)
messages = [{"role": "user", "content": asked["question"]}]
sample = {"model": "sample", "messages": messages}


def error_of(call):
    try:
        call()
    except (openai.APIError, ollama.ResponseError) as error:
        return type(error).__name__


client = openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0)
create = client.chat.completions.create
drawn = {**asked["sampling"], "max_tokens": asked["tokens"]}
chunks = list(create(**sample, **drawn, stream=True, stream_options={"include_usage": True}))
shape = {"type": "json_schema", "json_schema": {"name": "a", "schema": asked["schema"], "strict": True}}
tools = [{"type": "function", "function": asked["tool"]}]
call = create(model="tiny", messages=messages, tools=tools, tool_choice="required").choices[0].message.tool_calls[0]
scored = client.completions.create(model="sample", prompt=asked["question"], max_tokens=0, echo=True, logprobs=2)
with_openai = {
    "models": [model.id for model in client.models.list()],
    "whole": create(**sample, **drawn).choices[0].message.content,
    "streamed": "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices),
    "counted": chunks[-1].usage.completion_tokens,
    "shaped": json.loads(create(**sample, response_format=shape).choices[0].message.content),
    "called": {"name": call.function.name, "arguments": json.loads(call.function.arguments)},
    "scored": "".join(scored.choices[0].logprobs.tokens),
    "errors": [
        error_of(lambda: create(**sample, response_format={**shape, "json_schema": {"name": "a", "schema": {"type": 5}}})),
        error_of(lambda: create(**{**sample, "model": "none"})),
        error_of(lambda: openai.OpenAI(base_url=f"{url}/v1", api_key="x").models.list()),
    ],
}

client = ollama.Client(host=url, headers={"Authorization": f"Bearer {token}"})
options = {**asked["sampling"], "num_predict": asked["tokens"]}
generated = client.generate(model="sample", prompt=asked["question"], options=options, stream=True)
with_ollama = {
    "models": [model.model for model in client.list().models],
    "whole": client.chat(**sample, options=options).message.content,
    "streamed": "".join(part.response for part in generated),
    "shaped": json.loads(client.chat(**sample, format=asked["schema"]).message.content),
    "errors": [error_of(lambda: client.pull("sample")), error_of(lambda: client.chat(**{**sample, "model": "none"}))],
}
print(json.dumps({"openai": with_openai, "ollama": with_ollama}))
