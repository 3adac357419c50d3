/** What the hub answers about a repository: its card, and the listing of its files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HubRequests } from "../../../main/services/hub/hub-requests.ts";
import { hubOf } from "../../../main/services/hub/hub.ts";
import { readRepository } from "../../../main/services/hub/repository.ts";
import type { Ask } from "../../../main/services/network/request.ts";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, shuffled, textOf } from "../draw.ts";
import { changedJson, jsonBytes } from "../json-values.ts";
import type { Json } from "../json-values.ts";
import type { FuzzedParser } from "../parser.ts";

const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.integer(16).toString(16)).join("");

function entryOf(random: Random, path: string): Json {
  const size = random.integer(1_000_000);
  const large = /\.(safetensors|gguf|bin)$/.test(path);
  return {
    type: "file",
    path,
    size,
    oid: digits(random, 40),
    ...(large && { lfs: { oid: digits(random, 64), size, pointerSize: 130 }, xetHash: digits(random, 64) }),
  };
}

const folders: readonly (readonly string[])[] = [
  ["config.json", "tokenizer.json", "model.safetensors", "LICENSE"],
  ["tiny-Q8_0.gguf", "tiny-F16.gguf", "README.md"],
  ["big-00001-of-00002.gguf", "big-00002-of-00002.gguf"],
  [
    ...["config.json", "tokenizer.json", "model.safetensors.index.json"],
    ...["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "pytorch_model.bin"],
  ],
];
const oddNames = [
  ...["../x.gguf", "/x.gguf", "..\\x.gguf", "C:x.gguf", "a/../../x.gguf", "con.gguf", "x.gguf ", ".gguf"],
  ...["X.GGUF", "config.JSON", "model.safetensors/", "\u202egguf.exe", "model-00001-of-99999.safetensors"],
];

export const hub: FuzzedParser = {
  name: "hub",
  shortCount: 2_000,
  make(random, isChanged) {
    const odd = () => (chance(random, 50) ? pick(random, oddNames) : textOf(random));
    const names = [...pick(random, folders), ...(isChanged && chance(random, 40) ? [odd()] : [])];
    const tree: Json = shuffled(random, names).map((name) => entryOf(random, name));
    const card: Json = {
      _id: "1",
      id: "coppice-tests/tiny",
      sha: digits(random, 40),
      private: false,
      gated: pick<Json>(random, [false, "auto", "manual"]),
      lastModified: "2026-01-01T00:00:00.000Z",
      config: { model_type: "llama" },
      cardData: { license: pick(random, ["apache-2.0", "other"]) },
    };
    const bytes = (value: Json) => {
      const isOther = isChanged && chance(random, 40);
      return jsonBytes(isOther ? changedJson(value, random) : value, random, isOther);
    };
    return { "card.json": bytes(card), "tree.json": bytes(tree) };
  },
  async parse(folder) {
    const ask: Ask = (url) => {
      const name = url.includes("/tree/") ? "tree.json" : "card.json";
      const chunks = (async function* () {
        yield readFileSync(join(folder, name));
      })();
      return { answer: Promise.resolve({ status: 200, headers: {}, chunks }), end: () => {} };
    };
    const requests = new HubRequests({ hub: hubOf({}), ask, token: () => null });
    const { signal } = new AbortController();
    const { choices } = await readRepository(requests, "coppice-tests/tiny", { signal });
    for (const { name, files, sizeBytes } of choices) {
      const plain = [name, ...files.map((file) => file.name)].every((one) =>
        /^[A-Za-z0-9][^/\\:\0]*$/.test(one),
      );
      if (!plain || !Number.isSafeInteger(sizeBytes)) throw new Error(`it accepted ${JSON.stringify(files)}`);
    }
  },
};
