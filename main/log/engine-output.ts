/** Engines' standard output and error as events: the kind of each line, never its words. */
import { OUT_OF_MEMORY } from "../../native-models/out-of-memory.ts";
import { frameOf, MOST_FRAMES, Trouble } from "../../preload/contract/trouble.ts";
import type { LogEvent } from "./events.ts";

/** Longer lines are truncated. */
const LONGEST_LINE = 4_000;

/** onnxruntime: "2026-11-24 21:00:00.1234567 [W:onnxruntime:name, graph.cc:4285 Function] …", in a terminal's colours. */
const RUNTIME = /\[([VIWEF]):onnxruntime:[^,]*, ([\w.]{1,60}):(\d{1,6}) /;
const SEVERITY = { V: "verbose", I: "info", W: "warning", E: "error", F: "fatal" } as const;
/** Node prints an uncaught error as "TypeError: …", "Uncaught Error: …", "AppError [code]: …". */
const ERROR = /^(?:Uncaught )?([A-Za-z]\w{0,36}Error)\b/;

/** Accepts text in any pieces, and reports an event for each complete line or stack. */
export class EngineOutput {
  readonly #engine: string;
  readonly #report: (event: LogEvent) => void;
  #rest = "";
  #error: Trouble | null = null;
  #lines = 0;
  #bytes = 0;

  constructor(engine: string, report: (event: LogEvent) => void) {
    this.#engine = engine;
    this.#report = report;
  }

  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!.slice(0, LONGEST_LINE);
    for (const line of lines) this.#line(line.replace(/\r$/, ""));
  }

  /** The process has ended: pending output is reported. */
  end(): void {
    if (this.#rest !== "") this.#line(this.#rest);
    this.#rest = "";
    this.#endError();
    if (this.#lines > 0)
      this.#report({
        event: "engine-other-output",
        engine: this.#engine,
        lines: this.#lines,
        bytes: this.#bytes,
      });
    this.#lines = this.#bytes = 0;
  }

  #line(line: string): void {
    const frame = this.#error && frameOf(line);
    if (frame) {
      if (this.#error!.frames.length < MOST_FRAMES) this.#error!.frames.push(frame);
      return;
    }
    const name = ERROR.exec(line)?.[1];
    if (name !== undefined && Trouble.shape.name.safeParse(name).success) {
      this.#endError();
      this.#error = { name, frames: [] };
      return;
    }
    const runtime = RUNTIME.exec(line);
    if (OUT_OF_MEMORY.test(line)) {
      this.#endError();
      this.#report({ event: "engine-out-of-memory", engine: this.#engine });
    } else if (runtime) {
      this.#endError();
      const [, severity, source, row] = runtime;
      this.#report({
        event: "engine-runtime",
        engine: this.#engine,
        severity: SEVERITY[severity as keyof typeof SEVERITY],
        source: source!,
        line: Number(row),
      });
    } else if (line.trim() !== "") {
      // A multi-line message, or anything else: counted, and reported when the process ends.
      this.#lines++;
      this.#bytes += Buffer.byteLength(line);
    }
  }

  #endError(): void {
    if (this.#error !== null)
      this.#report({ event: "engine-error", engine: this.#engine, trouble: this.#error });
    this.#error = null;
  }
}
