/** Each failure that other programs' servers had, against this one. */
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { MOST_BODY_BYTES } from "../../../../main/services/server/body.ts";
import { LocalServer } from "../../../../main/services/server/local-server.ts";
import { failureOfWork } from "../../failure-from.ts";
import { answerTo, serving, TOKEN } from "./serving.ts";

const { url, server, services, ask, json } = await serving(undefined, { requestMs: 2000 });
const { host, port } = new URL(url);

const ROUTES = [
  ...["GET /v1/models", "GET /v1/models/sample", "POST /v1/chat/completions", "POST /v1/completions"],
  ...["GET /api/version", "GET /api/tags", "POST /api/show", "POST /api/chat", "POST /api/generate"],
];
const UNLISTED = ["GET /", "GET /metrics", "POST //v1/models", "GET /v1/../api/tags", "POST /API/chat"];

const head = (route: string, lines: readonly string[]) =>
  [`${route} HTTP/1.1`, ...lines, "Content-Length: 0", "", ""].join("\r\n");
const authorized = `Authorization: Bearer ${TOKEN}`;

describe.each([...ROUTES, ...UNLISTED])("%s", (route) => {
  test.each([
    ["a name that was rebound to this computer", [`Host: evil.example:${port}`, authorized], 403],
    ["a name that ends in ours", [`Host: evil.${host}`, authorized], 403],
    ["no port", ["Host: 127.0.0.1", authorized], 403],
    ["0.0.0.0", [`Host: 0.0.0.0:${port}`, authorized], 403],
    ["two hosts", [`Host: ${host}`, "Host: evil.example", authorized], /40[03]/],
    ["a page's origin", [`Host: ${host}`, "Origin: https://evil.example", authorized], 403],
    ["the origin of a file or a frame", [`Host: ${host}`, "Origin: null", authorized], 403],
    [
      "another port of this computer as origin",
      [`Host: ${host}`, "Origin: http://localhost:1", authorized],
      403,
    ],
    ["no token", [`Host: ${host}`], 401],
    ["another token", [`Host: ${host}`, `${authorized}x`], 401],
    ["the token in another scheme", [`Host: ${host}`, `Authorization: Basic ${TOKEN}`], 401],
  ])("is refused with %s", async (_, lines, status) => {
    const answer = await answerTo(url, head(route, lines));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status instanceof RegExp ? status.source : status} `));
    expect(answer).not.toMatch(/access-control/i);
  });
});

/** As MCP's conformance suite asks (its scenario dns-rebinding-protection), each name with each origin. */
const OWN = [host, `localhost:${port}`];
const FOREIGN = [
  "evil.example.com",
  `evil.example.com:${port}`,
  "localhost",
  `[::1]:${port}`,
  `127.1:${port}`,
];
const pairs = [...OWN, ...FOREIGN].flatMap((name, _, names) => names.map((origin) => ({ name, origin })));
test.each(pairs)("the host $name with the origin $origin is let in if both are its own", async (asked) => {
  const { name, origin } = asked;
  const lines = [`Host: ${name}`, `Origin: http://${origin}`, authorized];
  const status = OWN.includes(name) && OWN.includes(origin) ? 200 : 403;
  expect(await answerTo(url, head("GET /v1/models", lines))).toMatch(`HTTP/1.1 ${status} `);
});

test("a host in capitals is the same", async () => {
  const lines = [`Host: LOCALHOST:${port}`, authorized];
  expect(await answerTo(url, head("GET /v1/models", lines))).toMatch("HTTP/1.1 200 ");
});

test("no page is told that it may ask", async () => {
  const lines = [
    `Host: ${host}`,
    `Origin: http://${host}`,
    "Access-Control-Request-Method: POST",
    authorized,
  ];
  const answer = await answerTo(url, head("OPTIONS /v1/chat/completions", lines));
  expect(answer).toMatch(/^HTTP\/1.1 405 /);
  expect(answer).not.toMatch(/access-control/i);
});

test.each(["PUT", "DELETE", "PATCH", "HEAD", "TRACE"])("%s is refused", async (method) => {
  expect(await answerTo(url, head(`${method} /v1/models`, [`Host: ${host}`, authorized]))).toMatch(
    /^HTTP\/1.1 405 /,
  );
});

test.each([
  ...["POST /api/create", "POST /api/pull", "POST /api/push", "POST /api/copy", "POST /api/blobs/sha256:0"],
  ...["GET /__proto__", "GET /constructor", "GET /v1/models/../../x", "GET *", "POST /v1/models"],
])("%s does not exist", async (route) => {
  expect(await answerTo(url, head(route, [`Host: ${host}`, authorized]))).toMatch(/^HTTP\/1.1 404 /);
});

test("every address of the computer at once is refused, since no host could be checked", async () => {
  const { offered, inspect, speakers } = {
    offered: () => [],
    inspect: never,
    speakers: { speakerOf: never },
  };
  for (const address of ["0.0.0.0", "::"]) {
    const starting = LocalServer.start({ address, port: 0, token: TOKEN, offered, inspect, speakers });
    expect(await failureOfWork(starting)).toMatchObject({ code: "not-listening", reason: "not-here" });
  }
});

test("at another address, the host and the token are checked as well", async () => {
  const other = await serving(undefined, { address: "127.0.0.2" });
  const at = new URL(other.url).host;
  const status = async (...lines: string[]) =>
    (await answerTo(other.url, head("GET /v1/models", lines))).slice(9, 12);
  expect(await status(`Host: ${at}`, authorized)).toBe("200");
  expect(await status(`Host: ${at}`)).toBe("401");
  expect(await status(`Host: localhost:${new URL(other.url).port}`, authorized)).toBe("403");
});

test("a taken port and a foreign address are named", async () => {
  const rest = { token: TOKEN, offered: () => [], inspect: never, speakers: { speakerOf: never } };
  const reasonAt = async (address: string, port: number) =>
    failureOfWork(LocalServer.start({ ...rest, address, port }));
  expect(await reasonAt("127.0.0.1", Number(port))).toMatchObject({ reason: "taken" });
  expect(await reasonAt("192.0.2.1", 0)).toMatchObject({ reason: "not-here" });
});

const never = () => Promise.reject(new Error("not asked"));

describe("a body", () => {
  const post = (body: string, lines: readonly string[] = []) =>
    ["POST /v1/chat/completions HTTP/1.1", ...[`Host: ${host}`, authorized, ...lines], ...["", body]].join(
      "\r\n",
    );

  test("that announces too much is refused before it is read", async () => {
    expect(await answerTo(url, post("", [`Content-Length: ${MOST_BODY_BYTES + 1}`]))).toMatch(
      /^HTTP\/1.1 413 /,
    );
  });

  test("that announces nothing is counted", async () => {
    const pieces = function* () {
      for (let sent = 0; sent <= MOST_BODY_BYTES; sent += 2 ** 16) yield new Uint8Array(2 ** 16).fill(0x20);
    };
    const body = ReadableStream.from(pieces());
    const response = await ask("/v1/completions", undefined, { method: "POST", body, duplex: "half" });
    expect(response.status).toBe(413);
  });

  test("that does not come is not waited for", async () => {
    expect(await answerTo(url, post("{", ["Content-Length: 100"]))).toMatch(/^HTTP\/1.1 408 /);
    expect(await answerTo(url, "POST /v1/chat/completions HTTP/1.1\r\nHost: ")).toMatch(/^HTTP\/1.1 408 /);
  });

  test.each([
    ["nested 100,000 deep", `{"messages": ${"[".repeat(1e5)}`, /nested/],
    ["nested too deep where a schema is", `{"tools": ${'{"a":'.repeat(100)}1${"}".repeat(100)}}`, /nested/],
    ["that is not JSON", "{'model': 1}", /not JSON/],
    ["of another form", '[{"model": "sample"}]', /expected object/],
  ])("%s is refused", async (_, text, why) => {
    const answer = await answerTo(url, post(text, [`Content-Length: ${text.length}`]), /\}\}/);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toMatch(why);
  });

  test("means the same whatever type it claims", async () => {
    const headers = (type: string) => ({ authorization: `Bearer ${TOKEN}`, "content-type": type });
    const refused = async (type: string) => {
      const body = JSON.stringify({ model: "sample", messages: [] });
      const response = await ask("/v1/chat/completions", undefined, {
        method: "POST",
        body,
        headers: headers(type),
      });
      return { status: response.status, text: await response.text() };
    };
    const asJson = await refused("application/json");
    expect(asJson.status).toBe(400);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json\t; x=y", "a"])
      expect(await refused(type)).toEqual(asJson);
  });

  test("that is compressed is refused", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-encoding": "gzip" };
    expect((await ask("/v1/completions", {}, { method: "POST", body: "{}", headers })).status).toBe(415);
  });
});

const chat = (more: object) =>
  json("/v1/chat/completions", {
    model: "sample",
    messages: [{ role: "user", content: "Who pays?" }],
    max_tokens: 2,
    ...more,
  });
const complete = (more: object) =>
  json("/v1/completions", { model: "sample", prompt: "Who", max_tokens: 1, ...more });

describe("a number", () => {
  test.each([
    { max_tokens: -1 },
    { max_tokens: 0.5 },
    { n: -1 },
    { n: 1e9 },
    { top_logprobs: -1 },
    { top_logprobs: 1000 },
    { temperature: -1 },
    { temperature: 1e300 },
    { top_p: -0.1 },
    { seed: -1 },
    { seed: 1e30 },
  ])("that makes no sense is refused: %o", async (more) => {
    expect(await chat(more)).toMatchObject({ status: 400, error: { code: "invalid_request" } });
  });

  test.each([{ logprobs: -1 }, { prompt: [-1] }, { prompt: [2 ** 31] }, { prompt: [1e99] }, { prompt: [] }])(
    "that makes no sense in a completion is refused: %o",
    async (more) => {
      expect(await complete(more)).toMatchObject({ status: 400 });
    },
  );
});

test.each([
  { num_predict: -3 },
  { top_k: -1 },
  { top_p: 2 },
  { temperature: -1 },
  { repeat_penalty: 0 },
  { seed: -2 },
])("a number that makes no sense among Ollama's options is refused: %o", async (options) => {
  const refused = await json("/api/generate", { model: "sample", prompt: "Who?", options });
  expect(refused).toEqual({ status: 400, error: expect.stringMatching(/^options\./) });
});

describe("an embedding", () => {
  test.each([
    { input: [] },
    { input: "" },
    { input: [""] },
    { input: null },
    { input: [-1] },
    { input: [1e9] },
    { input: [[]] },
    { input: ["Who", [1]] },
    { input: new Array(2049).fill("a") },
    { dimensions: 3 },
    { dimensions: -1 },
    { encoding_format: "int8" },
  ])("that makes no sense is refused: %o", async (more) => {
    const asked = { model: "sample", input: "Who pays?", ...more };
    expect(await json("/v1/embeddings", asked)).toMatchObject({
      ...{ status: 400, error: { code: "invalid_request" } },
    });
  });

  test("of a text beyond the context is refused", async () => {
    const asked = { model: "sample", input: ["Who?", "Who pays? ".repeat(1000)] };
    const error = { code: "context_length_exceeded" };
    expect(await json("/v1/embeddings", asked)).toMatchObject({ status: 400, error });
    expect(await json("/api/embed", asked)).toMatchObject({ status: 400 });
  });
});

describe("an answer that cannot be held to what was asked is not written", () => {
  const schema = (schema: object) => ({
    response_format: { type: "json_schema", json_schema: { name: "a", schema } },
  });
  const cyclic = { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } };
  test.each([
    ["a grammar", { grammar: "root ::= (" }],
    ["another server's schema", { guided_json: { type: "object" } }],
    ["a schema outside its place", { json_schema: { type: "object" } }],
    [
      "a schema in another server's place",
      { response_format: { type: "json_object", schema: { const: 1 } } },
    ],
    ["an answer that another begins", { continue_final_message: true }],
    ["an unknown form", { response_format: { type: "regex", pattern: "a" } }],
    ["a keyword that cannot be promised", schema({ type: "array", uniqueItems: true })],
    ["an unknown keyword", schema({ type: "object", frobnicate: 1 })],
    ["a malformed pattern", schema({ type: "string", pattern: "[a-" })],
    ["a pattern of 60,000 groups", schema({ type: "string", pattern: "(".repeat(6e4) + ")".repeat(6e4) })],
    ["4,000 nested groups", schema({ type: "string", pattern: "(".repeat(4e3) + ")".repeat(4e3) })],
    ["a pattern of too many states", schema({ type: "string", pattern: "((a{1000}){1000}){1000}" })],
    ["a cyclic $ref", schema(cyclic)],
    ["a $ref to nowhere", schema({ $ref: "#/$defs/none" })],
    ["a $ref to elsewhere", schema({ $ref: "http://127.0.0.1/schema" })],
    ["a type that is none", schema({ type: 5 })],
    ["a $ref to a prototype", schema({ $ref: "#/__proto__/constructor" })],
    ["biased tokens", { logit_bias: { 50: -100 } }],
    ["a penalty", { presence_penalty: 0.5 }],
    ["a tool that is not among the tools", { tool_choice: { type: "function", function: { name: "x" } } }],
    [
      "tools where the template has no place for them",
      { tools: [{ type: "function", function: { name: "x" } }] },
    ],
    [
      "a picture",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
    ],
    [
      "calls that are not JSON",
      { messages: [{ role: "assistant", tool_calls: [{ function: { name: "x", arguments: "{" } }] }] },
    ],
  ])("%s", async (_, more) => {
    expect(await chat(more)).toMatchObject({ status: 400, error: { type: "invalid_request_error" } });
    const streamed = await ask("/v1/chat/completions", {
      ...{ model: "sample", messages: [{ role: "user", content: "Who pays?" }], stream: true },
      ...more,
    });
    expect(streamed.status).toBe(400);
  });

  test.each([
    { format: "xml" },
    { format: { type: "array", contains: {} } },
    { format: { type: "string", pattern: "[a-" } },
    { images: ["aGk="] },
    { suffix: "x" },
  ])("of Ollama's interface: %o", async (more) => {
    const refused = await json("/api/generate", { model: "sample", prompt: "Who?", ...more });
    expect(refused).toEqual({ status: 400, error: expect.any(String) });
  });

  test("and the next one is", async () => {
    expect(await chat({ response_format: { type: "text" } })).toMatchObject({ status: 200 });
  });
});

test("a prompt beyond the context, and one beyond all messages, are refused", async () => {
  expect(await complete({ prompt: "Who pays? ".repeat(1000) })).toMatchObject({
    status: 400,
    error: { code: "context_length_exceeded" },
  });
  const scored = await complete({ prompt: "Who pays? ".repeat(1000), echo: true, logprobs: 1 });
  expect(scored).toMatchObject({ status: 400, error: { code: "context_length_exceeded" } });
  expect(await complete({ prompt: "a".repeat(1_500_000) })).toMatchObject({ status: 413 });
});

test("schemas, however many, leave nothing on the disk", async () => {
  const stored = () => readdirSync(dirname(services.home.runs), { recursive: true }).sort();
  const before = stored();
  for (let at = 0; at < 20; at++) {
    const schema = { const: `clause ${at}` };
    const response_format = { type: "json_schema", json_schema: { name: "a", schema } };
    expect(await chat({ response_format })).toMatchObject({ status: 200 });
  }
  expect(stored()).toEqual(before);
});

test("what the guards refuse is counted, and not by program", () => {
  expect(server.refused).toBeGreaterThan(100);
});
