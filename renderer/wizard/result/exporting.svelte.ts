/** The export of one depth: the format, its progress, and what came of it. */
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";
import { MIXED_FORMATS, USUAL_MIX } from "../../../preload/contract/exporting.ts";
import type { Exported, ExportFormat, ExportMix } from "../../../preload/contract/exporting.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { WatchedRun } from "../trim/run.svelte.ts";
import type { Result } from "./result.svelte.ts";

/** Why a format is not offered for a depth. */
export type FormatProblem = "half-blocks" | "dropped" | "no-adapter";

export class ExportOfDepth {
  readonly #run: WatchedRun;
  readonly #depth: string;
  readonly #isWhole: boolean;
  readonly depthName: string;
  format = $state<ExportFormat>("coppice");
  mix = $state<ExportMix>(USUAL_MIX);
  /** The share done; null while nothing is written. */
  fraction = $state<number | null>(null);
  made = $state.raw<Exported | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stop = new AbortController();

  constructor(run: WatchedRun, result: Result) {
    this.#run = run;
    this.#depth = result.depth!.name;
    this.#isWhole = result.isWhole;
    this.depthName = result.nameOf(this.#depth);
  }

  /** Whether the base was already rounded to fewer bits, and the chosen type rounds again. */
  get roundsAgain(): boolean {
    const { fileType } = this.#run.detail?.model?.report ?? {};
    return this.mix !== "F16" && fileType !== undefined && !/^(F32|F16|BF16)$/.test(fileType);
  }

  /** Why a format cannot hold this depth; null if it can. */
  problemOf(format: ExportFormat): FormatProblem | null {
    const plan = this.#run.detail?.plan;
    if (format === "adapter") {
      if (plan?.method.kind === "full") return "no-adapter";
      return this.#isWhole ? null : "dropped";
    }
    return format !== "coppice" && plan?.trim.unit === "sublayer" && !this.#isWhole ? "half-blocks" : null;
  }

  /** Asks for a folder, and writes there. */
  async start(): Promise<void> {
    this.failure = null;
    const { format, mix } = this;
    const [folder] = await main.application.choose({ what: "folder" });
    if (folder === undefined) return;
    this.#stop = new AbortController();
    this.fraction = 0;
    try {
      this.made = await main.runs.export(
        {
          ...{ id: this.#run.id, depth: this.#depth, folder, format },
          ...(MIXED_FORMATS.includes(format) && { mix }),
        },
        ({ fraction }) => (this.fraction = fraction),
        this.#stop.signal,
      );
    } catch (error) {
      const failure = failureOf(error);
      this.failure = failure.code === "cancelled" ? null : failure;
    } finally {
      this.fraction = null;
    }
  }

  /** Cancels what is being written; nothing of it is left. */
  stop(): void {
    this.#stop.abort();
  }
}
