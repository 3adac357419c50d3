import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { promptIds } from "../../../../native-models/chat-template.ts";
import { labelNlls } from "../../../../native-models/inference/label-nlls.ts";
import { withModel } from "../../../../native-models/open-model.ts";
import { nativeFile } from "../../../../native-models/runtime/native-file.ts";
import { LoadedModels } from "../../../../main/services/chat/loaded-models.ts";
import { openMeasured } from "../../../../main/trimming/chat/chat-threads.ts";
import { launchChild } from "../../../../main/engines/process/launch.ts";
import type { EngineProcess } from "../../../../main/engines/process/launch.ts";
import { MOST_ACCEPTED } from "../../../../main/services/server/answering.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { eventsOf, modelWithTools, serving, TOKEN } from "./serving.ts";

const { url, server, services, ask, json, speakers } = await serving();

const question = [{ role: "user", content: "Who pays for the repair of the roof?" }];
const chat = (more: object = {}) =>
  json("/v1/chat/completions", { model: "sample", messages: question, max_tokens: 12, ...more });
const complete = (more: object) => json("/v1/completions", { model: "sample", max_tokens: 8, ...more });
const textOf = (answer: Record<string, unknown>) =>
  (answer as unknown as { choices: { message: { content: string } }[] }).choices[0]!.message.content;

test("the models are listed, and shown by name", async () => {
  expect(await json("/v1/models")).toMatchObject({
    object: "list",
    data: [{ id: "sample", object: "model" }],
  });
  expect(await json("/v1/models/sample")).toMatchObject({ status: 200, id: "sample" });
  expect(await json("/v1/models/other")).toMatchObject({ status: 404, error: { code: "model_not_found" } });
  expect(await json("/api/tags")).toMatchObject({ models: [{ name: "sample", size: expect.any(Number) }] });
  expect(await json("/api/show", { model: "sample:latest" })).toMatchObject({
    model_info: { "general.architecture": "llama", "llama.context_length": 512 },
  });
});

describe("a chat completion", () => {
  test("is the same as of the chat engine, and counts its tokens", async () => {
    const speaker = await speakers.speakerOf(sample.model);
    const prompt = await speaker.chatPrompt([{ role: "user", content: question[0]!.content }]);
    const sampling = { maxTokens: 12 };
    const { text, promptTokens, tokens } = await speaker.generate(prompt, {
      special: true,
      sampling,
      onText() {},
    });
    expect(await chat()).toMatchObject({
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", content: text }, logprobs: null }],
      usage: { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens },
    });
  });

  const drawn = { temperature: 5, seed: 7, max_tokens: 24 };

  test("in a stream makes the same text, and ends with the usage if it is asked", async () => {
    const whole = await chat(drawn);
    const response = await ask("/v1/chat/completions", {
      ...{ model: "sample", messages: question, ...drawn },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const events = (await eventsOf(response)) as unknown as {
      usage: object | null;
      choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[];
    }[];
    const choices = events.flatMap(({ choices }) => choices);
    expect(choices[0]!.delta.role).toBe("assistant");
    expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe(textOf(whole));
    expect(choices.at(-1)!.finish_reason).toMatch(/stop|length/);
    expect(events.at(-1)).toMatchObject({ choices: [], usage: whole["usage"] });
    expect(choices.length).toBeGreaterThan(8);
  });

  test("ends before a stop text", async () => {
    const text = textOf(await chat(drawn));
    const stop = text.slice(12, 15);
    const stopped = await chat({ ...drawn, stop: [stop] });
    expect(textOf(stopped)).toBe(text.slice(0, text.indexOf(stop)));
    expect(stopped).toMatchObject({ choices: [{ finish_reason: "stop" }] });
    expect(textOf(await chat({ ...drawn, stop }))).toBe(textOf(stopped));
  });

  test("with a seed is the same again; other seeds, none and further choices differ", async () => {
    const unseeded = { ...drawn, seed: undefined };
    const [first, again, other] = [await chat(drawn), await chat(drawn), await chat({ ...drawn, seed: 8 })];
    expect(textOf(again)).toBe(textOf(first));
    expect(textOf(other)).not.toBe(textOf(first));
    expect(textOf(await chat(unseeded))).not.toBe(textOf(await chat(unseeded)));
    expect(await chat({ ...drawn, n: 2 })).toMatchObject({
      choices: [
        { index: 0, message: { content: textOf(first) } },
        { index: 1, message: { content: textOf(other) } },
      ],
    });
  });

  test("has the JSON that a schema allows, and its tokens' log-probabilities", async () => {
    const schema = {
      type: "object",
      properties: { payer: { enum: ["landlord", "tenant"] } },
      required: ["payer"],
    };
    const shaped = await chat({
      ...{ response_format: { type: "json_schema", json_schema: { name: "a", schema } } },
      ...{ logprobs: true, top_logprobs: 3, max_tokens: 40 },
    });
    expect(["landlord", "tenant"]).toContain((JSON.parse(textOf(shaped)) as { payer: string }).payer);
    const [{ logprobs }] = (shaped as unknown as { choices: [{ logprobs: { content: Scored[] } }] }).choices;
    expect(logprobs.content.map(({ token }) => token).join("")).toBe(textOf(shaped));
    for (const { logprob, top_logprobs } of logprobs.content) {
      expect(top_logprobs).toHaveLength(3);
      expect(logprob).toBeLessThanOrEqual(top_logprobs[0]!.logprob);
    }
  });

  test("is a JSON object where only that is asked", async () => {
    const unshaped = { tools: null, tool_choice: null, response_format: null };
    expect(textOf(await chat(unshaped))).not.toMatch(/^\{/);
    expect(textOf(await chat({ response_format: { type: "json_object" } }))).toMatch(/^\{/);
    const { response } = await json("/api/generate", {
      ...{ model: "sample", prompt: "Who pays?", stream: false, format: "json" },
      options: { num_predict: 8 },
    });
    expect(response).toMatch(/^\{/);
  });

  test("takes content in parts, and developers' messages for the system's", async () => {
    const parts = [
      {
        role: "user",
        content: [
          { type: "text", text: "Who pays for the " },
          { type: "text", text: "repair of the roof?" },
        ],
      },
    ];
    expect(textOf(await chat({ messages: parts }))).toBe(textOf(await chat()));
    const told = (role: string) => chat({ messages: [{ role, content: "Be brief." }, ...question] });
    expect(textOf(await told("developer"))).toBe(textOf(await told("system")));
  });
});

interface Scored {
  token: string;
  logprob: number;
  top_logprobs: { logprob: number }[];
}

interface Completion {
  choices: {
    text: string;
    finish_reason: string;
    logprobs: {
      tokens: string[];
      token_logprobs: (number | null)[];
      top_logprobs: (Record<string, number> | null)[];
      text_offset: number[];
    };
  }[];
  usage: { prompt_tokens: number; completion_tokens: number };
}

describe("a completion", () => {
  const prompt =
    "The tenant pays for the repair of the roof, and the landlord for the rest of the house. ".repeat(3);

  test("echoes its prompt with the scores that the engine gives it", async () => {
    const [ids, nlls] = await withModel(sample.model, async (model) => {
      const cacheFolder = join(temporaryFolder(), "chat");
      const decoder = await openMeasured(model, { cacheFolder, threads: 1 });
      const ids = model.tokenizer.encode(prompt);
      const nlls = await labelNlls(decoder, { ids, promptLength: 1 });
      await decoder.close();
      return [ids, [...nlls]] as const;
    });
    for (const asked of [prompt, ids]) {
      const answer = (await complete({
        prompt: asked,
        echo: true,
        logprobs: 1,
        max_tokens: 1,
      })) as unknown as Completion;
      const [{ text, logprobs }] = answer.choices as [Completion["choices"][0]];
      expect(text.startsWith(prompt)).toBe(true);
      expect(answer.usage.prompt_tokens).toBe(ids.length);
      expect(logprobs.token_logprobs[0]).toBe(null);
      expect(logprobs.token_logprobs).toHaveLength(ids.length + 1); // what ends the answer at once is scored too
      const scored = logprobs.token_logprobs.slice(1, ids.length).map((logprob) => -logprob!);
      expect(Math.max(...scored.map((nll, at) => Math.abs(nll - nlls[at]!)))).toBeLessThan(1e-5);
      logprobs.tokens.slice(0, ids.length).forEach((token, at) => {
        expect(text.slice(logprobs.text_offset[at], logprobs.text_offset[at]! + token.length)).toBe(token);
        const top = logprobs.top_logprobs[at];
        if (top) expect(Math.max(...Object.values(top))).toBeGreaterThanOrEqual(logprobs.token_logprobs[at]!);
      });
    }
  });

  test("without room for an answer scores its prompt alone", async () => {
    const one = (await complete({ prompt, echo: true, logprobs: 0, max_tokens: 0 })) as unknown as Completion;
    expect(one.choices[0]).toMatchObject({ text: prompt, finish_reason: "length" });
    expect(one.choices[0]!.logprobs.token_logprobs).toHaveLength(one.usage.prompt_tokens);
  });

  test("of several prompts has a choice for each, in order", async () => {
    const prompts = ["Who pays", "The landlord", "Who pays"];
    const alone = (await Promise.all(
      prompts.map((prompt) => complete({ prompt })),
    )) as unknown as Completion[];
    const together = (await complete({ prompt: prompts })) as unknown as Completion;
    expect(together.choices.map(({ text }) => text)).toEqual(alone.map(({ choices }) => choices[0]!.text));
  });

  test("in a stream makes the same text", async () => {
    const whole = (await complete({ prompt })) as unknown as Completion;
    const response = await ask("/v1/completions", { model: "sample", prompt, max_tokens: 8, stream: true });
    const events = (await eventsOf(response)) as unknown as Completion[];
    expect(events.map(({ choices }) => choices[0]!.text).join("")).toBe(whole.choices[0]!.text);
  });
});

interface Embeddings {
  data: { index: number; embedding: number[] }[];
  usage: { prompt_tokens: number; total_tokens: number };
}

describe.runIf(nativeFile() !== null)("embeddings", () => {
  const embed = async (input: unknown, more: object = {}) =>
    (await json("/v1/embeddings", { model: "sample", input, ...more })) as unknown as Embeddings;
  const [roof, garden] = ["Who pays for the repair of the roof?", "Who pays for the garden?"];

  test("are the engine's vectors of length 1, in order, whatever form the texts and the vectors have", async () => {
    const ids = await withModel(sample.model, ({ tokenizer }) => Promise.resolve(promptIds(tokenizer, roof)));
    const { data, usage } = await embed([roof, garden]);
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    const [vector, other] = data.map(({ embedding }) => embedding) as [number[], number[]];
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(other).not.toEqual(vector);
    expect(usage.prompt_tokens).toBeGreaterThan(ids.length);
    expect(usage.total_tokens).toBe(usage.prompt_tokens);
    for (const input of [roof, [roof], ids, [ids]]) {
      const one = await embed(input, { dimensions: vector.length });
      expect(one).toMatchObject({
        ...{ status: 200, object: "list", model: "sample" },
        data: [{ object: "embedding", index: 0, embedding: vector }],
        usage: { prompt_tokens: ids.length },
      });
    }
    const coded = await embed(roof, { encoding_format: "base64" });
    const bytes = Buffer.from(coded.data[0]!.embedding as unknown as string, "base64");
    expect(vector.map((_, at) => bytes.readFloatLE(4 * at))).toEqual(vector);
    expect(bytes.length).toBe(4 * vector.length);
    expect(await json("/api/embed", { model: "sample", input: [roof, garden] })).toMatchObject({
      ...{ status: 200, model: "sample", embeddings: [vector, other] },
      prompt_eval_count: usage.prompt_tokens,
    });
  });

  test("leave a conversation's answer as it is", async () => {
    const before = textOf(await chat());
    await embed(roof);
    expect(textOf(await chat())).toBe(before);
  });

  test("of a model that the native decoder does not run are refused", async () => {
    const speakers = new LoadedModels({ services, precision: "fp32" });
    const without = await serving(undefined, { speakers });
    expect(await without.json("/v1/embeddings", { model: "sample", input: roof })).toMatchObject({
      ...{ status: 400, error: { message: expect.stringMatching(/only the native decoder/) } },
    });
    await speakers.stop();
  });
});

describe("Ollama's interface", () => {
  const options = { num_predict: 12 };

  test("answers like OpenAI's, whole and in lines", async () => {
    const asked = { model: "sample", messages: question, options };
    const whole = await json("/api/chat", { ...asked, stream: false });
    const content = textOf(await chat());
    expect(whole).toMatchObject({
      message: { role: "assistant", content },
      done: true,
      eval_count: expect.any(Number),
    });
    const response = await ask("/api/chat", asked);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    const lines = (await eventsOf(response)) as unknown as { message: { content: string }; done: boolean }[];
    expect(lines.map(({ message }) => message.content).join("")).toBe(content);
    expect(lines.map(({ done }) => done)).toEqual([...lines.slice(1).map(() => false), true]);
    const asPrompt = await json("/api/generate", {
      model: "sample",
      prompt: question[0]!.content,
      options,
      stream: false,
    });
    expect(asPrompt).toMatchObject({ response: content });
  });

  test("holds answers to a schema, seeds and stops", async () => {
    const asked = { model: "sample", prompt: "Who pays?", stream: false };
    const held = await json("/api/generate", { ...asked, format: { enum: ["tenant"] } });
    expect(held).toMatchObject({ response: '"tenant"', done_reason: "stop" });
    const drawn = { ...asked, options: { temperature: 1.5, seed: 3, num_predict: 12 } };
    expect((await json("/api/generate", drawn))["response"]).toBe(
      (await json("/api/generate", drawn))["response"],
    );
  });

  test("loads a model that is asked nothing", async () => {
    expect(await json("/api/generate", { model: "sample" })).toMatchObject({
      response: "",
      done_reason: "load",
    });
    expect(await json("/api/chat", { model: "sample" })).toMatchObject({ done: true, done_reason: "load" });
  });
});

describe("a program that hangs up", () => {
  const long = { model: "sample", prompt: "Who pays?", max_tokens: 400, temperature: 2 };

  test("ends its answer, and frees the place of one that waits", async () => {
    const hangingUp = new AbortController();
    const init = {
      method: "POST",
      body: JSON.stringify({ ...long, stream: true }),
      signal: hangingUp.signal,
    };
    const response = await ask("/v1/completions", undefined, init);
    await response.body!.getReader().read();
    const waits = new AbortController();
    const waiting = ask("/v1/completions", undefined, { ...init, signal: waits.signal }).catch(
      () => "hung up",
    );
    waits.abort();
    hangingUp.abort();
    expect(await waiting).toBe("hung up");
    expect(await chat()).toMatchObject({ status: 200 });
  });

  test("or is stopped ends its answer with a failure, and is refused from then on", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, "user-agent": "Spreadsheet/2.0 (Linux)" };
    const asking = (body: object) =>
      fetch(`${url}/v1/completions`, { method: "POST", headers, body: JSON.stringify(body) });
    const response = await asking({ ...long, stream: true });
    const reader = response.body!.getReader();
    await reader.read();
    server.stopProgram("Spreadsheet");
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read())
      rest += Buffer.from(part.value).toString();
    expect(rest).toMatch(/"error"|"finish_reason":"stop"/);
    expect((await asking(long)).status).toBe(403);
    expect(server.programs).toContainEqual({
      ...{ program: "Spreadsheet", requests: 2, isStopped: true },
      lastAt: expect.any(String),
    });
  });
});

test("many at once have the answers that each has alone", async () => {
  const prompts = ["Who pays for the roof", "The deposit is", "Who pays for the rent", "A notice"].flatMap(
    (prompt, index) => [prompt, `${prompt} if nothing else is agreed in clause ${index}`],
  );
  const asked = prompts.map((prompt, seed) => ({
    prompt,
    seed,
    temperature: seed % 2,
    max_tokens: 20 + 5 * seed,
  }));
  const alone: unknown[] = [];
  for (const one of asked) alone.push((await complete(one))["choices"]);
  const streamed = async (one: object) => {
    const response = await ask("/v1/completions", { model: "sample", stream: true, ...one });
    const events = (await eventsOf(response)) as unknown as {
      choices: [{ text: string; finish_reason: string | null }];
    }[];
    const parts = events.map(({ choices }) => choices[0]);
    return [{ text: parts.map(({ text }) => text).join(""), finish_reason: parts.at(-1)!.finish_reason }];
  };
  expect(alone).toMatchObject(await Promise.all(asked.map(streamed)));
});

test("a killed engine comes back, and with it the answers that it was writing and those that waited", async () => {
  const processes: EngineProcess[] = [];
  const busy = await serving(undefined, {
    launch: (...how) => {
      const started = launchChild(...how);
      processes.push(started);
      return started;
    },
  });
  const prompts = Array.from({ length: 20 }, (_, index) => `Clause ${index}: the tenant shall`);
  const body = (prompt: string) => ({
    model: "sample",
    prompt,
    max_tokens: 60,
    temperature: 0.5,
    seed: 1,
    stream: true,
  });
  const all = async () =>
    Promise.all(
      prompts.map(async (prompt) => {
        const events = await eventsOf(await busy.ask("/v1/completions", body(prompt)));
        return (events as unknown as { choices: [{ text: string }] }[])
          .map(({ choices }) => choices[0].text)
          .join("");
      }),
    );
  const expected = await all();
  const asked = all();
  const first = await busy.ask("/v1/completions", body("The first"));
  await first.body!.getReader().read();
  process.kill(processes.at(-1)!.processId!, "SIGKILL");
  expect(await asked).toEqual(expected);
  expect(processes.length).toBeGreaterThan(1);
});

test("more requests than can wait are sent away, and all others are answered", async () => {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const speakerOf = (path: string) => opened.then(() => speakers.speakerOf(path));
  const busy = await serving(undefined, { speakers: { speakerOf } });
  let refused = 0;
  const asked = Array.from({ length: MOST_ACCEPTED + 9 }, async () => {
    const { status } = await busy.json("/v1/completions", { model: "sample", prompt: "Who", max_tokens: 1 });
    if (status === 429 && ++refused === 9) open();
    return status;
  });
  const statuses = await Promise.all(asked);
  expect(statuses.filter((status) => status === 429)).toHaveLength(9);
  expect(statuses.filter((status) => status === 200)).toHaveLength(MOST_ACCEPTED);
});

describe("tools", async () => {
  const { json } = await serving([await modelWithTools()]);
  const parameters = { type: "object", properties: { city: { enum: ["Kiel", "Bonn"] } }, required: ["city"] };
  const tools = ["weather", "time"].map((name) => ({ type: "function", function: { name, parameters } }));
  const call = (more: object) =>
    json("/v1/chat/completions", {
      model: "tiny",
      messages: [{ role: "user", content: "Hm?" }],
      tools,
      ...more,
    });

  test("that must be called are, with arguments that their schema allows", async () => {
    const choice = { type: "function", function: { name: "time" } };
    for (const tool_choice of ["required", choice]) {
      const { choices } = (await call({ tool_choice })) as unknown as {
        choices: [
          {
            finish_reason: string;
            message: { tool_calls: [{ function: { name: string; arguments: string } }] };
          },
        ];
      };
      expect(choices[0].finish_reason).toBe("tool_calls");
      const [{ function: called }] = choices[0].message.tool_calls;
      expect(tool_choice === "required" ? ["weather", "time"] : ["time"]).toContain(called.name);
      expect(["Kiel", "Bonn"]).toContain((JSON.parse(called.arguments) as { city: string }).city);
    }
  });

  test("and their results are rendered as the template has them", async () => {
    const messages = [
      { role: "user", content: "Hm?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "1", type: "function", function: { name: "time", arguments: '{"city": "Kiel"}' } },
        ],
      },
      { role: "tool", tool_call_id: "1", content: "noon" },
    ];
    const rendered = '[weather][time]u:Hm?;a:(time {"city": "Kiel"});t:noon;';
    const { usage } = (await call({ messages, max_tokens: 1 })) as unknown as Completion;
    expect(usage.prompt_tokens).toBe(rendered.length); // a token for each byte
    const without = (await call({ messages, max_tokens: 1, tool_choice: "none" })) as unknown as Completion;
    expect(without.usage.prompt_tokens).toBe(rendered.length - "[weather][time]".length);
  });
});
