/** What every command has: where it writes, its home, and how engines are started. */
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { homeFolder, homeIn } from "../home.ts";
import { openServices, openServicesToRead } from "../services/home/open.ts";
import type { Services } from "../services/home/open.ts";
import { findModel } from "../services/models/model-reference.ts";
import type { ModelReference } from "../services/models/model-reference.ts";
import { Reading } from "../services/data/reading.ts";
import { withCuda } from "../engine/cuda-component.ts";
import type { EngineOptions } from "../engine/host.ts";
import { launchChild } from "../engine/launch.ts";
import type { Launch } from "../engine/launch.ts";
import { launchLogged } from "../log/launch.ts";
import { logFile, openLog } from "../log/log.ts";
import type { Log } from "../log/log.ts";
import { Terminal } from "./terminal.ts";

export interface Surroundings {
  /** How engines are started; Node child processes unless given. */
  readonly launch?: Launch;
  /** When they can be started; at once unless given. Help and wrong usage do not wait for it. */
  readonly ready?: Promise<unknown>;
}

export class Context {
  readonly terminal: Terminal;
  readonly home: string;
  readonly engine: EngineOptions;
  readonly #log: Log;

  private constructor(terminal: Terminal, home: string, launch: Launch) {
    const { logs } = homeIn(home);
    this.terminal = terminal;
    this.home = home;
    this.#log = openLog(logFile(logs, "command"));
    const logged = launchLogged(launch, this.#log);
    // A command that only looks at a file makes no home, and so no log.
    const own: Launch = (entry, options) => (existsSync(logs) ? logged : launch)(entry, options);
    this.engine = withCuda({ launch: own }, home);
  }

  /** Of a command, from the options that all commands have. */
  static of(command: Command, { launch = launchChild }: Surroundings): Context {
    const { json = false, home: given } = command.optsWithGlobals<{ json?: boolean; home?: string }>();
    const home = homeFolder({ ...process.env, ...(given && { COPPICE_HOME: given }) });
    const terminal = new Terminal({ json, output: process.stdout, errors: process.stderr });
    return new Context(terminal, home, launch);
  }

  /** The command has ended. */
  close(): void {
    this.#log.close();
  }

  /** Opens the home to write while `use` runs. Failures: home-in-use and what opening throws. */
  async writing<T>(use: (services: Services) => Promise<T>): Promise<T> {
    return closing(openServices(this.home), use);
  }

  /** Opens the home to read, also beside another program that writes it. */
  async reading<T>(use: (services: Services) => Promise<T> | T): Promise<T> {
    return closing(openServicesToRead(this.home), use);
  }

  /** A reader process while `use` runs. */
  async withReader<T>(use: (reading: Reading) => Promise<T>): Promise<T> {
    const reading = new Reading(this.engine);
    try {
      return await use(reading);
    } finally {
      await reading.stop();
    }
  }

  /** The model that a person means; the home is looked into only for runs. */
  model(reference: string): ModelReference {
    let services: Services | undefined;
    try {
      return findModel(reference, () => (services = openServicesToRead(this.home)).runs);
    } finally {
      services?.close();
    }
  }
}

async function closing<T>(services: Services, use: (services: Services) => Promise<T> | T): Promise<T> {
  try {
    return await use(services);
  } finally {
    services.close();
  }
}
