/** Who asks: programs by the names that they give themselves, how often, and when last; never what. */
import type { AskingProgram } from "../../../preload/contract/calls/server.ts";

const MOST_PROGRAMS = 20;
const LONGEST_NAME = 40;

/** A program's name in its User-Agent, without version: "OpenAI/JS 6.1.0" is OpenAI/JS, "curl/8.5.0" curl. */
function programOf(userAgent: string | undefined): string {
  const [first = ""] = (userAgent ?? "").replace(/[^\x20-\x7e]/g, "").split(" ");
  return first.replace(/\/v?\d.*$/, "").slice(0, LONGEST_NAME) || "?";
}

/** The programs since the server started. Once there are too many names, further ones count as one. */
export class Asking {
  readonly #programs = new Map<string, Omit<AskingProgram, "program">>();
  readonly #running = new Map<AbortController, string>();

  get programs(): AskingProgram[] {
    return [...this.#programs].map(([program, counted]) => ({ program, ...counted }));
  }

  /** Counts a request, which `aborting` ends; false if its program was stopped. */
  begin(userAgent: string | undefined, aborting: AbortController): boolean {
    const name = programOf(userAgent);
    const program = this.#programs.has(name) || this.#programs.size < MOST_PROGRAMS ? name : "…";
    const { requests, isStopped } = this.#programs.get(program) ?? { requests: 0, isStopped: false };
    this.#programs.set(program, { requests: requests + 1, lastAt: new Date().toISOString(), isStopped });
    if (!isStopped) this.#running.set(aborting, program);
    return !isStopped;
  }

  end(aborting: AbortController): void {
    this.#running.delete(aborting);
  }

  /** Ends a program's answers, and refuses it from then on. */
  stop(program: string): void {
    const counted = this.#programs.get(program);
    if (counted) counted.isStopped = true;
    this.#abort((name) => name === program);
  }

  /** Ends all answers. */
  stopAll(): void {
    this.#abort(() => true);
  }

  #abort(isMeant: (program: string) => boolean): void {
    for (const [aborting, program] of this.#running) if (isMeant(program)) aborting.abort();
  }
}
