/** The machine and the versions behind a figure; nothing identifies a particular computer. */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";

/** Vector and matrix extensions that decide which kernels a library picks. */
const EXTENSIONS = [
  "avx2",
  "avx512f",
  "avx512_vnni",
  "avx512_bf16",
  "avx512_fp16",
  "amx_int8",
  "amx_bf16",
  "asimd",
  "i8mm",
];

export interface Machine {
  /** The processor's name, with family and model, since a rented machine may report only the maker. */
  readonly processor: string;
  readonly cores: number;
  readonly extensions: readonly string[];
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly onnxruntime: string;
}

export function describeMachine(): Machine {
  const about = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const flags = about.split(/\s+/);
  const [, family] = /^cpu family\s*: (\d+)$/m.exec(about) ?? [];
  const [, model] = /^model\s*: (\d+)$/m.exec(about) ?? [];
  const name = cpus()[0]?.model.trim() ?? "unknown";
  const onnxruntime = new URL("../../../../node_modules/onnxruntime-node/package.json", import.meta.url);
  return {
    processor: family && model ? `${name}, family ${family}, model ${model}` : name,
    cores: availableParallelism(),
    extensions: EXTENSIONS.filter((extension) => flags.includes(extension)),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version.slice(1),
    onnxruntime: (JSON.parse(readFileSync(onnxruntime, "utf8")) as { version: string }).version,
  };
}

/** One sentence for the foot of a table. */
export function machineSentence({
  processor,
  cores,
  extensions,
  memoryGiB,
  system,
  node,
  onnxruntime,
}: Machine): string {
  const kernels = extensions.length > 0 ? ` (${extensions.join(", ")})` : "";
  return `${processor}${kernels}, ${cores} cores, ${memoryGiB} GiB, ${system}; Node ${node}, onnxruntime ${onnxruntime}`;
}

/** Share of the machine's cores in use now, 0 to 1, sampled for `milliseconds`. */
export async function busyShare(milliseconds = 1_000): Promise<number> {
  const before = coreTimes();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const after = coreTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Milliseconds summed over all cores since the start: total and idle. */
function coreTimes(): { all: number; idle: number } {
  const times = cpus().map((core) => core.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { all: sum(times.flatMap((time) => Object.values(time))), idle: sum(times.map(({ idle }) => idle)) };
}
