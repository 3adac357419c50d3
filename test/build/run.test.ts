import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../build/root.ts";
import { temporaryFolder } from "../main/temporary-folder.ts";

test.runIf(process.platform !== "win32")(
  "a script receives the signals that only its starter received",
  async () => {
    const script = join(temporaryFolder(), "script.js");
    writeFileSync(
      script,
      `setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(7)); console.log("up");`,
    );
    const starter = spawn(process.execPath, [join(root, "build", "run.js"), script]);
    await once(starter.stdout, "data");
    starter.kill("SIGTERM");
    expect(await once(starter, "exit")).toEqual([7, null]);
  },
);
