import { spawnSync } from "node:child_process";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AfterPackContext } from "electron-builder";
import { describe, expect, test } from "vitest";
import type { Electron } from "../../../build/electron/choose.ts";
import { electronBehind, layLauncher } from "../../../build/package/launcher.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

/** The launcher laid before a binary that tells what it is started with; gives its words, one a line. */
async function laid({ isFallback }: { isFallback: boolean }) {
  const folder = temporaryFolder();
  const executable = join(folder, "coppice");
  writeFileSync(executable, '#!/bin/sh\nprintf "%s\\n" "NODE_OPTIONS=$NODE_OPTIONS" "$@"\n');
  chmodSync(executable, 0o755);
  const context = { electronPlatformName: "linux" } as AfterPackContext;
  await layLauncher(context, { isFallback } as Electron, executable);
  expect(electronBehind(executable)).toBe(`${executable}-bin`);
  const link = join(folder, "link");
  symlinkSync(executable, link); // as /usr/bin/coppice is one
  return (...args: string[]) => {
    const env = { PATH: process.env["PATH"], DISPLAY: ":0", NODE_OPTIONS: "--inspect", command: "yes" };
    const { stdout } = spawnSync(link, args, { encoding: "utf8", env });
    const [options, ...words] = stdout.trimEnd().split("\n");
    expect(options).toBe("NODE_OPTIONS=");
    return words;
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
    expect((await laid({ isFallback: false }))(...args)).toEqual(args);
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
    expect((await laid({ isFallback: false }))(...args)).toEqual([...switches, ...args]);
    // Electron 22 has no such platform.
    expect((await laid({ isFallback: true }))(...args)).toEqual([...switches.slice(1), ...args]);
  });
});
