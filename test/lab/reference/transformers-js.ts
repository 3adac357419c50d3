/**
 * A resident process that evaluates prompts and decodes with transformers.js in Node, as llama.py does with llama.cpp.
 *
 *   node test/lab/reference/transformers-js.ts '{"library": folder of the package, "folders": {name: folder, …}, "threads": 2, "measured": "decode"}'
 *
 * Each folder is tried, and the fastest for what is measured, prompts or decoding, stays. Texts go on by its own `generate`. Answers each line of
 * standard input: {"call": "prompt", "ids": […]} (a fresh cache) and {"call": "decode", "tokens": n, "from": id} (greedy, from
 * the cache as it is) with {"ms", "ids"}.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

/** The part of transformers.js that is used here. */
interface TransformersJs {
  env: { allowRemoteModels: boolean; localModelPath: string };
  Tensor: new (type: "int64", data: BigInt64Array, shape: readonly number[]) => object;
  AutoModelForCausalLM: { from_pretrained(path: string, options: object): Promise<Model> };
}
interface Model {
  generate(options: object): Promise<Generated>;
  dispose(): Promise<unknown>;
}
interface Generated {
  readonly sequences: { readonly data: BigInt64Array };
  readonly past_key_values: object;
}

const TRIED_PROMPT = 256;
const TRIED_TOKENS = 32;
const TRIES = 2;

const options = JSON.parse(process.argv[2]!) as {
  library: string;
  folders: Readonly<Record<string, string>>;
  threads: number;
  measured: "prompt" | "decode";
};
const entry = join(options.library, "dist", "transformers.node.mjs");
const { env, Tensor, AutoModelForCausalLM } = (await import(pathToFileURL(entry).href)) as TransformersJs;
Object.assign(env, { allowRemoteModels: false, localModelPath: "/" });

/** A model, and the text that it has read. */
class Text {
  readonly #model: Model;
  #ids: readonly number[] = [];
  #past: object | null = null;

  constructor(model: Model) {
    this.#model = model;
  }

  async prompt(ids: readonly number[]): Promise<{ ms: number; ids: number[] }> {
    this.#past = null;
    const { ms } = await this.#goOn(ids, 1);
    this.#ids = ids;
    return { ms, ids: [] };
  }

  decode(from: number, tokens: number): Promise<{ ms: number; ids: number[] }> {
    return this.#goOn([...this.#ids, from], tokens);
  }

  async #goOn(ids: readonly number[], tokens: number): Promise<{ ms: number; ids: number[] }> {
    const row = (values: readonly number[]) =>
      new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
    const started = performance.now();
    const { sequences, past_key_values } = await this.#model.generate({
      input_ids: row(ids),
      attention_mask: row(ids.map(() => 1)),
      ...(this.#past && { past_key_values: this.#past }),
      max_new_tokens: tokens,
      do_sample: false,
      eos_token_id: null, // no token ends an answer before its last
      return_dict_in_generate: true,
    });
    const ms = performance.now() - started;
    this.#past = past_key_values;
    return { ms, ids: [...sequences.data].slice(ids.length).map(Number) };
  }

  close(): Promise<unknown> {
    return this.#model.dispose();
  }
}

async function opened(folder: string): Promise<Text> {
  const isInSubfolder = existsSync(join(folder, "onnx"));
  const model = await AutoModelForCausalLM.from_pretrained(folder, {
    device: "cpu",
    dtype: "fp32", // what the files are called, not what is in them
    ...(!isInSubfolder && { subfolder: "" }),
    session_options: { intraOpNumThreads: options.threads },
  });
  return new Text(model);
}

/** The best of some tries of what is measured. */
async function milliseconds(text: Text): Promise<number> {
  const tries: number[] = [];
  for (let attempt = 0; attempt <= TRIES; attempt++) {
    const prompt = await text.prompt(Array.from({ length: TRIED_PROMPT }, (_, index) => 1 + (index % 100)));
    tries.push(options.measured === "prompt" ? prompt.ms : (await text.decode(1, TRIED_TOKENS)).ms);
  }
  return Math.min(...tries.slice(1));
}

const say = (answer: object) => void process.stdout.write(`${JSON.stringify(answer)}\n`);

let best: { name: string; text: Text; ms: number } | null = null;
for (const [name, folder] of Object.entries(options.folders)) {
  const text = await opened(folder);
  const ms = await milliseconds(text);
  if (best && best.ms <= ms) await text.close();
  else {
    await best?.text.close();
    best = { name, text, ms };
  }
}
const { name, text } = best!;
const versionOf = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
const runtime = createRequire(entry).resolve("onnxruntime-node/package.json");
say({
  ready: true,
  version: `${versionOf(join(options.library, "package.json"))} (onnxruntime-node ${versionOf(runtime)})`,
  settings: `${name}, ${options.threads} threads`,
});
for await (const line of createInterface({ input: process.stdin })) {
  const { call, ids, from, tokens } = JSON.parse(line) as {
    call: "prompt" | "decode";
    ids: number[];
    from: number;
    tokens: number;
  };
  say(call === "prompt" ? await text.prompt(ids) : await text.decode(from, tokens));
}
process.exit(0);
