import { rmSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runCommand } from "../../main/command.ts";
import { setEnvironment } from "./set-environment.ts";
import { temporaryFolder } from "./temporary-folder.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<object & { rmSync: typeof rmSync }>();
  return { ...fs, rmSync: vi.fn(fs.rmSync) };
});
vi.mock("../../main/window/offline.ts", () => ({ stayOffline() {} }));
vi.mock("electron", () => ({
  app: { commandLine: { appendSwitch() {} }, setPath() {}, whenReady: () => Promise.resolve() },
  utilityProcess: {},
}));

test("a command ends with its exit code though another program holds a file of its temporary profile", async () => {
  const reallyExit = vi.fn();
  Object.assign(process, { reallyExit });
  setEnvironment("TMPDIR", temporaryFolder());
  vi.mocked(rmSync).mockImplementationOnce(() => {
    throw Object.assign(new Error("EBUSY: injected"), { code: "EBUSY" });
  });
  runCommand(["--version"]);
  await vi.waitFor(() => expect(reallyExit).toHaveBeenCalledWith(0));
});
