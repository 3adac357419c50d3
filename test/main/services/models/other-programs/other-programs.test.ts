import Database from "better-sqlite3";
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { foundModels } from "../../../../../main/services/models/found-models.ts";
import { huggingFaceModels } from "../../../../../main/services/models/other-programs/hugging-face.ts";
import { lmStudioModels } from "../../../../../main/services/models/other-programs/lm-studio.ts";
import { janModels } from "../../../../../main/services/models/other-programs/jan.ts";
import { llamaCppModels } from "../../../../../main/services/models/other-programs/llama-cpp.ts";
import { ollamaModels } from "../../../../../main/services/models/other-programs/ollama.ts";
import type { ProgramFolder } from "../../../../../main/services/models/other-programs/place.ts";
import { storedSetting } from "../../../../../main/services/models/other-programs/stored-setting.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { servicesForTest } from "../../services.ts";

/** A place without anything for all users, unless a test brings it. */
const place = (some: Partial<ProgramFolder>): ProgramFolder => ({
  environment: {},
  userFolder: temporaryFolder(),
  systemFolder: temporaryFolder(),
  ...some,
});

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
    const found = ollamaModels(place({ environment: {}, userFolder }));
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
    const found = ollamaModels(place({ environment: { OLLAMA_MODELS }, userFolder: temporaryFolder() }));
    expect(found.map(({ name }) => name)).toEqual(["m:t"]);
  });

  const store = (folder: string, name: string, hash: string) => {
    write(join(folder, "manifests", "registry.ollama.ai", "library", name, "t"), manifest(hash));
    write(join(folder, "blobs", `sha256-${hash}`), "12345");
  };
  const named = (some: Partial<ProgramFolder>) => ollamaModels(place(some)).map(({ name }) => name);

  test("the folder that its window's settings name is found, and nothing is written beside them", () => {
    const [LOCALAPPDATA, moved] = [temporaryFolder(), temporaryFolder()];
    store(moved, "moved", digest("a"));
    const folder = join(LOCALAPPDATA, "Ollama");
    mkdirSync(folder);
    const database = new Database(join(folder, "db.sqlite"));
    database.pragma("journal_mode = WAL");
    database.exec("CREATE TABLE settings (id INTEGER, models TEXT)");
    database.prepare("INSERT INTO settings VALUES (1, ?)").run(moved);
    database.close();
    expect(named({ environment: { LOCALAPPDATA } })).toEqual(["moved:t"]);
    expect(readdirSync(folder)).toEqual(["db.sqlite"]);
  });

  test("the folder of its service is found, also where a change of the service names it", () => {
    const [systemFolder, one, two] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    store(one, "one", digest("a"));
    store(join(two, "with space"), "two", digest("b"));
    const units = join(systemFolder, "etc", "systemd", "system");
    write(join(units, "ollama.service"), `[Service]\nEnvironment=OLLAMA_MODELS=${one}\n`);
    const change = `[Service]\nEnvironment="OLLAMA_MODELS=${join(two, "with space")}"\n`;
    write(join(units, "ollama.service.d", "override.conf"), change);
    store(join(systemFolder, "usr", "share", "ollama", ".ollama", "models"), "three", digest("c"));
    expect(named({ systemFolder })).toEqual(["one:t", "two:t", "three:t"]);
  });

  test("settings that are damaged, huge, or name a folder on the network find nothing", () => {
    const userFolder = temporaryFolder();
    const path = join(userFolder, ".ollama", "db.sqlite");
    write(path, "SQLite format 3\0 and nothing else");
    expect(named({ userFolder })).toEqual([]);
    truncateSync(path, 10 ** 12);
    expect(named({ userFolder })).toEqual([]);
    expect(storedSetting(temporaryFolder(), { table: "settings", column: "models" })).toBeUndefined();
    const endless = join(temporaryFolder(), "db.sqlite");
    const database = new Database(endless);
    database.exec(`CREATE VIEW settings AS
      WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS models FROM n`);
    database.close();
    expect(storedSetting(endless, { table: "settings", column: "models" })).toBeUndefined();
    for (const OLLAMA_MODELS of ["\\\\server\\share", "//server/share", "models", "a\0b"])
      expect(named({ environment: { OLLAMA_MODELS } })).toEqual([]);
  });

  test("a huge manifest is not read", () => {
    const OLLAMA_MODELS = temporaryFolder();
    store(OLLAMA_MODELS, "huge", digest("a"));
    const path = join(OLLAMA_MODELS, "manifests", "registry.ollama.ai", "library", "huge", "t");
    truncateSync(path, 10 ** 12);
    expect(named({ environment: { OLLAMA_MODELS } })).toEqual([]);
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
    expect(ollamaModels(place({ environment: {}, userFolder }))).toEqual([]);
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
    const found = lmStudioModels(place({ environment: {}, userFolder }));
    expect(found.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ["Llama-1B-Q4_K_M", 7],
      ["old", 2],
    ]);
  });

  test("a model in parts is found once, by its first part, if all parts are there", () => {
    const userFolder = temporaryFolder();
    const model = join(userFolder, ".lmstudio", "models", "maker", "Large-GGUF");
    for (const number of [1, 2, 3]) write(join(model, `Large-0000${number}-of-00003.gguf`), "1234");
    write(join(model, "Claims-00001-of-99999.gguf"), "1");
    const found = lmStudioModels(place({ userFolder }));
    expect(found).toEqual([
      { path: join(model, "Large-00001-of-00003.gguf"), name: "Large", source: "lm-studio", sizeBytes: 12 },
    ]);
  });

  test("the folders that its pointer and its settings name are found", () => {
    const [userFolder, home, downloads] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    write(join(userFolder, ".lmstudio-home-pointer"), `${home}\n`);
    write(join(home, "settings.json"), JSON.stringify({ downloadsFolder: downloads }));
    write(join(downloads, "maker", "moved", "moved.gguf"), "1");
    write(join(home, "models", "maker", "kept", "kept.gguf"), "1");
    expect(lmStudioModels(place({ userFolder })).map(({ name }) => name)).toEqual(["moved", "kept"]);
  });

  test("settings that are damaged, a link or no text are passed over", () => {
    const userFolder = temporaryFolder();
    const settings = join(userFolder, ".lmstudio", "settings.json");
    write(join(userFolder, ".lmstudio", "models", "maker", "kept", "kept.gguf"), "1");
    const names = () => lmStudioModels(place({ userFolder })).map(({ name }) => name);
    for (const text of ["{", "[]", "null", '{"downloadsFolder": 7}', '{"downloadsFolder": "models"}', "7"]) {
      write(settings, text);
      expect(names()).toEqual(["kept"]);
    }
    truncateSync(settings, 10 ** 12);
    expect(names()).toEqual(["kept"]);
    symlinkSync("/dev/zero", join(userFolder, ".lmstudio-home-pointer"));
    expect(names()).toEqual(["kept"]);
  });
});

describe("Jan", () => {
  test("its models are found in its data folder, and where its settings moved that", () => {
    const [userFolder, moved] = [temporaryFolder(), temporaryFolder()];
    const data = join(userFolder, ".local", "share", "Jan", "data");
    write(join(data, "llamacpp", "models", "maker", "small", "model.gguf"), "123");
    write(join(data, "llamacpp", "models", "maker", "small", "mmproj.gguf"), "1");
    write(join(data, "models", "old", "old-q4.gguf"), "12");
    write(join(userFolder, ".config", "Jan", "settings.json"), JSON.stringify({ data_folder: moved }));
    write(join(moved, "llamacpp", "models", "elsewhere", "model.gguf"), "1");
    expect(janModels(place({ userFolder })).map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ["maker/small", 3],
      ["old", 2],
      ["elsewhere", 1],
    ]);
    const APPDATA = join(userFolder, ".local", "share");
    expect(janModels(place({ environment: { APPDATA } })).map(({ name }) => name)).toEqual([
      "maker/small",
      "old",
    ]);
  });

  test("a model that was imported where it lies is found; a link, or what is no model, is not", () => {
    const [userFolder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    const models = join(userFolder, ".config", "Jan", "data", "llamacpp", "models");
    write(join(elsewhere, "own.gguf"), "12345");
    symlinkSync(join(elsewhere, "own.gguf"), join(elsewhere, "link.gguf"));
    const imports = { own: "own.gguf", linked: "link.gguf", gone: "gone.gguf", text: "model.yml" };
    for (const [name, file] of Object.entries(imports))
      write(join(models, name, "model.yml"), `name: ${name}\nmodel_path: "${join(elsewhere, file)}"\n`);
    write(join(models, "copied", "model.gguf"), "1");
    write(join(models, "copied", "model.yml"), `model_path: ${join(models, "copied", "model.gguf")}\n`);
    const found = janModels(place({ userFolder }));
    expect(found.map(({ name, path }) => [name, path])).toEqual([
      ["copied", join(models, "copied", "model.gguf")],
      ["own", join(elsewhere, "own.gguf")],
    ]);
  });
});

describe("llama.cpp", () => {
  test("its downloads are found in its cache, and in either layout where LLAMA_CACHE moves that", () => {
    const [userFolder, LLAMA_CACHE] = [temporaryFolder(), temporaryFolder()];
    const usual = join(userFolder, ".cache", "llama.cpp");
    write(join(usual, "maker_small-GGUF_small-q8_0.gguf"), "123");
    write(join(usual, "maker_small-GGUF_small-q8_0.gguf.json"), "{}");
    write(join(usual, "half.gguf.downloadInProgress"), "1");
    const names = (some: Partial<ProgramFolder>) => llamaCppModels(place(some)).map(({ name }) => name);
    expect(names({ userFolder })).toEqual(["maker_small-GGUF_small-q8_0"]);
    expect(names({ environment: { LOCALAPPDATA: join(userFolder, ".cache") } })).toEqual([
      "maker_small-GGUF_small-q8_0",
    ]);
    write(join(LLAMA_CACHE, "old.gguf"), "1");
    write(join(LLAMA_CACHE, "models--maker--new", "snapshots", "a", "Q4_K_M", "new.gguf"), "12");
    expect(names({ userFolder, environment: { LLAMA_CACHE } })).toEqual(["old", "maker/new: new"]);
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
    const found = huggingFaceModels(place({ environment: {}, userFolder }));
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
    const found = huggingFaceModels(place({ environment: { HF_HOME }, userFolder: temporaryFolder() }));
    expect(found.map(({ path }) => path)).toEqual([snapshot]);
  });

  test("variables move it: HF_HUB_CACHE before HF_HOME before XDG_CACHE_HOME", () => {
    const [first, second, third] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    cachedModel(first, "maker/first", whole);
    cachedModel(join(second, "hub"), "maker/second", whole);
    cachedModel(join(third, "huggingface", "hub"), "maker/third", whole);
    const names = (environment: NodeJS.ProcessEnv) =>
      huggingFaceModels(place({ environment })).map(({ name }) => name);
    expect(names({ XDG_CACHE_HOME: third })).toEqual(["maker/third"]);
    expect(names({ XDG_CACHE_HOME: third, HF_HOME: second })).toEqual(["maker/second"]);
    expect(names({ XDG_CACHE_HOME: third, HF_HOME: second, HF_HUB_CACHE: first })).toEqual(["maker/first"]);
    expect(names({ XDG_CACHE_HOME: third, HUGGINGFACE_HUB_CACHE: first })).toEqual(["maker/first"]);
    expect(
      huggingFaceModels(place({ userFolder: second, environment: { HF_HOME: "~/." } })).map(
        ({ name }) => name,
      ),
    ).toEqual(["maker/second"]);
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
    expect(huggingFaceModels(place({ environment: { HF_HOME }, userFolder: temporaryFolder() }))).toEqual([]);
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
  const found = foundModels(services, place({ environment: {}, userFolder }));
  expect(found.map(({ source }) => source)).toEqual(["sample", "lm-studio"]);
  expect(foundModels(services, place({ environment: {}, userFolder: temporaryFolder() }))).toHaveLength(2);
});
