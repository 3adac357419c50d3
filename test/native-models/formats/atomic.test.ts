import { execFileSync, spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../../../native-models/failure.ts";
import {
  makeFolder,
  moveNow,
  remove,
  removeUnfinished,
  Replacement,
  writeChosenFile,
  writeFileAtomic,
} from "../../../native-models/formats/atomic.ts";
import type { Disk, DiskNow } from "../../../native-models/formats/atomic.ts";
import { observedDisk } from "./observed-disk.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atomic-"));
  file = join(folder, "weights.bin");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failureOfWriting = (...args: Parameters<typeof writeFileAtomic>) =>
  writeFileAtomic(...args).then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );

/** The same disk, but `fails` throws at the calls it chooses. */
const failingDisk = (fails: (call: string, index: number) => string | undefined) =>
  observedDisk((call, index) => {
    const code = fails(call, index);
    if (code) throw Object.assign(new Error(`${code}: injected`), { code });
  });

/** This computer's disk, as on Windows where another program holds a file: `call` throws `code` until some time was waited. */
function heldOnWindows(call: string, code: string) {
  const held = {
    waitedMs: 0,
    for(milliseconds: number): Disk {
      held.waitedMs = 0;
      const disk = failingDisk((name) => (name === call && held.waitedMs < milliseconds ? code : undefined));
      return { ...disk, platform: "win32", wait: async (ms) => void (held.waitedMs += ms) };
    },
  };
  return held;
}

const heldOpen = (path: string) => ({
  code: "unwritable",
  path,
  reason: "busy",
});

describe("makeFolder", () => {
  test("creates its parents too, and changes nothing the second time", () => {
    const deep = join(folder, "one", "two", "three");
    makeFolder(deep);
    writeFileSync(join(deep, "kept"), "");
    makeFolder(deep);
    expect(readdirSync(deep)).toEqual(["kept"]);
  });

  test("reports what is in the way", () => {
    writeFileSync(file, "");
    expect(() => makeFolder(file)).toThrow("EEXIST");
    expect(() => makeFolder(join(file, "inside"))).toThrow("ENOTDIR");
  });

  test.runIf(process.platform === "linux")("ends where the system takes no folders", () => {
    expect(() => makeFolder("/proc/coppice/home")).toThrow("ENOENT");
  });
});

describe("remove", () => {
  test("removes a file, a folder with its contents, and nothing", async () => {
    writeFileSync(file, "");
    await remove(file);
    await remove(file);
    mkdirSync(join(folder, "deep", "deeper"), { recursive: true });
    await remove(join(folder, "deep"));
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["EPERM", "EBUSY", "ENOTEMPTY"])(
    "waits on Windows for a program that holds a file (%s)",
    async (code) => {
      writeFileSync(file, "");
      const held = heldOnWindows("remove", code);
      const failure = await remove(file, held.for(Infinity)).catch(failureOf);
      expect(failure).toEqual(heldOpen(file));
      await remove(file, held.for(5000));
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

test("a synchronous move waits on Windows for a program that holds the file, up to five seconds", () => {
  writeFileSync(file, "new");
  let waitedMs = 0;
  const heldFor = (milliseconds: number): DiskNow => ({
    platform: "win32",
    rename: (from, to) => {
      if (waitedMs < milliseconds) throw Object.assign(new Error("EPERM: injected"), { code: "EPERM" });
      renameSync(from, to);
    },
    wait: (ms) => void (waitedMs += ms),
  });
  moveNow(file, `${file}.moved`, heldFor(1000));
  expect(readdirSync(folder)).toEqual(["weights.bin.moved"]);
  waitedMs = 0;
  expect(() => moveNow(`${file}.moved`, file, heldFor(Infinity))).toThrow(
    expect.objectContaining({ code: "EBUSY" }),
  );
  expect(waitedMs).toBeLessThan(7000);
});

describe.runIf(process.platform !== "win32")("writeChosenFile", () => {
  test("writes to a pipe, and to the file behind a link, instead of replacing them", async () => {
    const [pipe, link] = [join(folder, "pipe"), join(folder, "link")];
    execFileSync("mkfifo", [pipe]);
    symlinkSync(file, link);
    writeFileSync(file, "old");
    const read = readFile(pipe, "utf8");
    await writeChosenFile(pipe, "piped");
    await writeChosenFile(link, "new");
    expect([await read, readFileSync(file, "utf8")]).toEqual(["piped", "new"]);
    expect([lstatSync(pipe).isFIFO(), lstatSync(link).isSymbolicLink()]).toEqual([true, true]);
  });

  test("creates a file, and says why it cannot", async () => {
    await writeChosenFile(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    const failure = await writeChosenFile(join(file, "within"), "").catch(failureOf);
    expect(failure).toMatchObject({ code: "unwritable" });
  });
});

describe("writeFileAtomic", () => {
  test("writes text, bytes and pieces", async () => {
    async function* pieces() {
      yield Buffer.from("one ");
      yield new Uint8Array(0);
      yield Buffer.from("two");
    }
    await writeFileAtomic(file, "déjà");
    expect(readFileSync(file, "utf8")).toBe("déjà");
    await writeFileAtomic(file, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(file)]).toEqual([1, 2, 3]);
    await writeFileAtomic(file, pieces());
    expect(readFileSync(file, "utf8")).toBe("one two");
    expect(readdirSync(folder)).toEqual(["weights.bin"]);
  });

  test("syncs the file before it is renamed, and the folder after", async () => {
    const calls: string[] = [];
    const disk = observedDisk((call) => void calls.push(call));
    await writeFileAtomic(file, "new", disk);
    const folderCalls = ["open", "sync", "close"];
    expect(calls).toEqual([
      ...["open", "write", "sync", "close", "rename"],
      ...(process.platform === "win32" ? [] : folderCalls),
    ]);
  });

  test.each(["open", "write", "sync", "close", "rename"])(
    "keeps the old file and leaves nothing behind when %s fails",
    async (failing) => {
      writeFileSync(file, "old");
      let failed = false;
      const disk = failingDisk((call) => {
        if (failed || call !== failing) return undefined;
        failed = true;
        return "ENOSPC";
      });
      const figure = failing === "write" ? { neededBytes: 3 } : {};
      expect(await failureOfWriting(file, "new", disk)).toEqual({ code: "disk-full", path: file, ...figure });
      expect(readFileSync(file, "utf8")).toBe("old");
      expect(readdirSync(folder)).toEqual(["weights.bin"]);
    },
  );

  test("rethrows errors of the content, and keeps the old file", async () => {
    writeFileSync(file, "old");
    function* broken() {
      yield Buffer.from("new");
      throw new Error("the source broke");
    }
    await expect(writeFileAtomic(file, broken())).rejects.toThrow("the source broke");
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["weights.bin"]);
  });

  test("says why a path cannot be written to", async () => {
    const nowhere = join(folder, "absent", "weights.bin");
    expect(await failureOfWriting(nowhere, "new")).toEqual({
      code: "unwritable",
      path: nowhere,
      reason: "no-folder",
    });
    mkdirSync(join(folder, "full", "inside"), { recursive: true });
    expect(await failureOfWriting(join(folder, "full"), "new")).toMatchObject({ code: "unwritable" });
    expect(readdirSync(folder)).toEqual(["full"]);
  });

  test("waits on Windows for a program that holds the file, up to a minute", async () => {
    writeFileSync(file, "old");
    const held = heldOnWindows("rename", "EPERM");
    await writeFileAtomic(file, "new", held.for(5000));
    expect(readFileSync(file, "utf8")).toBe("new");

    expect(await failureOfWriting(file, "newer", held.for(Infinity))).toEqual(heldOpen(file));
    expect(held.waitedMs).toBeGreaterThanOrEqual(60_000);
    expect(held.waitedMs).toBeLessThan(62_000);
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["weights.bin"]);
  });

  test.skipIf(process.platform === "win32")(
    "leaves the old or the new file when killed at any call",
    async () => {
      const complete: string[] = ["old".repeat(1000), "new".repeat(1000)];
      let sawKilled = 0;
      for (let killedAt = 0; ; killedAt++) {
        writeFileSync(file, complete[0]!);
        const { signal } = spawnSync(process.execPath, [
          join(import.meta.dirname, "killed-writer.ts"),
          file,
          complete[1]!,
          String(killedAt),
        ]);
        expect(complete).toContain(readFileSync(file, "utf8"));
        await removeUnfinished(folder);
        expect(readdirSync(folder)).toEqual(["weights.bin"]);
        if (signal !== "SIGKILL") break;
        sawKilled++;
      }
      expect(readFileSync(file, "utf8")).toBe(complete[1]);
      expect(sawKilled).toBe(8); // open, write, sync, close, rename; open, sync, close of the folder
    },
  );

  test.skipIf(!canMount())("keeps the old file when a real disk fills up", () => {
    const script = `
      mount -t tmpfs -o size=256k tmpfs "$1" && printf old > "$1/weights.bin" &&
      "$2" --input-type=module -e '
        const { writeFileAtomic } = await import(process.argv[1]);
        function* zeros() { for (let i = 0; i < 64; i++) yield new Uint8Array(65536); }
        await writeFileAtomic(process.argv[2], zeros()).catch((error) => console.log(error.failure.code));
      ' "$3" "$1/weights.bin" && ls -A "$1" && cat "$1/weights.bin"`;
    const module = join(import.meta.dirname, "../../../native-models/formats/atomic.ts");
    const args = ["-rm", "sh", "-c", script, "sh", folder, process.execPath, module];
    expect(execFileSync("unshare", args, { encoding: "utf8" })).toBe("disk-full\nweights.bin\nold");
  });
});

test("a replacement that another writer began does not disturb this one", async () => {
  const first = await Replacement.begin(file);
  await first.write(Buffer.from("first"));
  await writeFileAtomic(file, "second");
  await first.discard();
  expect(readFileSync(file, "utf8")).toBe("second");
});

/** Whether this account may mount a small disk of its own (Linux with user namespaces). */
function canMount(): boolean {
  return process.platform === "linux" && spawnSync("unshare", ["-rm", "true"]).status === 0;
}
