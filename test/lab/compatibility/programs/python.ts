/** Programs that are Python packages: a script takes all requests in one start and writes an answer or a refusal for each. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTensors } from "../../bench/harness/tensors.ts";
import { pythonEnvironment, REFERENCE_FOLDER, referencePython } from "../../reference/setup.ts";
import { CONTINUED } from "../program.ts";
import type { Answer, Program, Request } from "../program.ts";

/** transformers, in float32; installed on first use. */
export const transformers = (): Program =>
  pythonProgram(referencePython(), "transformers", { script: "continued.py", reads: "folder" })!;

/** PEFT, where transformers' Python has it. */
export const peft = (): Program | null =>
  pythonProgram(referencePython(), "peft", { script: "continued.py", reads: "adapter" });

/** mlx-lm, in float32, of the Python that COPPICE_MLX_PYTHON names; null without it. */
export function mlxLm(): Program | null {
  const python = process.env.COPPICE_MLX_PYTHON;
  return python ? pythonProgram(python, "mlx-lm", { script: "continued-mlx.py", reads: "folder" }) : null;
}

/** onnxruntime-genai, where transformers' Python has it. */
export const onnxruntimeGenai = (): Program | null =>
  pythonProgram(referencePython(), "onnxruntime-genai", { script: "continued-genai.py", reads: "ONNX" });

/** Null where the Python lacks the package. */
function pythonProgram(
  python: string,
  name: string,
  { script, reads }: { script: string; reads: Program["reads"] },
): Program | null {
  const code = `import importlib.metadata as m; print(m.version("${name}"))`;
  const { status, stdout } = spawnSync(python, ["-c", code], { encoding: "utf8", env: pythonEnvironment() });
  if (status !== 0) return null;
  return {
    name,
    version: stdout.trim(),
    reads,
    answers: (requests) => Promise.resolve(continuedBy(python, script, requests)),
  };
}

function continuedBy(python: string, script: string, requests: readonly Request[]): (Answer | string)[] {
  const folder = mkdtempSync(join(tmpdir(), "coppice-continued-"));
  try {
    const asked = requests.map(({ path, ids }, index) => ({
      path,
      ids,
      tokens: CONTINUED,
      out: join(folder, `${index}.safetensors`),
    }));
    const file = join(folder, "requests.json");
    writeFileSync(file, JSON.stringify(asked));
    execFileSync(python, [join(REFERENCE_FOLDER, script), file], {
      env: pythonEnvironment(),
      stdio: ["ignore", "inherit", "inherit"],
    });
    return asked.map(({ out }) => answerIn(out));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function answerIn(out: string): Answer | string {
  const refusal = `${out}.refused`;
  if (existsSync(refusal)) return readFileSync(refusal, "utf8");
  const file = openTensors(out);
  const answer: Answer = {
    values: file.read("logits").slice(),
    kind: "logits",
    ids: [...file.read("ids")],
  };
  file.close();
  return answer;
}
