import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { foundModels } from "../../../../../main/services/models/found-models.ts";
import { huggingFaceModels } from "../../../../../main/services/models/other-programs/hugging-face.ts";
import { lmStudioModels } from "../../../../../main/services/models/other-programs/lm-studio.ts";
import { ollamaModels } from "../../../../../main/services/models/other-programs/ollama.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { servicesForTest } from "../../services.ts";

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const digest = (character: string) => character.repeat(64);
const manifest = (hash: string) =>
  JSON.stringify({
    schemaVersion: 2,
    layers: [
      { mediaType: "application/vnd.ollama.image.license", digest: `sha256:${digest("f")}`, size: 1 },
      { mediaType: "application/vnd.ollama.image.model", digest: `sha256:${hash}`, size: 5 },
    ],
  });

describe("Ollama", () => {
  test("its models are found by name and tag if their blobs exist", () => {
    const userFolder = temporaryFolder();
    const folder = join(userFolder, ".ollama", "models");
    const registry = join(folder, "manifests", "registry.ollama.ai");
    write(join(registry, "library", "qwen2.5", "0.5b"), manifest(digest("a")));
    write(join(registry, "someone", "clauses", "latest"), manifest(digest("b")));
    write(join(registry, "library", "gone", "1b"), manifest(digest("c")));
    write(join(folder, "blobs", `sha256-${digest("a")}`), "12345");
    write(join(folder, "blobs", `sha256-${digest("b")}`), "123");
    const found = ollamaModels({ environment: {}, userFolder });
    expect(found.map(({ name, source, sizeBytes }) => ({ name, source, sizeBytes }))).toEqual([
      { name: "qwen2.5:0.5b", source: "ollama", sizeBytes: 5 },
      { name: "someone/clauses:latest", source: "ollama", sizeBytes: 3 },
    ]);
    expect(found[0]!.path).toBe(join(folder, "blobs", `sha256-${digest("a")}`));
  });

  test("OLLAMA_MODELS changes the folder", () => {
    const OLLAMA_MODELS = temporaryFolder();
    write(join(OLLAMA_MODELS, "manifests", "registry.ollama.ai", "library", "m", "t"), manifest(digest("a")));
    write(join(OLLAMA_MODELS, "blobs", `sha256-${digest("a")}`), "12345");
    const found = ollamaModels({ environment: { OLLAMA_MODELS }, userFolder: temporaryFolder() });
    expect(found.map(({ name }) => name)).toEqual(["m:t"]);
  });

  test("a manifest that is damaged, names no hash or has a link as its blob finds nothing", () => {
    const userFolder = temporaryFolder();
    const folder = join(userFolder, ".ollama", "models");
    const library = join(folder, "manifests", "registry.ollama.ai", "library");
    write(join(library, "broken", "t"), "{");
    write(join(library, "escaping", "t"), manifest("../../../../etc/passwd"));
    write(join(library, "linked", "t"), manifest(digest("d")));
    const elsewhere = join(temporaryFolder(), "secret");
    write(elsewhere, "secret");
    mkdirSync(join(folder, "blobs"), { recursive: true });
    symlinkSync(elsewhere, join(folder, "blobs", `sha256-${digest("d")}`));
    expect(ollamaModels({ environment: {}, userFolder })).toEqual([]);
  });
});

describe("LM Studio", () => {
  test("its GGUF files are found in both of its folders, except for shards and projectors", () => {
    const userFolder = temporaryFolder();
    const model = join(userFolder, ".lmstudio", "models", "maker", "Llama-1B-GGUF");
    write(join(model, "Llama-1B-Q4_K_M.gguf"), "1234567");
    write(join(model, "mmproj-Llama-1B.gguf"), "1");
    write(join(model, "Large-00001-of-00002.gguf"), "1");
    write(join(userFolder, ".cache", "lm-studio", "models", "maker", "Old", "old.gguf"), "12");
    symlinkSync(temporaryFolder(), join(userFolder, ".lmstudio", "models", "elsewhere"));
    const found = lmStudioModels({ environment: {}, userFolder });
    expect(found.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ["Llama-1B-Q4_K_M", 7],
      ["old", 2],
    ]);
  });
});

describe("A Hugging Face cache", () => {
  function cachedModel(hub: string, name: string, files: Record<string, string>, revision = "a".repeat(40)) {
    const repository = join(hub, `models--${name.replace("/", "--")}`);
    const snapshot = join(repository, "snapshots", revision);
    mkdirSync(snapshot, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      write(join(repository, "blobs", `${revision}-${file}`), content);
      symlinkSync(join("..", "..", "blobs", `${revision}-${file}`), join(snapshot, file));
    }
    return { repository, snapshot };
  }
  const whole = { "config.json": "{}", "tokenizer.json": "{}", "model.safetensors": "12345678" };

  test("a model's folder is found through the cache's links", () => {
    const userFolder = temporaryFolder();
    const hub = join(userFolder, ".cache", "huggingface", "hub");
    const { snapshot } = cachedModel(hub, "maker/small", whole);
    cachedModel(hub, "maker/half", { "config.json": "{}" });
    cachedModel(hub, "maker/quantised", { "small-q8.gguf": "123" });
    mkdirSync(join(hub, "datasets--maker--data", "snapshots"), { recursive: true });
    const found = huggingFaceModels({ environment: {}, userFolder });
    expect(found.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ["maker/quantised: small-q8", 3],
      ["maker/small", 8],
    ]);
    expect(found[1]!.path).toBe(snapshot);
  });

  test("of several revisions, the one that main refers to is used", () => {
    const HF_HOME = temporaryFolder();
    const hub = join(HF_HOME, "hub");
    const { repository, snapshot } = cachedModel(hub, "maker/small", whole, "1".repeat(40));
    cachedModel(hub, "maker/small", whole, "2".repeat(40));
    write(join(repository, "refs", "main"), "1".repeat(40));
    const found = huggingFaceModels({ environment: { HF_HOME }, userFolder: temporaryFolder() });
    expect(found.map(({ path }) => path)).toEqual([snapshot]);
  });

  test("a link out of the model's folder is not followed", () => {
    const HF_HOME = temporaryFolder();
    const { snapshot } = cachedModel(join(HF_HOME, "hub"), "maker/small", {
      "config.json": "{}",
      "tokenizer.json": "{}",
    });
    const elsewhere = join(temporaryFolder(), "private.safetensors");
    write(elsewhere, "12345");
    symlinkSync(elsewhere, join(snapshot, "model.safetensors"));
    expect(huggingFaceModels({ environment: { HF_HOME }, userFolder: temporaryFolder() })).toEqual([]);
  });
});

test("All models are listed once, the sample first", () => {
  const userFolder = temporaryFolder();
  const path = join(userFolder, ".lmstudio", "models", "maker", "model", "file.gguf");
  write(path, "1234");
  const services = servicesForTest();
  services.models.remember({
    path,
    name: "file",
    format: "gguf",
    architecture: "llama",
    summary: {},
    sizeBytes: 4,
    sha256: null,
  });
  const found = foundModels(services, { environment: {}, userFolder });
  expect(found.map(({ source }) => source)).toEqual(["sample", "lm-studio"]);
  expect(foundModels(services, { environment: {}, userFolder: temporaryFolder() })).toHaveLength(2);
});
