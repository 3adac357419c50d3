/** The application's log from its start to its end. */
import { app, powerMonitor } from "electron";
import type { Application } from "../application.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { PastTrouble } from "../../preload/contract/calls/diagnostics.ts";
import { failureOf } from "../../native-models/failure.ts";
import { homeIn } from "../home.ts";
import { figuresOfFailure } from "./events.ts";
import { logFile, openLog } from "./log.ts";
import type { Log } from "./log.ts";
import { catchErrors, followProcesses, logStart } from "./processes.ts";
import { beginSession } from "./session.ts";
import type { OpenSession } from "./session.ts";

export class ProgramLog {
  readonly log: Log;
  readonly #file: string;
  readonly #begun = Date.now();
  #session: OpenSession | undefined;

  /** Begins the log in the home `home`, which need not be open yet. */
  constructor(home: string, version: string) {
    this.#file = logFile(homeIn(home).logs, "application");
    this.log = openLog(this.#file);
    logStart(this.log, version);
  }

  /**
   * Follows an application that has opened its home: how the one before it ended, what nobody catches, which processes go.
   * `giveUp` is called when its window goes again and again.
   */
  follow({ services, troubles, announce }: Application, giveUp: () => void): void {
    // Among the logs it would be copied with the home, which then seems to have crashed.
    this.#session = beginSession(services.home.cache, this.#file);
    const { lost } = this.#session;
    if (lost) {
      this.log.write({ event: "ended-without-word", ...lost });
      troubles.push("ended-without-word");
    }
    // A computer that is shut down asks nobody to quit on Windows, and hardly waits elsewhere.
    const goodbye = () => this.#session?.end();
    powerMonitor.on("shutdown", goodbye);
    app.on("browser-window-created", (_event, window) => window.on("session-end", goodbye));
    const tell = (trouble: PastTrouble) => announce(contract.diagnostics.troubled, trouble);
    catchErrors(this.log, tell);
    followProcesses(this.log, () => troubles.push("window-gone"), giveUp);
  }

  /** The application could not start. */
  failed(error: unknown): void {
    this.log.write({ event: "start-failed", failure: figuresOfFailure(failureOf(error)) });
    this.log.close();
  }

  /** The application ends as it should. */
  end(): void {
    this.log.write({ event: "ended", seconds: (Date.now() - this.#begun) / 1000 });
    this.#session?.end();
    this.log.close();
  }
}
