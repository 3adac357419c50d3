/** The export of one depth: the format, its progress and its outcome. */
import { main } from "../../bridge.ts";
import { LongWork } from "../../long-work.svelte.ts";
import { ExportFormat, mixesOf, PROGRAM_OF, usualMix } from "../../../preload/contract/runs/exporting.ts";
import type { Exported, ExportMix } from "../../../preload/contract/runs/exporting.ts";
import { DEFAULT_PROGRAMS } from "../../../preload/contract/plans/plan.ts";
import type { ProgramName } from "../../../preload/contract/plans/plan.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { WatchedRun } from "../trim/run.svelte.ts";
import type { Result } from "./result.svelte.ts";

/** Why a format is not offered for a depth. */
export type FormatProblem = "half-blocks" | "kinds" | "no-attention" | "dropped" | "no-adapter";

/** Another depth of the run, which programs can load that cannot load the chosen one. */
export interface Nearest {
  readonly formats: readonly ExportFormat[];
  readonly failure: NotExpressible;
  /** Its name in the run. */
  readonly depth: string;
}
type NotExpressible = Extract<Failure, { code: "not-expressible" }>;

/** The format for a program. */
const FORMAT_OF: Readonly<Partial<Record<ProgramName, ExportFormat>>> = {
  transformers: "hf",
  "mlx-lm": "hf",
  "llama.cpp": "gguf",
  lmstudio: "lmstudio",
  ollama: "ollama",
  onnx: "onnx",
};

export class ExportOfDepth extends LongWork {
  readonly #run: WatchedRun;
  readonly #depth: string;
  readonly #isWhole: boolean;
  readonly #result: Result;
  format = $state<ExportFormat>("coppice");
  #mixes = $state<Partial<Record<ExportFormat, ExportMix>>>({});
  made = $state.raw<Exported | null>(null);

  /** `format`: the one to preselect. */
  constructor(run: WatchedRun, result: Result, format?: ExportFormat) {
    super();
    this.#run = run;
    this.#depth = result.depth!.name;
    this.#isWhole = result.isWhole;
    this.#result = result;
    const { programs } = run.detail!.plan.trim;
    const isNamed = programs.join() !== DEFAULT_PROGRAMS.join();
    const named = isNamed ? programs.flatMap((program) => FORMAT_OF[program] ?? []) : [];
    this.format =
      [...(format ? [format] : []), ...named].find((one) => this.problemOf(one) === null) ?? "coppice";
  }

  /** The depth in the person's words. */
  get depthName(): string {
    return this.#result.nameOf(this.#depth);
  }

  /** Depths to export instead, for formats that cannot hold this one. */
  get nearest(): Nearest[] {
    const all = ExportFormat.options.flatMap((format) => {
      const failure = this.#notLoadable(format);
      const depth = failure?.nearest?.name;
      return failure && depth !== undefined ? [{ format, failure, depth }] : [];
    });
    const depths = all.map(({ depth }) => depth);
    return depths
      .filter((depth, at) => depths.indexOf(depth) === at)
      .map((depth) => {
        const same = all.filter((one) => one.depth === depth);
        return { formats: same.map(({ format }) => format), failure: same[0]!.failure, depth };
      });
  }

  #notLoadable(format: ExportFormat): NotExpressible | null {
    const program = PROGRAM_OF[format];
    const failure = program && this.#run.detail?.notLoadable?.[this.#depth]?.[program];
    return failure?.code === "not-expressible" ? failure : null;
  }

  /** The mix of the chosen format; each format remembers its own. */
  get mix(): ExportMix {
    return this.#mixes[this.format] ?? usualMix(this.format);
  }

  set mix(mix: ExportMix) {
    this.#mixes[this.format] = mix;
  }

  /** Whether the base was already rounded to fewer bits, and the chosen type rounds again. */
  get roundsAgain(): boolean {
    const { fileType } = this.#run.detail?.model?.report ?? {};
    return !this.mix.startsWith("F") && fileType !== undefined && !/^(F32|F16|BF16)$/.test(fileType);
  }

  /** Why a format cannot hold this depth; null if it can. */
  problemOf(format: ExportFormat): FormatProblem | null {
    const plan = this.#run.detail?.plan;
    if (format === "adapter") {
      if (plan && plan.method.kind !== "lora") return "no-adapter";
      return this.#isWhole ? null : "dropped";
    }
    return this.#notLoadable(format)?.reason ?? null;
  }

  /** Asks for a folder and writes the export into it. */
  async start(): Promise<void> {
    this.failure = null;
    const { format, mix } = this;
    const [folder] = await main.application.choose({ what: "folder" });
    if (folder === undefined) return;
    const depth = { id: this.#run.id, depth: this.#depth };
    await this.working(async (tell, signal) => {
      const asked = { ...depth, folder, format, ...(mixesOf(format).length > 0 && { mix }) };
      this.made = await main.runs.export(asked, tell, signal);
    });
  }
}
