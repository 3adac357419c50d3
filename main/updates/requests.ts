/** Requests to the update address, and to no other. */
import { AppError } from "../../native-models/failure.ts";
import { request, Unreachable } from "../services/network/request.ts";
import { NetworkSession } from "../window/network-session.ts";

export interface GetOptions {
  readonly signal: AbortSignal;
  /** The time limit for the whole answer. */
  readonly deadlineMs?: number;
}

/** Requests files from `address`, which is that of a folder. */
export class Requests {
  readonly #address: string;
  readonly #session: NetworkSession;

  constructor(address: string, userAgent: string) {
    this.#address = address;
    const partition = "electron-updater"; // its own name for it
    this.#session = new NetworkSession({ partition, userAgent, allows: (url) => url.startsWith(address) });
  }

  /** Requests that were allowed since the start. */
  get count(): number {
    return this.#session.count;
  }

  /**
   * The bytes of a file as they arrive; null if the address has no such file. Failures, also while reading: update-unreachable,
   * cancelled.
   */
  async get(name: string, options: GetOptions): Promise<AsyncIterable<Uint8Array> | null> {
    const url = new URL(encodeURIComponent(name), this.#address).href;
    const asked = request(this.#session.ask, url, options);
    const { status, chunks, end } = await this.#reached(() => asked);
    if (status === 200) return this.#reading(chunks);
    end();
    if (status === 404) return null;
    return this.#reached(() => Promise.reject(new Unreachable({ code: "status", status })));
  }

  async *#reading(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const reading = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.#reached(() => reading.next());
        if (done) return;
        yield value;
      }
    } finally {
      await reading.return?.();
    }
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      throw new AppError({ code: "update-unreachable", address: this.#address, reason: error.reason });
    }
  }
}
