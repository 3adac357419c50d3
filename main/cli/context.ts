/** The context of every command: its output, its home, and how engines are started. */
import type { Command } from "commander";
import { existsSync } from "node:fs";
import type { EngineOptions } from "../engines/process/host.ts";
import { launchChild } from "../engines/process/launch.ts";
import type { Launch } from "../engines/process/launch.ts";
import { homeFolder, homeIn } from "../home/home.ts";
import { launchLogged } from "../log/launch.ts";
import { logFile, openLog } from "../log/log.ts";
import type { Log } from "../log/log.ts";
import { Reading } from "../services/data/reading.ts";
import { modelOfRun, modelOrRun } from "../services/models/model-reference.ts";
import type { ModelReference } from "../services/models/model-reference.ts";
import type { Services } from "../services/open.ts";
import { Terminal } from "./terminal.ts";

export interface Surroundings {
  /** How engines are started; Node child processes by default. */
  readonly launch?: Launch;
  /** When engines can be started; immediately by default. Help and usage errors do not wait for it. */
  readonly ready?: Promise<unknown>;
}

export class Context {
  readonly terminal: Terminal;
  readonly home: string;
  readonly engine: EngineOptions;
  readonly #log: Log;

  constructor(terminal: Terminal, home: string, launch: Launch) {
    const { logs } = homeIn(home);
    this.terminal = terminal;
    this.home = home;
    this.#log = openLog(logFile(logs, "command"));
    const logged = launchLogged(launch, this.#log);
    // A command that only inspects a file creates no home, and therefore no log.
    const own: Launch = (entry, options) => (existsSync(logs) ? logged : launch)(entry, options);
    this.engine = { launch: own };
  }

  /** Called when the command has ended. */
  close(): void {
    this.#log.close();
  }

  /** Opens the home for writing while `use` runs. Failures: home-in-use and those of opening it. */
  async writing<T>(use: (services: Services) => Promise<T> | T): Promise<T> {
    const { openServices } = await import("../services/open.ts");
    return closing(openServices(this.home), use);
  }

  /** Opens the home for reading, even while another program writes it. */
  async reading<T>(use: (services: Services) => Promise<T> | T): Promise<T> {
    const { openServicesToRead } = await import("../services/open.ts");
    return closing(openServicesToRead(this.home), use);
  }

  /** Starts a reader process while `use` runs. */
  async withReader<T>(use: (reading: Reading) => Promise<T>): Promise<T> {
    const reading = new Reading({ ...this.engine, recognised: homeIn(this.home).recognised });
    try {
      return await use(reading);
    } finally {
      await reading.stop();
    }
  }

  /** Opens the home for writing and starts a reader process while `use` runs. */
  writingWithReader<T>(use: (services: Services, reading: Reading) => Promise<T>): Promise<T> {
    return this.writing((services) => this.withReader((reading) => use(services, reading)));
  }

  /** The model that a person named; the home is opened, and the database's code loaded, only for runs. */
  async model(reference: string): Promise<ModelReference> {
    const given = modelOrRun(reference);
    return "run" in given ? this.reading(({ runs }) => modelOfRun(given.run, runs)) : given;
  }
}

/** The context of a command, from the options that all commands share. */
export function newContext(command: Command, { launch = launchChild }: Surroundings): Context {
  const { json = false, home: given } = command.optsWithGlobals<{ json?: boolean; home?: string }>();
  const home = homeFolder({ ...process.env, ...(given && { COPPICE_HOME: given }) });
  const terminal = new Terminal({ json, output: process.stdout, errors: process.stderr });
  return new Context(terminal, home, launch);
}
export type NewContext = typeof newContext;

/** A command: its line in the list of all, and what adds its options and its action. */
export interface Listed {
  readonly summary: string;
  readonly add: (command: Command, contextOf: (command: Command) => Context) => Promise<void>;
}

async function closing<T>(services: Services, use: (services: Services) => Promise<T> | T): Promise<T> {
  try {
    return await use(services);
  } finally {
    services.close();
  }
}
