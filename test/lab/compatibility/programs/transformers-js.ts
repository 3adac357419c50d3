/** transformers.js in Node, of the package's folder that COPPICE_TRANSFORMERS_JS names. It runs in a process of its own, with its own onnxruntime. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CONTINUED } from "../program.ts";
import type { Answer, Program, Request } from "../program.ts";

/** The part of transformers.js that is used here. */
interface TransformersJs {
  env: { allowRemoteModels: boolean; localModelPath: string };
  Tensor: new (type: "int64", data: BigInt64Array, shape: readonly number[]) => object;
  AutoModelForCausalLM: { from_pretrained(path: string, options: object): Promise<JavaScriptModel> };
}

interface JavaScriptModel {
  (inputs: object): Promise<{ logits: { data: Float32Array } }>;
  generate(options: object): Promise<{ data: BigInt64Array }>;
  dispose(): Promise<unknown>;
}

/** What the other process is asked: `out` becomes its logits, `out`.json its ids, or `out`.refused a sentence. */
interface Asked {
  readonly path: string;
  readonly ids: readonly number[];
  readonly tokens: number;
  readonly out: string;
}

/** Null without COPPICE_TRANSFORMERS_JS. */
export function transformersJs(): Program | null {
  const folder = process.env.COPPICE_TRANSFORMERS_JS;
  if (!folder) return null;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return {
    name: "transformers.js",
    version,
    reads: "ONNX",
    answers: (requests) => Promise.resolve(answeredElsewhere(folder, requests)),
  };
}

function answeredElsewhere(folder: string, requests: readonly Request[]): (Answer | string)[] {
  const place = mkdtempSync(join(tmpdir(), "coppice-transformers-js-"));
  try {
    const asked = requests.map(({ path, ids }, index): Asked => {
      return { path, ids, tokens: CONTINUED, out: join(place, `${index}`) };
    });
    const file = join(place, "requests.json");
    writeFileSync(file, JSON.stringify(asked));
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), folder, file], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return asked.map(({ out }) => answerIn(out));
  } finally {
    rmSync(place, { recursive: true });
  }
}

function answerIn(out: string): Answer | string {
  if (existsSync(`${out}.refused`)) return readFileSync(`${out}.refused`, "utf8");
  const bytes = readFileSync(out);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { values, kind: "logits", ids: JSON.parse(readFileSync(`${out}.json`, "utf8")) as number[] };
}

async function answer(
  { AutoModelForCausalLM, Tensor }: TransformersJs,
  { path, ids, tokens, out }: Asked,
): Promise<void> {
  const model = await AutoModelForCausalLM.from_pretrained(path, { device: "cpu" });
  const row = (values: readonly number[]) =>
    new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const inputs = { input_ids: row(ids), attention_mask: row(ids.map(() => 1)) };
  const { logits } = await model(inputs);
  writeFileSync(out, logits.data);
  // Whatever ends an answer of this model is an ordinary token here.
  const made = await model.generate({
    ...inputs,
    max_new_tokens: tokens,
    do_sample: false,
    repetition_penalty: 1,
    eos_token_id: null,
  });
  writeFileSync(`${out}.json`, JSON.stringify([...made.data].slice(ids.length).map(Number)));
  await model.dispose();
}

async function answerAll(folder: string, file: string): Promise<void> {
  const entry = pathToFileURL(join(folder, "dist", "transformers.node.mjs")).href;
  const library = (await import(entry)) as TransformersJs;
  Object.assign(library.env, { allowRemoteModels: false, localModelPath: "/" });
  for (const asked of JSON.parse(readFileSync(file, "utf8")) as Asked[])
    await answer(library, asked).catch((error: unknown) =>
      writeFileSync(`${asked.out}.refused`, (error as Error).message.split("\n")[0]!),
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await answerAll(process.argv[2]!, process.argv[3]!);
