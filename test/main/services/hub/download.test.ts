/** Downloads from a hub that is slow, breaks off, lies, or is not a hub at all. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Dirent } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { homeIn } from "../../../../main/home/home.ts";
import { downloadModel } from "../../../../main/services/hub/download.ts";
import type { DownloadOptions } from "../../../../main/services/hub/download.ts";
import { HubRequests } from "../../../../main/services/hub/hub-requests.ts";
import { hubOf } from "../../../../main/services/hub/hub.ts";
import { readRepository } from "../../../../main/services/hub/repository.ts";
import { discardUnfinished, PART, unfinishedDownloads } from "../../../../main/services/hub/stored.ts";
import { downloadedModels, RECORD_FILE } from "../../../../main/services/models/downloaded.ts";
import { nodeRequests } from "../../../../main/services/network/node-requests.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { Failure } from "../../../../native-models/failure.ts";
import { sentence } from "../../../../preload/contract/words/sentence.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import {
  commit,
  cutOffAfter,
  entryOf,
  hubServer,
  repositoryName,
  serveBytes,
  tinyFiles,
} from "./hub-server.ts";
import type { HubServer } from "./hub-server.ts";

let server: HubServer;
let root: string;
let home: ReturnType<typeof homeIn>;

beforeEach(async () => {
  server = await hubServer();
  root = temporaryFolder();
  home = homeIn(join(root, "home"));
});

const weights = () => server.files["model.safetensors"]!;

interface Given extends Partial<DownloadOptions> {
  choice?: string;
  name?: string;
  token?: string;
  silenceMs?: number;
}

function requestsOf({ token, silenceMs = 2000 }: Given = {}): HubRequests {
  const ask = nodeRequests("Coppice/test", {});
  return new HubRequests({
    hub: hubOf({ HF_ENDPOINT: server.address }),
    ask,
    token: () => token ?? null,
    silenceMs,
  });
}

function look(given: Given = {}) {
  const { signal = new AbortController().signal, name = repositoryName } = given;
  return readRepository(requestsOf(given), name, { signal });
}

async function get(given: Given = {}) {
  const { choice: wanted = "safetensors", signal = new AbortController().signal } = given;
  const repository = await look(given);
  const choice = repository.choices.find(({ name }) => name === wanted)!;
  return downloadModel(requestsOf(given), { home, repository, choice }, { signal, pauseMs: 1, ...given });
}

async function failureOfGet(given: Given = {}): Promise<Failure> {
  try {
    await get(given);
  } catch (error) {
    const failure = failureOf(error);
    expect(failure.code).not.toBe("internal");
    expect(sentence(failure)).toMatch(/^\S.*[.]$/);
    expect(sentence(failure)).not.toMatch(/undefined|\[object/);
    return failure;
  }
  throw new Error("It ended well.");
}

/** Every file below a folder. */
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? (readdirSync(folder, { recursive: true, withFileTypes: true }) as Dirent[])
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort()
    : [];

const nothingLooksWhole = () => {
  expect(filesIn(home.models)).toEqual([]);
  expect(downloadedModels(home)).toEqual([]);
};

describe("A repository", () => {
  test("offers its safetensors with what belongs to them, and each GGUF file; no program, no pickle", async () => {
    const { commit: revision, licence, isGated, choices } = await look();
    expect({ revision, licence, isGated }).toEqual({
      revision: commit,
      licence: "apache-2.0",
      isGated: false,
    });
    expect(choices.map(({ name, files }) => [name, files.map((file) => file.name)])).toEqual([
      [
        "safetensors",
        ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json", "LICENSE"],
      ],
      ["tiny-Q8_0.gguf", ["tiny-Q8_0.gguf", "LICENSE"]],
      ["tiny-F16.gguf", ["tiny-F16.gguf", "LICENSE"]],
    ]);
  });

  test("is asked for without a token unless there is one, by a program that names itself", async () => {
    await look();
    expect(server.asked.map(({ path }) => path.split("?")[0])).toEqual([
      `/api/models/${repositoryName}/revision/main`,
      `/api/models/${repositoryName}/tree/${commit}`,
    ]);
    for (const { headers } of server.asked) {
      expect(headers["user-agent"]).toBe("Coppice/test");
      expect(headers.authorization).toBeUndefined();
    }
    await look({ token: "hf_secret" });
    expect(server.asked.at(-1)!.headers.authorization).toBe("Bearer hf_secret");
  });

  test("of shards needs all of them and their index", async () => {
    const [shard, index] = [Buffer.from("x"), Buffer.from("{}")];
    const others = tinyFiles(10);
    delete others["model.safetensors"];
    const shards = {
      ...others,
      "model-00001-of-00002.safetensors": shard,
      "model-00002-of-00002.safetensors": shard,
      "model.safetensors.index.json": index,
    };
    server.files = shards;
    expect((await look()).choices[0]!.files.slice(0, 3).map(({ name }) => name)).toEqual([
      "model.safetensors.index.json",
      "model-00001-of-00002.safetensors",
      "model-00002-of-00002.safetensors",
    ]);
    for (const missing of ["model-00002-of-00002.safetensors", "model.safetensors.index.json"]) {
      server.files = Object.fromEntries(Object.entries(shards).filter(([name]) => name !== missing));
      expect((await look()).choices[0]!.name).toBe("tiny-Q8_0.gguf");
    }
    // as some publishers name them
    const only = "model.safetensors-00001-of-00001.safetensors";
    server.files = { ...others, [only]: shard, "model.safetensors.index.json": index };
    expect((await look()).choices[0]!.files.map(({ name }) => name)).toContain(only);
  });

  test("offers the models in its folders, with the repository's licence, and downloads one as plain files", async () => {
    const part = Buffer.from("GGUF");
    server.files = {
      LICENSE: Buffer.from("Terms\n"),
      "Q8_0/big-00001-of-00002.gguf": part,
      "Q8_0/big-00002-of-00002.gguf": part,
      "small-Q4_0.gguf": part,
      "fp16/config.json": Buffer.from("{}"),
      "fp16/tokenizer.json": Buffer.from("{}"),
      "fp16/model.safetensors": part,
      "onnx/model.onnx": part,
    };
    expect((await look()).choices.map(({ name }) => name)).toEqual([
      "small-Q4_0.gguf",
      "Q8_0/big-00001-of-00002.gguf",
      "fp16/safetensors",
    ]);
    const { path, folder } = await get({ choice: "Q8_0/big-00001-of-00002.gguf" });
    expect(readdirSync(folder).sort()).toEqual([
      "LICENSE",
      "big-00001-of-00002.gguf",
      "big-00002-of-00002.gguf",
      "coppice-download.json",
    ]);
    expect(basename(folder)).toBe("tiny--Q8_0--big-00001-of-00002");
    expect(path).toBe(join(folder, "big-00001-of-00002.gguf"));
    expect((await get({ choice: "Q8_0/big-00001-of-00002.gguf" })).path).toBe(path);
    expect((await get({ choice: "fp16/safetensors" })).path).toMatch(/tiny--fp16--safetensors$/);
  });

  test("offers a split GGUF file as one model", async () => {
    const part = Buffer.from("GGUF");
    server.files = {
      "big-00001-of-00002.gguf": part,
      "big-00002-of-00002.gguf": part,
      "mmproj-big.gguf": part,
    };
    expect((await look()).choices.map(({ files }) => files.map(({ name }) => name))).toEqual([
      ["big-00001-of-00002.gguf", "big-00002-of-00002.gguf"],
    ]);
    server.files = { "big-00001-of-99999.gguf": part };
    expect(await failureOfGet()).toMatchObject({ code: "repository-refused", reason: "no-model" });
  });

  test.each([
    ["only pickle", { "pytorch_model.bin": Buffer.from("x"), "config.json": Buffer.from("{}") }, "pickle"],
    [
      "a model and an adapter for it",
      {
        "model.safetensors": Buffer.from("x"),
        "config.json": Buffer.from("{}"),
        "tokenizer.json": Buffer.from("{}"),
        "adapter_config.json": Buffer.from("{}"),
        "adapter_model.bin": Buffer.from("x"),
      },
      "adapter",
    ],
    ["nothing", {}, "no-model"],
    ["no tokenizer", { "model.safetensors": Buffer.from("x"), "config.json": Buffer.from("{}") }, "no-model"],
  ])("with %s is refused", async (_, files, reason) => {
    server.files = files;
    expect(await failureOfGet()).toMatchObject({ code: "repository-refused", reason });
  });

  test("of a family that is not supported is refused before anything is downloaded", async () => {
    const config = { model_type: "frobnicator", architectures: ["FrobnicatorForCausalLM"] };
    server.card = { config };
    expect(await failureOfGet()).toMatchObject({
      code: "unsupported-architecture",
      modelType: "frobnicator",
    });
    expect(server.asked).toHaveLength(1);
    server.card = { config: { ...config, architectures: ["FrobnicatorForConditionalGeneration"] } };
    expect((await look()).choices).not.toEqual([]); // its language part may be of a family that is supported
  });

  test.each([
    "tiny",
    "a/b/c",
    "../x",
    "a/..",
    "a/b?x",
    "https://huggingface.co/a/b",
    "",
    "a/ b",
    "datasets/a/b",
  ])("named %j is not asked for", async (name) => {
    expect(await failureOfGet({ name })).toMatchObject({ code: "bad-choice" });
    expect(server.asked).toEqual([]);
  });
});

describe("A download", () => {
  test("ends with the whole model in its place, with where it comes from", async () => {
    const seen: number[] = [];
    const { path, record, sizeBytes } = await get({ onBytes: (done) => seen.push(done) });
    expect(path).toBe(join(home.models, "coppice-tests", "tiny"));
    expect(filesIn(path)).toEqual(
      [
        "LICENSE",
        "config.json",
        RECORD_FILE,
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
      ].sort(),
    );
    expect(readFileSync(join(path, "model.safetensors"))).toEqual(Buffer.from(weights()));
    expect(record).toMatchObject({ repository: repositoryName, commit, licence: "apache-2.0" });
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(seen.at(-1)).toBe(sizeBytes);
    expect(filesIn(join(home.cache, "downloads"))).toEqual([]);
    expect(downloadedModels(home).map((model) => model.path)).toEqual([path]);
  });

  test("of a GGUF file gives that file; a second time nothing is downloaded", async () => {
    const { path } = await get({ choice: "tiny-Q8_0.gguf" });
    expect(readFileSync(path)).toEqual(Buffer.from(server.files["tiny-Q8_0.gguf"]!));
    server.asked.length = 0;
    expect((await get({ choice: "tiny-Q8_0.gguf" })).path).toBe(path);
    expect(server.asked.every((one) => one.path.startsWith("/api/"))).toBe(true);
  });

  test("of a newer revision leaves the earlier one in its place", async () => {
    const { path } = await get();
    server.files = tinyFiles(1000);
    const newer = await get();
    expect(newer.path).toBe(`${path}@0123456`);
    expect(readFileSync(join(path, "model.safetensors"))).toHaveLength(300_000);
  });

  test("that was damaged since is repaired in its place: every file is verified, and only those that are wrong are downloaded", async () => {
    const { path, record } = await get();
    writeFileSync(join(path, "config.json"), "cut");
    writeFileSync(join(path, "tokenizer.json"), "[]"); // as long as it was
    writeFileSync(join(path, "notes.txt"), "of the person");
    expect(downloadedModels(home)).toMatchObject([{ path, isDamaged: true }]);
    server.asked.length = 0;
    const repaired = await get();
    expect(repaired).toMatchObject({ path, record, isDamaged: false });
    const asked = server.asked.filter((one) => one.path.includes("/resolve/"));
    expect(asked.map((one) => basename(one.path))).toEqual(["tokenizer.json", "config.json"]);
    for (const name of ["config.json", "tokenizer.json", "model.safetensors"])
      expect(readFileSync(join(path, name))).toEqual(Buffer.from(server.files[name]!));
    expect(existsSync(join(path, "notes.txt"))).toBe(true);
    expect(filesIn(join(home.cache, "downloads"))).toEqual([]);
  });

  test("whose repair was cancelled stays damaged, and is repaired with what has been downloaded", async () => {
    const { path } = await get();
    writeFileSync(join(path, "model.safetensors"), "cut");
    const stopping = new AbortController();
    server.instead.set("/model.safetensors", (response) => {
      response.writeHead(200, { "content-length": weights().length });
      response.write(weights().subarray(0, 100_000), () => setTimeout(() => stopping.abort(), 200));
    });
    expect(await failureOfGet({ signal: stopping.signal, silenceMs: 5000 })).toEqual({ code: "cancelled" });
    expect(downloadedModels(home)).toMatchObject([{ path, isDamaged: true }]);
    server.instead.clear();
    server.asked.length = 0;
    expect((await get()).path).toBe(path);
    const asked = server.asked.filter((one) => one.path.includes("/resolve/"));
    expect(asked.map(({ headers }) => headers.range)).toEqual(["bytes=100000-"]);
    expect(downloadedModels(home)).toMatchObject([{ path, isDamaged: false }]);
  });

  test("needs disk space only for what has to be downloaded", async () => {
    const { path } = await get();
    writeFileSync(join(path, "config.json"), "cut");
    await get({ freeBytes: () => 16e6 + 1000 });
    writeFileSync(join(path, "model.safetensors"), "cut");
    expect(await failureOfGet({ freeBytes: () => 16e6 + 1000 })).toMatchObject({ code: "not-enough-disk" });
  });

  test("finds an unused name where folders of others have the model's", async () => {
    const place = join(home.models, "coppice-tests", "tiny");
    for (const name of [place, `${place}@0123456`]) {
      mkdirSync(name, { recursive: true });
      writeFileSync(join(name, "config.json"), "of the person");
    }
    expect((await get()).path).toBe(`${place}@0123456-2`);
    expect(readFileSync(join(place, "config.json"), "utf8")).toBe("of the person");
  });

  test("that breaks off again and again continues where it ended", async () => {
    server.instead.set("/model.safetensors", cutOffAfter(weights(), 70_000));
    const { path } = await get();
    expect(readFileSync(join(path, "model.safetensors"))).toEqual(Buffer.from(weights()));
    const asked = server.asked.filter((one) => one.path.endsWith("/model.safetensors"));
    expect(asked.length).toBeGreaterThan(2);
    expect(asked[1]!.headers.range).toMatch(/^bytes=[1-9]/);
  });

  test("that was cancelled is resumed, even by another process", async () => {
    const stopping = new AbortController();
    server.instead.set("/model.safetensors", (response) => {
      response.writeHead(200, { "content-length": weights().length });
      response.write(weights().subarray(0, 100_000), () => setTimeout(() => stopping.abort(), 200));
    });
    expect(await failureOfGet({ signal: stopping.signal, silenceMs: 5000 })).toEqual({ code: "cancelled" });
    nothingLooksWhole();
    const [unfinished] = unfinishedDownloads(home);
    expect(unfinished!.doneBytes).toBeGreaterThanOrEqual(100_000);
    server.instead.clear();
    server.asked.length = 0;
    await get();
    const asked = server.asked.filter((one) => one.path.includes("/resolve/"));
    expect(asked.map(({ headers }) => headers.range)).toEqual(["bytes=100000-"]);
    expect(unfinishedDownloads(home)).toEqual([]);
  });

  test("whose beginning was damaged on this disk starts over once", async () => {
    server.instead.set("/model.safetensors", (response) => response.destroy());
    await failureOfGet();
    const { id } = unfinishedDownloads(home)[0]!;
    writeFileSync(join(home.cache, "downloads", id, "files", `model.safetensors${PART}`), "damaged");
    server.instead.clear();
    expect(readFileSync(join((await get()).path, "model.safetensors"))).toEqual(Buffer.from(weights()));
  });

  test("from a server without ranges starts over", async () => {
    server.instead.set("/model.safetensors", cutOffAfter(weights(), 70_000));
    server.instead.set("/model.safetensors", (response, request) => {
      if (request.headers.range === undefined) return cutOffAfter(weights(), 70_000)(response, request);
      delete request.headers.range;
      serveBytes(weights())(response, request);
    });
    expect(readFileSync(join((await get()).path, "model.safetensors"))).toEqual(Buffer.from(weights()));
  });

  test("can be discarded", async () => {
    server.instead.set("/model.safetensors", (response) => response.destroy());
    await failureOfGet();
    await discardUnfinished(home, "../../models");
    const { id } = unfinishedDownloads(home)[0]!;
    await discardUnfinished(home, id);
    expect(filesIn(join(home.cache, "downloads"))).toEqual([]);
  });

  test("without enough disk space does not begin", async () => {
    const failure = await failureOfGet({ freeBytes: () => 1000 });
    expect(failure).toMatchObject({ code: "not-enough-disk", freeBytes: 1000 });
    expect(server.asked.every(({ path }) => path.startsWith("/api/"))).toBe(true);
  });

  test("keeps the token for the hub alone, also where a listing or file is elsewhere", async () => {
    const elsewhere = await hubServer();
    server.instead.set("/model.safetensors", (response) =>
      response.writeHead(302, { location: `${elsewhere.address}/x` }).end(),
    );
    expect(await failureOfGet({ token: "hf_secret" })).toMatchObject({ reason: "redirect" });
    server.instead.set("/tree/", (response) =>
      response.writeHead(200, { link: `<${elsewhere.address}/next>; rel="next"` }).end("[]"),
    );
    expect(await failureOfGet({ token: "hf_secret" })).toMatchObject({ reason: "redirect" });
    expect(elsewhere.asked).toEqual([]);
  });
});

describe("A hub that", () => {
  const file = (answer: Parameters<HubServer["instead"]["set"]>[1]) => () =>
    void server.instead.set("/model.safetensors", answer);
  const listing = (change: () => unknown[]) => () => void (server.listing = change());
  const whole = () => Object.entries(server.files).map(([path, bytes]) => entryOf(path, bytes));
  const api =
    (status: number, headers = {}, body = "") =>
    () =>
      void server.instead.set("/api/", (response) => response.writeHead(status, headers).end(body));

  const lies: [string, () => void, object][] = [
    [
      "sends more than it listed",
      file((response) => response.end(Buffer.alloc(400_000))),
      { reason: "wrong-size" },
    ],
    [
      "names another length",
      file((response) => response.writeHead(200, { "content-length": 7 }).end("1234567")),
      { reason: "wrong-size" },
    ],
    [
      "sends other bytes",
      file((response) => response.end(Buffer.alloc(300_000))),
      { reason: "wrong-checksum", file: "model.safetensors" },
    ],
    [
      "sends other text",
      () => void server.instead.set("/config.json", (response) => response.end('{"model_type": "LLAMA"}')),
      { reason: "wrong-checksum", file: "config.json" },
    ],
    [
      "answers with a sign-in page instead of a file",
      file((response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>")),
      { reason: "malformed" },
    ],
    [
      "continues at another place",
      file((response, request) =>
        request.headers.range === undefined
          ? cutOffAfter(weights(), 70_000)(response, request)
          : response.writeHead(206, { "content-range": "bytes 5-299999/300000" }).end(weights().subarray(5)),
      ),
      { reason: "wrong-size" },
    ],
    [
      "says that the rest does not exist",
      file((response, request) =>
        request.headers.range === undefined
          ? cutOffAfter(weights(), 70_000)(response, request)
          : response.writeHead(416).end(),
      ),
      { reason: "wrong-size" },
    ],
    [
      "leads elsewhere",
      file((response) => response.writeHead(302, { location: "https://example.com/x" }).end()),
      { reason: "redirect" },
    ],
    [
      "leads to plain HTTP",
      file((response) => response.writeHead(302, { location: "http://huggingface.co/x" }).end()),
      { reason: "redirect" },
    ],
    [
      "leads to a file of this computer",
      file((response) => response.writeHead(302, { location: "file:///etc/passwd" }).end()),
      { reason: "redirect" },
    ],
    [
      "leads nowhere",
      file((response) => response.writeHead(302, { location: "https://[" }).end()),
      { reason: "redirect" },
    ],
    [
      "leads in a circle",
      file((response, { url }) => response.writeHead(302, { location: url }).end()),
      { reason: "redirect" },
    ],
    [
      "lists a path upwards",
      listing(() => [...whole(), entryOf("../../evil.safetensors", weights())]),
      { reason: "unsafe-name" },
    ],
    [
      "lists a path from the root",
      listing(() => [...whole(), entryOf("/etc/evil.json", weights())]),
      { reason: "unsafe-name" },
    ],
    [
      "lists a path of Windows",
      listing(() => [...whole(), entryOf("..\\evil.gguf", weights())]),
      { reason: "unsafe-name" },
    ],
    [
      "lists a drive",
      listing(() => [...whole(), entryOf("C:evil.gguf", weights())]),
      { reason: "unsafe-name" },
    ],
    [
      "lists a name with a zero byte",
      listing(() => [...whole(), entryOf("evil\0.gguf", weights())]),
      { reason: "unsafe-name" },
    ],
    [
      "lists nothing that is a list",
      () => void server.instead.set("/tree/", (response) => response.end('{"a": 1}')),
      { reason: "malformed" },
    ],
    [
      "lists null",
      () => void server.instead.set("/tree/", (response) => response.end("null")),
      { reason: "malformed" },
    ],
    ["lists numbers", listing(() => [1, 2, 3]), { reason: "malformed" }],
    [
      "lists a negative size",
      listing(() => [{ ...entryOf("config.json", weights()), size: -1 }]),
      { reason: "malformed" },
    ],
    [
      "lists a size beyond numbers",
      listing(() => [{ ...entryOf("config.json", weights()), size: 1e300 }]),
      { reason: "malformed" },
    ],
    [
      "lists a checksum that is none",
      listing(() => [{ ...entryOf("x.gguf", weights()), lfs: { oid: "x", size: 1 } }]),
      { reason: "malformed" },
    ],
    [
      "lists a huge tokenizer",
      listing(() => [
        ...whole().slice(0, 4),
        { ...entryOf("tokenizer.json", weights()), size: 2 ** 40 },
        ...whole().slice(5),
      ]),
      { reason: "too-large" },
    ],
    [
      "lists without end",
      listing(() => Array.from({ length: 10_001 }, (_, index) => entryOf(`${index}.txt`, Buffer.from("x")))),
      { reason: "too-large" },
    ],
    [
      "has always one more page",
      () =>
        void server.instead.set("/tree/", (response) => {
          const link = `<${server.address}/api/models/x/tree/next>; rel="next"`;
          const page = Array.from({ length: 1000 }, (_, index) => entryOf(`${index}.txt`, Buffer.from("x")));
          response.writeHead(200, { link }).end(JSON.stringify(page));
        }),
      { reason: "too-large" },
    ],
    [
      "answers without end",
      () =>
        void server.instead.set("/revision/", (response) => {
          const more = () =>
            response.write(Buffer.alloc(2 ** 20, 32)) ? setImmediate(more) : response.once("drain", more);
          more();
        }),
      { reason: "too-large" },
    ],
    [
      "answers with a page",
      api(200, { "content-type": "text/html" }, "<html><title>Sign in</title></html>"),
      { reason: "malformed" },
    ],
    ["answers with half of its JSON", api(200, {}, '{"id": "coppice-te'), { reason: "malformed" }],
    ["answers with an empty object", api(200, {}, "{}"), { reason: "malformed" }],
    [
      "answers with a commit that is a path",
      () => void (server.card = { sha: "../../../x" }),
      { reason: "malformed" },
    ],
  ];
  test.each(lies)("%s is refused", async (_, prepare, expected) => {
    prepare();
    expect(await failureOfGet()).toMatchObject({ code: "download-refused", ...expected });
    nothingLooksWhole();
    expect(filesIn(root).filter((name) => name.startsWith("evil"))).toEqual([]);
    const kept = filesIn(join(home.cache, "downloads"));
    expect(kept.filter((name) => name.startsWith("model.safetensors"))).toEqual([]);
  });

  const refusals: [string, () => void, object, string | undefined][] = [
    [
      "does not know the name",
      api(404, { "x-error-code": "RepoNotFound" }),
      { reason: "not-found" },
      undefined,
    ],
    [
      "does not tell a stranger",
      api(401, { "x-error-code": "RepoNotFound" }),
      { reason: "not-found" },
      undefined,
    ],
    ["wants terms to be accepted", api(401, { "x-error-code": "GatedRepo" }), { reason: "gated" }, undefined],
    [
      "wants the account to accept terms",
      api(403, { "x-error-code": "GatedRepo" }),
      { reason: "gated" },
      "hf_x",
    ],
    ["does not know the token", api(401, {}, "Invalid credentials"), { reason: "wrong-token" }, "hf_x"],
    ["forbids it", api(403), { reason: "forbidden" }, "hf_x"],
    [
      "gives the listing, but no file",
      () =>
        void server.instead.set("/resolve/", (response) =>
          response.writeHead(403, { "x-error-code": "GatedRepo" }).end(),
        ),
      { reason: "gated" },
      undefined,
    ],
  ];
  test.each(refusals)("%s is reported as such", async (_, prepare, expected, token) => {
    prepare();
    expect(await failureOfGet(token === undefined ? {} : { token })).toMatchObject({
      code: "repository-refused",
      ...expected,
    });
    nothingLooksWhole();
  });

  const silent: [string, () => void][] = [
    ["never answers", () => void server.instead.set("/api/", () => {})],
    [
      "stops in the middle of a file",
      file((response) => void response.writeHead(200, { "content-length": 300_000 }).flushHeaders()),
    ],
  ];
  test.each(silent)("%s is given up after a time", async (_, prepare) => {
    prepare();
    const failure = await failureOfGet({ silenceMs: 100 });
    const reason = { code: "silent", seconds: 0.1 };
    expect(failure).toEqual({ code: "hub-unreachable", host: server.host, reason });
    nothingLooksWhole();
  });

  const unfit: [string, () => void, RegExp][] = [
    ["closes the connection", file((response) => response.destroy()), /socket hang up|ECONNRESET/],
    ["is out of order", file((response) => response.writeHead(503).end()), /busy \(status 503\)/],
    [
      "wants patience for an hour",
      file((response) => response.writeHead(429, { "retry-after": "3600" }).end()),
      /status 429/,
    ],
    ["is a teapot", api(418), /status 418/],
    ["is gone", () => server.close(), /ECONNREFUSED/],
  ];
  test.each(unfit)("%s is given up with the reason", async (_, prepare, reason) => {
    prepare();
    const failure = await failureOfGet();
    expect(failure).toMatchObject({ code: "hub-unreachable", host: server.host });
    expect(sentence(failure)).toMatch(reason);
    nothingLooksWhole();
  });

  test("wants patience for a moment is given it", async () => {
    let refused = 0;
    server.instead.set("/model.safetensors", (response, request) => {
      if (refused++ < 2) response.writeHead(429, { "retry-after": "0" }).end();
      else serveBytes(weights())(response, request);
    });
    await get();
    expect(refused).toBe(3);
  });
});

test("A file that cannot be written is said with its path", async () => {
  mkdirSync(dirname(home.cache), { recursive: true });
  writeFileSync(home.cache, "a file where the folder should be");
  expect(await failureOfGet()).toMatchObject({ code: "unwritable" });
});

test("Two programs do not download the same model at once, and neither removes what the other downloads", async () => {
  server.instead.set("/model.safetensors", () => {});
  const stopping = new AbortController();
  const first = get({ signal: stopping.signal, silenceMs: 5000 }).catch(failureOf);
  await expect
    .poll(() => server.asked.filter(({ path }) => path.endsWith("/model.safetensors")).length)
    .toBe(1);
  expect(await failureOfGet()).toMatchObject({ code: "home-in-use", processId: process.pid });
  const [unfinished] = unfinishedDownloads(home);
  const removed = await discardUnfinished(home, unfinished!.id).catch(failureOf);
  expect(removed).toMatchObject({ code: "home-in-use", processId: process.pid });
  expect(unfinishedDownloads(home)).toEqual([unfinished]);
  stopping.abort();
  expect(await first).toEqual({ code: "cancelled" });
});
