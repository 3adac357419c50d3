/**
 * Clients that others wrote, as they are, against the local server. They are installed on first use (test/lab/reference/setup.ts);
 * without npm or pip and a network, these tests are skipped.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { sample } from "../../../main/services/models/sample.ts";
import { modelWithTools, serving, TOKEN } from "../../main/services/server/serving.ts";
import { clientsPython, nodeClients, pythonEnvironment } from "../reference/setup.ts";

const load = installed(nodeClients);
const python = installed(clientsPython);
const { url, json } = await serving([{ name: "sample", path: sample.model }, await modelWithTools()]);
const baseURL = `${url}/v1`;

function installed<Clients>(clients: () => Clients): Clients | null {
  try {
    return clients();
  } catch (error) {
    console.error((error as Error).message);
    return null;
  }
}

const question = "Who pays for the repair of the roof?";
const messages = [{ role: "user", content: question }];
const drawn = { temperature: 5, seed: 7 };
const { choices } = await json("/v1/chat/completions", {
  model: "sample",
  messages,
  ...drawn,
  max_tokens: 24,
});
const [{ message }] = choices as [{ message: { content: string } }];
const schema = {
  title: "payment",
  type: "object",
  properties: { payer: { enum: ["landlord", "tenant"] } },
  required: ["payer"],
  additionalProperties: false,
};
const payer = expect.stringMatching(/^(landlord|tenant)$/) as string;
const weather = {
  name: "weather",
  parameters: { type: "object", properties: { city: { enum: ["Kiel"] } }, required: ["city"] },
};

interface Chunk {
  usage: object | null;
  choices: { delta: { content?: string } }[];
}

async function joined<Part>(parts: AsyncIterable<Part>, textOf: (part: Part) => string | undefined) {
  let text = "";
  for await (const part of parts) text += textOf(part) ?? "";
  return text;
}

describe.skipIf(load === null)("openai", () => {
  const { OpenAI } = load?.("openai") ?? {};
  const client = OpenAI && new OpenAI({ baseURL, apiKey: TOKEN, maxRetries: 0 });
  const create = (more: object) => client.chat.completions.create({ model: "sample", messages, ...more });

  test("lists and finds models", async () => {
    expect((await client.models.list()).data.map(({ id }: { id: string }) => id)).toEqual(["sample", "tiny"]);
    expect((await client.models.retrieve("tiny")).id).toBe("tiny");
  });

  test("gets vectors, in either form", async () => {
    const embed = (more: object) => client.embeddings.create({ model: "sample", input: [question], ...more });
    const [vector, decoded] = [await embed({ encoding_format: "float" }), await embed({})]; // base64 by default
    expect(Math.hypot(...(vector.data[0].embedding as number[]))).toBeCloseTo(1, 4);
    expect([...decoded.data[0].embedding]).toEqual(vector.data[0].embedding);
  });

  test("gets an answer, and the same in a stream", async () => {
    const asked = { ...drawn, max_completion_tokens: 24 };
    expect((await create(asked)).choices[0].message.content).toBe(message.content);
    const usages: unknown[] = [];
    const parts = await create({ ...asked, stream: true, stream_options: { include_usage: true } });
    const text = await joined(parts, (part: Chunk) => {
      if (part.usage) usages.push(part.usage);
      return part.choices[0]?.delta.content;
    });
    expect(text).toBe(message.content);
    expect(usages).toEqual([expect.objectContaining({ completion_tokens: expect.any(Number) })]);
  });

  test("parses answers that a schema allows, and calls of tools", async () => {
    const response_format = { type: "json_schema", json_schema: { name: "payment", strict: true, schema } };
    const parsed = await client.chat.completions.parse({ model: "sample", messages, response_format });
    expect(parsed.choices[0].message.parsed).toEqual({ payer });
    const tools = [{ type: "function", function: weather }];
    const called = await create({ model: "tiny", tools, tool_choice: "required" });
    expect(called.choices[0].message.tool_calls[0].function).toEqual({
      name: "weather",
      arguments: '{"city":"Kiel"}',
    });
  });

  test("gets a prompt's scores", async () => {
    const scored = await client.completions.create({
      ...{ model: "sample", prompt: question, max_tokens: 0, echo: true, logprobs: 2 },
    });
    const { tokens, token_logprobs, top_logprobs } = scored.choices[0].logprobs;
    expect(tokens.join("")).toBe(question);
    expect([token_logprobs.length, top_logprobs.length]).toEqual([tokens.length, tokens.length]);
  });

  test("throws its own errors", async () => {
    const errorOf = (asked: Promise<unknown>) => asked.then(String, (error: Error) => error.constructor.name);
    const grammar = {
      response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: 5 } } },
    };
    expect(await errorOf(create(grammar))).toBe("BadRequestError");
    expect(await errorOf(create({ ...grammar, stream: true }))).toBe("BadRequestError");
    expect(await errorOf(create({ model: "none" }))).toBe("NotFoundError");
    expect(await errorOf(new OpenAI({ baseURL, apiKey: "x" }).models.list())).toBe("AuthenticationError");
  });

  test("ends an answer", async () => {
    const parts = await create({ ...drawn, max_tokens: 400, stream: true });
    for await (const part of parts) if (part) parts.controller.abort();
    expect((await create({ max_tokens: 1 })).choices).toHaveLength(1);
  });
});

describe.skipIf(load === null)("ollama", () => {
  const { Ollama } = load?.("ollama") ?? {};
  const client = Ollama && new Ollama({ host: url, headers: { Authorization: `Bearer ${TOKEN}` } });
  const asked = { model: "sample", messages, options: { ...drawn, num_predict: 24 } };

  test("lists and shows models", async () => {
    const { models } = await client.list();
    expect(models.map(({ name }: { name: string }) => name)).toEqual(["sample", "tiny"]);
    expect((await client.show({ model: "sample" })).details.family).toBe("llama");
    expect((await client.version()).version).toMatch(/^\d/);
  });

  test("gets an answer, and the same in a stream", async () => {
    expect((await client.chat(asked)).message.content).toBe(message.content);
    const chat = await joined(
      await client.chat({ ...asked, stream: true }),
      (part: { message: { content: string } }) => part.message.content,
    );
    const { options } = asked;
    const generated = await joined(
      await client.generate({ model: "sample", prompt: question, options, stream: true }),
      (part: { response: string }) => part.response,
    );
    expect([chat, generated]).toEqual([message.content, message.content]);
  });

  test("gets vectors", async () => {
    const { embeddings } = await client.embed({ model: "sample", input: [question, "Who?"] });
    expect(embeddings.map((vector: number[]) => Math.hypot(...vector).toFixed(4))).toEqual([
      "1.0000",
      "1.0000",
    ]);
  });

  test("gets an answer that a schema allows", async () => {
    const { response } = await client.generate({ model: "sample", prompt: question, format: schema });
    expect(JSON.parse(response as string)).toEqual({ payer });
  });

  test("says what is refused", async () => {
    await expect(client.generate({ model: "sample", prompt: question, format: "xml" })).rejects.toThrow(
      /must be "json" or a JSON schema/,
    );
    await expect(client.pull({ model: "sample" })).rejects.toThrow(/There is no POST \/api\/pull/);
  });
});

describe.skipIf(load === null)("LangChain", () => {
  const { ChatOpenAI } = load?.("@langchain/openai") ?? {};
  const modelOf = (model: string, more: object = {}) =>
    new ChatOpenAI({ model, apiKey: TOKEN, configuration: { baseURL }, maxTokens: 24, ...more });

  test("gets an answer, and the same in a stream", async () => {
    const model = modelOf("sample", { temperature: 5, modelKwargs: { seed: 7 } });
    expect((await model.invoke(question)).content).toBe(message.content);
    expect(await joined(await model.stream(question), (part: { content: string }) => part.content)).toBe(
      message.content,
    );
  });

  test("gets structured answers, by a schema and by a tool", async () => {
    const bySchema = modelOf("sample").withStructuredOutput(schema, { method: "jsonSchema" });
    expect(await bySchema.invoke(question)).toEqual({ payer });
    const byTool = modelOf("tiny", { maxTokens: 100 }).withStructuredOutput(schema, {
      method: "functionCalling",
    });
    expect(await byTool.invoke(question)).toEqual({ payer });
  });
});

describe.skipIf(load === null)("AI SDK", () => {
  const ai = load?.("ai");
  const provider = load?.("@ai-sdk/openai-compatible").createOpenAICompatible({
    ...{ name: "coppice", apiKey: TOKEN, baseURL, supportsStructuredOutputs: true },
  });
  const asked = () => ({ model: provider("sample"), prompt: question, maxOutputTokens: 24, ...drawn });

  test("gets an answer, and the same in a stream", async () => {
    expect((await ai.generateText(asked())).text).toBe(message.content);
    expect(await joined(ai.streamText(asked()).textStream, (text: string) => text)).toBe(message.content);
  });

  test("gets a structured answer", async () => {
    const output = ai.Output.object({ schema: ai.jsonSchema(schema) });
    const answered = await ai.generateText({ model: provider("sample"), prompt: question, output });
    expect(answered.output).toEqual({ payer });
  });
});

test.skipIf(python === null)("openai and ollama in Python", async () => {
  const script = fileURLToPath(new URL("python-clients.py", import.meta.url));
  const asked = JSON.stringify({ question, sampling: drawn, tokens: 24, schema, tool: weather });
  const env = pythonEnvironment();
  const { stdout } = await promisify(execFile)(python!, [script, url, TOKEN, asked], { env });
  const same = {
    models: ["sample", "tiny"],
    whole: message.content,
    streamed: message.content,
    shaped: { payer },
  };
  expect(JSON.parse(stdout)).toEqual({
    openai: {
      ...same,
      counted: expect.any(Number),
      called: { name: "weather", arguments: { city: "Kiel" } },
      scored: question,
      errors: ["BadRequestError", "NotFoundError", "AuthenticationError"],
    },
    ollama: { ...same, errors: ["ResponseError", "ResponseError"] },
  });
});
