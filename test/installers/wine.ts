/** Windows programs on Linux: under wine64, on the display of this process, with a Windows of their own. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = ["/usr/lib/wine", "/usr/bin", "/usr/local/bin"];
const programs = folders.map((folder) => join(folder, "wine64"));

/** Path of wine64; undefined if it is not installed. */
export const wine64 = programs.find((program) => spawnSync(program, ["--version"]).status === 0);

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  /** The objects of `--json`. */
  readonly events: readonly { event: string; [key: string]: unknown }[];
}

/** A path of this system as Windows programs see it. */
export const windowsPath = (path: string) => `Z:${path.replaceAll("/", "\\")}`;

export class Wine {
  readonly #prefix = mkdtempSync(join(tmpdir(), "coppice-wine-"));
  #runs = 0;

  /** Makes its Windows. */
  async open(): Promise<this> {
    await this.run("wineboot", ["--init"]);
    return this;
  }

  /** Runs a program to its end. Its output goes to files: Node cannot open a pipe that comes from outside of wine. */
  async run(program: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const at = join(this.#prefix, `run-${++this.#runs}`);
    const [output, errors] = [openSync(`${at}.out`, "w"), openSync(`${at}.err`, "w")];
    const child = spawn(wine64!, [program, ...args], {
      stdio: ["ignore", output, errors],
      env: { ...process.env, ...this.#environment, ...variables },
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    for (const file of [output, errors]) closeSync(file);
    const text = readFileSync(`${at}.out`, "utf8");
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    return {
      code,
      // wine moves the cursor to the beginning of a line before a console program writes.
      output: text.replace(/^\s*\n/, ""),
      errors: readFileSync(`${at}.err`, "utf8"),
      events: lines.map((line) => JSON.parse(line) as Ended["events"][number]),
    };
  }

  /** Ends what still runs in it, and removes it. */
  close(): void {
    const server = folders.flatMap((folder) => [join(folder, "wineserver64"), join(folder, "wineserver")]);
    const env = { ...process.env, ...this.#environment };
    server.find((program) => !spawnSync(program, ["--kill"], { env }).error);
    rmSync(this.#prefix, { recursive: true, force: true, maxRetries: 5, retryDelay: 1000 });
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      WINEPREFIX: this.#prefix,
      WINEDEBUG: "-all",
      // Neither .NET nor a browser of its own, which it would offer to download, nor this system's menus.
      WINEDLLOVERRIDES: "mscoree=;mshtml=;winemenubuilder.exe=",
    };
  }
}
