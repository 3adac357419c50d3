/** Requests to the update address, and to no other: in a separate session that is closed except during one of these requests. */
import { net, session } from "electron";
import { AppError } from "../../native-models/failure.ts";
import { lookUpNames } from "../offline.ts";

/** electron-updater's own name for it. In memory only: no cookies, no cache. */
const partition = "electron-updater";

/** A server that is silent for this long is given up. */
const SILENCE_MS = 20_000;

export interface GetOptions {
  readonly signal: AbortSignal;
  /** For the whole answer. */
  readonly deadlineMs?: number;
}

/** Asks `address`, a folder's. */
export class Requests {
  readonly #address: string;
  readonly #ready: Promise<void>;
  #open = 0;
  #count = 0;

  constructor(address: string, userAgent: string) {
    this.#address = address;
    const own = session.fromPartition(partition, { cache: false });
    own.setUserAgent(userAgent);
    // Everything else in Chromium uses a proxy that does not exist (main/offline.ts); this session makes the person's request.
    this.#ready = own.setProxy({ mode: "system" });
    own.webRequest.onBeforeRequest(({ url }, answer) => {
      const isAllowed = this.#open > 0 && url.startsWith(address);
      if (isAllowed) this.#count++;
      answer({ cancel: !isAllowed });
    });
  }

  /** Requests that were allowed since the start. */
  get count(): number {
    return this.#count;
  }

  /**
   * The bytes of a file as they arrive; null if the address has no such file. Failures, also while reading: update-unreachable,
   * cancelled.
   */
  async get(name: string, { signal, deadlineMs }: GetOptions): Promise<AsyncIterable<Buffer> | null> {
    let giveUp!: (error: AppError) => void;
    const failure = new Promise<never>((_, reject) => (giveUp = reject));
    failure.catch(() => {}); // also if nobody is waiting at that moment
    const unreachable = (reason: string) =>
      giveUp(new AppError({ code: "update-unreachable", address: this.#address, reason }));
    const cancel = () => giveUp(new AppError({ code: "cancelled" }));
    const silent = () => unreachable(`it said nothing for ${SILENCE_MS / 1000} seconds`);
    const late = () => unreachable(`it took more than ${deadlineMs! / 1000} seconds`);

    await this.#ready;
    const url = new URL(encodeURIComponent(name), this.#address).href;
    const request = net.request({ url, session: session.fromPartition(partition), redirect: "error" });
    let silence = setTimeout(silent, SILENCE_MS);
    const deadline = deadlineMs === undefined ? undefined : setTimeout(late, deadlineMs);
    const end = () => {
      clearTimeout(silence);
      clearTimeout(deadline);
      signal.removeEventListener("abort", cancel);
      request.abort();
      if (--this.#open === 0) lookUpNames(false);
    };
    request.on("error", ({ message }) => unreachable(message));
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel);
    if (this.#open++ === 0) lookUpNames(true);

    const response = new Promise<Electron.IncomingMessage>((resolve) => request.on("response", resolve));
    request.end();
    try {
      const answer = await Promise.race([failure, response]);
      if (answer.statusCode === 404) {
        end();
        return null;
      }
      if (answer.statusCode !== 200) {
        unreachable(`it answered with status ${answer.statusCode}`);
        await failure;
      }
      return chunksOf(answer);
    } catch (error) {
      end();
      throw error;
    }

    async function* chunksOf(answer: Electron.IncomingMessage) {
      const chunks = (answer as unknown as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const { done, value } = await Promise.race([failure, chunks.next()]);
          if (done) return;
          clearTimeout(silence);
          silence = setTimeout(silent, SILENCE_MS);
          yield value;
        }
      } catch (error) {
        unreachable(error instanceof Error ? error.message : String(error));
        await failure; // the first reason
      } finally {
        end();
      }
    }
  }
}
