/** The programs that Coppice's chat is compared with, each with the settings that are fastest here. */
import { fileURLToPath } from "node:url";
import { genaiPython, nativeLlamaPython, transformersJsFolder } from "../../reference/setup.ts";
import type { Context } from "./benchmark.ts";
import { builtForGenai, exportedOnnx } from "./models.ts";
import type { Bits } from "./models.ts";
import { startResident } from "./resident.ts";
import type { Resident } from "./resident.ts";
import { startPython } from "./sides.ts";

/** The other side of a comparison, with a description of its settings. */
export interface Rival {
  readonly resident: Resident;
  readonly settings: string;
}

export interface RivalOptions {
  readonly threads: number;
  /** Length of the context in tokens. */
  readonly context: number;
  /** What its settings are chosen for. */
  readonly measured: "prompt" | "decode";
  /** Tokens of text before what is measured, where that matters (llama.cpp only). */
  readonly text?: number;
}

/** A llama.cpp that was built for this machine, on a GGUF file. */
export async function startLlama(
  { against }: Context,
  options: RivalOptions & { readonly model: string },
): Promise<Rival> {
  const resident = await startPython(nativeLlamaPython(), "llama.py", options);
  const { llamaCpp, settings } = resident.ready as { llamaCpp: string; settings: string };
  against("llama.cpp", llamaCpp);
  return { resident, settings };
}

/** onnxruntime-genai on SmolLM2's weights: with the graph of its own model builder, or with Coppice's export. */
export async function startGenai(
  { against }: Context,
  { bits, ...options }: RivalOptions & { readonly bits: Bits },
): Promise<Rival> {
  const folders = {
    "its model builder's graph": builtForGenai(bits),
    "Coppice's export": await exportedOnnx(bits),
  };
  const resident = await startPython(genaiPython(), "genai.py", { folders, ...options });
  const { version, settings } = resident.ready as { version: string; settings: string };
  against("onnxruntime-genai", version);
  return { resident, settings };
}

/** transformers.js with onnxruntime-node on the same graphs. */
export async function startTransformersJs(
  { against }: Context,
  { bits, ...options }: RivalOptions & { readonly bits: Bits },
): Promise<Rival> {
  const script = fileURLToPath(new URL("../../reference/transformers-js.ts", import.meta.url));
  const given = {
    library: transformersJsFolder(),
    folders: {
      "its model builder's graph": builtForGenai(bits),
      "Coppice's export": await exportedOnnx(bits),
    },
    ...options,
  };
  const resident = await startResident(process.execPath, [script, JSON.stringify(given)]);
  const { version, settings } = resident.ready as { version: string; settings: string };
  against("transformers.js", version);
  return { resident, settings };
}
