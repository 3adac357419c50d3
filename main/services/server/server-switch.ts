/** The local server as the settings have it: on or off, at a port. */
import { failureOf } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { ServerState } from "../../../preload/contract/calls/server.ts";
import type { Services } from "../open.ts";
import { LocalServer } from "./local-server.ts";
import type { LocalServerOptions } from "./local-server.ts";
import { offeredModels } from "./offered-models.ts";
import { newServerToken, serverToken } from "./server-token.ts";

export interface ServerSwitchOptions extends Pick<LocalServerOptions, "speakers" | "inspect"> {
  readonly services: Services;
  readonly onChange: (state: ServerState) => void;
}

export class ServerSwitch {
  readonly #options: ServerSwitchOptions;
  #running: { readonly server: LocalServer; readonly port: number; readonly token: string } | null = null;
  #failure: Failure | null = null;
  /** Starts and stops come one after another. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ServerSwitchOptions) {
    this.#options = options;
  }

  get state(): ServerState {
    const { server, token = null } = this.#running ?? {};
    return {
      url: server?.url ?? null,
      token,
      models: server ? offeredModels(this.#options.services, []).map(({ name }) => name) : [],
      programs: server?.programs ?? [],
      refused: server?.refused ?? 0,
      failure: this.#failure,
    };
  }

  /** Starts, moves or stops the server as the settings are now; a failure is in its state. */
  follow(): Promise<void> {
    return this.#next(async () => {
      const { server, serverPort } = this.#options.services.settings.get();
      if (server && this.#running?.port === serverPort) return;
      if (!server && !this.#running && !this.#failure) return;
      await this.#stop();
      if (server) await this.#start(serverPort);
      this.#options.onChange(this.state);
    });
  }

  stopProgram(program: string): void {
    this.#running?.server.stopProgram(program);
    this.#options.onChange(this.state);
  }

  /** Failures: disk-full, unwritable. */
  async renewToken(): Promise<void> {
    newServerToken(this.#options.services.home);
    await this.#next(() => this.#stop());
    await this.follow();
  }

  close(): Promise<void> {
    return this.#next(() => this.#stop());
  }

  #next(work: () => Promise<void>): Promise<void> {
    return (this.#turn = this.#turn.then(work));
  }

  async #start(port: number): Promise<void> {
    const { services, speakers, inspect, onChange } = this.#options;
    try {
      const token = serverToken(services.home);
      const server = await LocalServer.start({
        ...{ port, token, speakers, inspect },
        offered: () => offeredModels(services, []),
        onChange: () => onChange(this.state),
      });
      this.#running = { server, port, token };
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }

  async #stop(): Promise<void> {
    await this.#running?.server.stop();
    this.#running = null;
    this.#failure = null;
  }
}
