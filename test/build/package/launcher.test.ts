import { spawnSync } from "node:child_process";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AfterPackContext } from "electron-builder";
import { describe, expect, test } from "vitest";
import type { Electron } from "../../../build/electron/choose.ts";
import { electronBehind, layLauncher } from "../../../build/package/launcher.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

/** The launcher in front of a binary that reports how it is started; starts it, with `tools` before the system's. */
async function laid({ isFallback, tools = {} }: { isFallback: boolean; tools?: Record<string, string> }) {
  const folder = temporaryFolder();
  const write = (name: string, script: string, mode = 0o755) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), mode);
    return join(folder, name);
  };
  const executable = write("coppice", 'printf "%s\\n" "NODE_OPTIONS=$NODE_OPTIONS" "$@"');
  for (const [name, script] of Object.entries(tools)) write(name, script);
  if (!("unshare" in tools)) write("chrome-sandbox", "", 0o4755);
  const context = { electronPlatformName: "linux" } as AfterPackContext;
  await layLauncher(context, { isFallback } as Electron, executable);
  expect(electronBehind(executable)).toBe(`${executable}-bin`);
  const link = join(folder, "link");
  symlinkSync(executable, link); // as /usr/bin/coppice is one
  return (...args: string[]) => {
    const PATH = `${folder}:${process.env["PATH"]}`;
    const env = { PATH, DISPLAY: ":0", NODE_OPTIONS: "--inspect", command: "yes" };
    const { status, stdout, stderr } = spawnSync(link, args, { encoding: "utf8", env });
    const [options, ...words] = stdout.trimEnd().split("\n");
    if (status === 0) expect(options).toBe("NODE_OPTIONS=");
    return { status, stderr, words };
  };
}

describe.skipIf(process.platform !== "linux")("The launcher", () => {
  test.each([
    [[]],
    [["model.gguf"]],
    [["My model.GGUF"]],
    [["--ozone-platform=wayland", "a.gguf"]],
    [["--no-sandbox"]],
  ])("opens the window for %j, with the sandbox and a display", async (args) => {
    expect((await laid({ isFallback: false }))(...args).words).toEqual(args);
  });

  test.each([
    [["trim", "--model", "a model.gguf", "--data", "x"]],
    [["--help"]],
    [["-V"]],
    [["--json", "runs"]],
    [["--home=/somewhere", "runs"]],
    [["trimm"]],
    [["model.gguf", "runs"]],
  ])("takes %j for a command, which needs neither", async (args) => {
    const switches = ["--ozone-platform=headless", "--no-sandbox", "--no-zygote", "--"];
    expect((await laid({ isFallback: false }))(...args).words).toEqual([...switches, ...args]);
    // Electron 22 has no such platform.
    expect((await laid({ isFallback: true }))(...args).words).toEqual([...switches.slice(1), ...args]);
  });

  test("says so if the window cannot have a sandbox, and still runs commands", async () => {
    const tools = { id: "echo 1000", unshare: "exit 1", zenity: "", kdialog: "", "notify-send": "" };
    const start = await laid({ isFallback: false, tools });
    const refused = start("model.gguf");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^Coppice opens its window only in a sandbox, .+\n$/);
    expect(start("runs")).toMatchObject({ status: 0, stderr: "" });
  });
});
