/** The host that is being contacted at the person's request; the rail names it. */

class Connection {
  /** The requests in progress, the newest last. */
  #open = $state.raw<readonly { readonly host: string | undefined }[]>([]);
  readonly host = $derived(this.#open.at(-1)?.host);

  /** Names the host while `work` runs. */
  async to<T>(host: string | undefined, work: () => Promise<T>): Promise<T> {
    const request = { host };
    this.#open = [...this.#open, request];
    try {
      return await work();
    } finally {
      this.#open = this.#open.filter((other) => other !== request);
    }
  }
}

export const connection = new Connection();
