/** Requests to the hub: redirects only within its servers, the person's token only for the hub itself, refusals as failures. */
import { fail } from "../../../native-models/failure.ts";
import { request, Unreachable } from "../network/request.ts";
import type { Answer, Ask } from "../network/request.ts";
import type { Hub } from "./hub.ts";

export interface HubRequestsOptions {
  readonly hub: Hub;
  readonly ask: Ask;
  /** The person's access token, if there is one. */
  readonly token: () => string | null;
  readonly silenceMs?: number | undefined;
}

export interface GetOptions {
  /** The repository that the request is about, and its file, for failures. */
  readonly repository: string;
  readonly file?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
}

/** An answer with status 200, 206 or 416, and the address that gave it. */
export type HubAnswer = Answer & { readonly url: string; end(): void };

/** More redirects must be a loop. */
const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The hub is busy: status 429 or 5xx. `waitMs`: how long it asked to wait, if it said so. */
export class Busy extends Unreachable {
  readonly waitMs: number | null;

  constructor(status: number, waitMs: number | null) {
    super({ code: "busy", status });
    this.waitMs = waitMs;
  }
}

export class HubRequests {
  readonly hub: Hub;
  readonly #options: HubRequestsOptions;

  constructor(options: HubRequestsOptions) {
    this.hub = options.hub;
    this.#options = options;
  }

  /**
   * Requests an address of the hub. Throws `Unreachable` or its subclass `Busy`, also while the answer is read. Failures:
   * repository-refused, download-refused, cancelled.
   */
  async get(address: string, options: GetOptions): Promise<HubAnswer> {
    const { hub } = this;
    const { repository, file = null, signal, headers = {}, deadlineMs } = options;
    const { ask, token, silenceMs } = this.#options;
    let url = address;
    for (let redirects = 0; ; redirects++) {
      if (!hub.allows(url) || redirects > MOST_REDIRECTS)
        return fail({ code: "download-refused", host: hub.host, repository, file, reason: "redirect" });
      const secret = hub.isItself(url) ? token() : null;
      const answer = await request(ask, url, {
        headers: { ...headers, ...(secret !== null && { authorization: `Bearer ${secret}` }) },
        signal,
        silenceMs,
        deadlineMs,
      });
      const { status } = answer;
      if ([200, 206, 416].includes(status)) return { ...answer, url };
      answer.end();
      const { location } = answer.headers;
      if (REDIRECTS.includes(status) && location !== undefined) url = resolved(location, url);
      else refuse(hub, repository, answer, secret !== null);
    }
  }
}

/** An invalid location is returned as it is, and refused by `allows`. */
function resolved(location: string, from: string): string {
  try {
    return new URL(location, from).href;
  } catch {
    return location;
  }
}

function refuse({ host }: Hub, repository: string, { status, headers }: Answer, hasToken: boolean): never {
  const refused = (reason: "not-found" | "gated" | "wrong-token" | "forbidden") =>
    fail({ code: "repository-refused", host, repository, reason });
  // The hub does not reveal whether a private repository exists: 401 may also mean "not found".
  const why = headers["x-error-code"];
  if (why === "GatedRepo") return refused("gated");
  if (status === 401 && hasToken && why !== "RepoNotFound") return refused("wrong-token");
  if (status === 401 || status === 404 || status === 410) return refused("not-found");
  if (status === 403) return refused("forbidden");
  if (status === 429 || status >= 500) throw new Busy(status, waitOf(headers["retry-after"]));
  throw new Unreachable({ code: "status", status });
}

/** `Retry-After`: seconds, or a date. */
function waitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const milliseconds = /^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
