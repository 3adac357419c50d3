/** Requests over Electron's network stack, with the system's proxy, from a session that is blocked except while a request is open. */
import { net, session } from "electron";
import type { Answer, Ask } from "../services/network/request.ts";
import { lookUpNames } from "./offline.ts";

export interface NetworkSessionOptions {
  /** Its partition's name. In memory only: no cookies, no cache. */
  readonly partition: string;
  readonly userAgent: string;
  /** Whether an address may be requested while a request is open. */
  readonly allows: (url: string) => boolean;
}

/** Open requests of all sessions. */
let openInAll = 0;

export class NetworkSession {
  readonly #partition: string;
  readonly #ready: Promise<void>;
  #open = 0;
  #count = 0;

  constructor({ partition, userAgent, allows }: NetworkSessionOptions) {
    this.#partition = partition;
    const own = session.fromPartition(partition, { cache: false });
    own.setUserAgent(userAgent);
    // Everything else in Chromium uses a proxy that does not exist (main/window/offline.ts); this session makes the person's requests.
    this.#ready = own.setProxy({ mode: "system" });
    own.webRequest.onBeforeRequest(({ url }, answer) => {
      const isAllowed = this.#open > 0 && allows(url);
      if (isAllowed) this.#count++;
      answer({ cancel: !isAllowed });
    });
  }

  /** Requests that were allowed since the start. */
  get count(): number {
    return this.#count;
  }

  readonly ask: Ask = (url, headers) => {
    let request: Electron.ClientRequest | undefined;
    let isOpen = true;
    this.#open++;
    if (openInAll++ === 0) lookUpNames(true);
    const end = () => {
      if (!isOpen) return;
      isOpen = false;
      this.#open--;
      request?.abort();
      if (--openInAll === 0) lookUpNames(false);
    };
    const answer = this.#ready.then(
      () =>
        new Promise<Answer>((resolve, reject) => {
          if (!isOpen) return reject(new Error("it was ended"));
          const own = session.fromPartition(this.#partition);
          request = net.request({ url, session: own, redirect: "manual" });
          for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
          request.on("error", reject);
          request.on("redirect", (status, _method, location) => {
            resolve({ status, headers: { location }, chunks: nothing() });
          });
          request.on("response", (response) =>
            resolve({
              status: response.statusCode,
              headers: Object.fromEntries(
                Object.entries(response.headers).map(([name, value]) => [
                  name.toLowerCase(),
                  [value].flat().join(", "),
                ]),
              ),
              chunks: response as unknown as AsyncIterable<Uint8Array>,
            }),
          );
          request.end();
        }),
    );
    return { answer, end };
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
