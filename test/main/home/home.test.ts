import { chmodSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { homeFolder, homeIn, makeHome } from "../../../main/home/home.ts";
import { failureFrom } from "../failure-from.ts";
import { temporaryFolder } from "../temporary-folder.ts";

vi.mock("node:os", async (original) => {
  const os = await original<object & { homedir: typeof homedir }>();
  return { ...os, homedir: vi.fn(os.homedir) };
});

describe("the home folder", () => {
  test.each([
    [
      "COPPICE_HOME comes before all else",
      { COPPICE_HOME: "/here", XDG_DATA_HOME: "/data" },
      "linux",
      "/here",
    ],
    ["on Linux it is in XDG_DATA_HOME", { XDG_DATA_HOME: "/data" }, "linux", "/data/coppice"],
    [
      "a relative XDG_DATA_HOME is ignored",
      { XDG_DATA_HOME: "data" },
      "linux",
      "/home/ada/.local/share/coppice",
    ],
    ["an empty COPPICE_HOME counts as none", { COPPICE_HOME: "" }, "linux", "/home/ada/.local/share/coppice"],
    ["on Windows it is in LOCALAPPDATA", { LOCALAPPDATA: "/Local" }, "win32", "/Local/Coppice"],
    [
      "on Windows without LOCALAPPDATA it is where that would be",
      {},
      "win32",
      "/home/ada/AppData/Local/Coppice",
    ],
    ["on macOS it is in Application Support", {}, "darwin", "/home/ada/Library/Application Support/Coppice"],
  ] as const)("%s", (_, environment, platform, folder) => {
    expect(homeFolder(environment, platform, "/home/ada")).toBe(folder);
  });

  test("a relative COPPICE_HOME is relative to the current folder", () => {
    expect(homeFolder({ COPPICE_HOME: "here" }, "linux")).toBe(resolve("here"));
  });

  test("is needed only where none is named", () => {
    vi.mocked(homedir).mockImplementation(() => {
      throw new Error("uv_os_homedir returned ENOENT");
    });
    expect(homeFolder({ COPPICE_HOME: "/here" }, "linux")).toBe("/here");
    expect(failureFrom(() => homeFolder({}, "linux"))).toMatchObject({ code: "bad-choice" });
  });
});

describe("creating a home", () => {
  test.skipIf(process.platform === "win32")("takes an existing home from other accounts", () => {
    const home = homeIn(temporaryFolder());
    chmodSync(home.folder, 0o777);
    makeHome(home);
    expect(statSync(home.folder).mode & 0o777).toBe(0o777); // no home until now, perhaps a folder of many
    writeFileSync(home.database, "");
    makeHome(home);
    expect(statSync(home.folder).mode & 0o777).toBe(0o700);
  });

  test.skipIf(process.platform === "win32")("gives it to this account only", () => {
    const home = homeIn(join(temporaryFolder(), "deep", "home"));
    makeHome(home);
    for (const folder of [home.folder, home.runs, home.datasets, home.models, home.logs]) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
  });

  test("twice changes nothing", () => {
    const home = homeIn(temporaryFolder());
    makeHome(home);
    writeFileSync(join(home.runs, "kept"), "");
    makeHome(home);
    expect(statSync(join(home.runs, "kept")).isFile()).toBe(true);
  });

  test("reports a file that is in the way", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(failureFrom(() => makeHome(homeIn(file)))).toEqual({
      code: "unwritable",
      path: file,
      reason: "taken-by-file",
    });
    const inside = join(file, "home");
    expect(failureFrom(() => makeHome(homeIn(inside)))).toEqual({
      code: "unwritable",
      path: inside,
      reason: "file-above",
    });
  });
});
