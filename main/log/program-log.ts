/** The application's log from its start to its end. */
import { app, powerMonitor } from "electron";
import { failureOf } from "../../native-models/failure.ts";
import type { PastTrouble } from "../../preload/contract/calls/diagnostics.ts";
import { homeIn } from "../home/home.ts";
import { figuresOfFailure } from "./events.ts";
import { logFile, openLog } from "./log.ts";
import type { Log } from "./log.ts";
import { catchErrors, followProcesses, logStart } from "./processes.ts";
import { beginSession } from "./session.ts";
import type { OpenSession } from "./session.ts";

/** The information that a program's log needs about the application. */
export interface Followed {
  /** The folder for data that need not be copied with the home. */
  readonly cache: string;
  /** Messages for the window when it opens. */
  readonly troubles: PastTrouble[];
  /** Reports a trouble to the window immediately. */
  readonly tell: (trouble: PastTrouble) => void;
  /** Called when the window's page crashes repeatedly. */
  readonly giveUp: () => void;
}

/** The log of a program: its start, its uncaught errors, its end. */
export class ProgramLog {
  readonly log: Log;
  readonly #file: string;
  readonly #begun = Date.now();
  #session: OpenSession | undefined;

  /** Starts the log in the home `home`, which need not be open yet. */
  constructor(home: string, version: string) {
    this.#file = logFile(homeIn(home).logs, "application");
    this.log = openLog(this.#file);
    logStart(this.log, version);
  }

  /** Follows an application that has opened its home: how the previous one ended, uncaught errors, crashed processes. */
  follow({ cache, troubles, tell, giveUp }: Followed): void {
    // In the cache: if it were among the logs, it would be copied with the home, and the copy would seem to have crashed.
    this.#session = beginSession(cache, this.#file);
    const { lost } = this.#session;
    if (lost) {
      this.log.write({ event: "ended-without-word", ...lost });
      troubles.push("ended-without-word");
    }
    // At shutdown, Windows does not ask programs to quit, and other systems hardly wait for them.
    const goodbye = () => this.#session?.end();
    powerMonitor.on("shutdown", goodbye);
    app.on("browser-window-created", (_event, window) => window.on("session-end", goodbye));
    catchErrors(this.log, tell);
    followProcesses(this.log, () => troubles.push("window-gone"), giveUp);
  }

  /** The application could not start. */
  failed(error: unknown): void {
    this.log.write({ event: "start-failed", failure: figuresOfFailure(failureOf(error)) });
    this.log.close();
  }

  /** The application ends normally. */
  end(): void {
    this.log.write({ event: "ended", seconds: (Date.now() - this.#begun) / 1000 });
    this.#session?.end();
    this.log.close();
  }
}
