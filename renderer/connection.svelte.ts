/** The host that a request of the person is being made to now; the rail names it. */

class Connection {
  host = $state<string | undefined>(undefined);

  /** Names the host while `work` runs. */
  async to<T>(host: string | undefined, work: () => Promise<T>): Promise<T> {
    this.host = host;
    try {
      return await work();
    } finally {
      this.host = undefined;
    }
  }
}

export const connection = new Connection();
