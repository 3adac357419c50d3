/** The packaged application as it is shipped, as a person without a display and without Node starts it. */
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "../../main/cli/command.ts";
import type { Started } from "../../main/cli/command.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

/** What a person starts. */
export const shipped = process.env["COPPICE_TEST_SHIPPED"]!;

export interface Terminal {
  /** COPPICE_HOME of what is started here. */
  readonly home: string;
  start(args: readonly string[], input?: string | null): Started;
  /** Whether anything looked for Node on the PATH. */
  usedNode(): boolean;
}

/** A person's own terminal, with a `node` that reports when it is used. */
export function terminal(): Terminal {
  const folder = temporaryFolder();
  const used = join(folder, "node-was-used");
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\ntouch '${used}'\nexit 1\n`);
  chmodSync(node, 0o755);
  const home = join(folder, "home");
  return {
    home,
    start: (args, input = "") =>
      start(home, args, {
        input,
        program: [shipped],
        environment: {
          DISPLAY: undefined,
          WAYLAND_DISPLAY: undefined,
          PATH: `${folder}:${process.env["PATH"]}`,
        },
      }),
    usedNode: () => existsSync(used),
  };
}
