import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { homeParts } from "../../main/home/home.ts";
import { executable, filesIn, installer, name, unpacked, whyNot, zip } from "./windows-package.ts";
import { hasWineSystem, wineSystem, type WineSystem } from "./wine-system.ts";

const reason =
  whyNot || (hasWineSystem() ? undefined : "npm run test:installers makes the wine that it needs");
const productName = executable.replace(".exe", "");

describe.skipIf(reason)(`The installer for Windows, under wine${reason ? `: ${reason}` : ""}`, () => {
  let system: WineSystem;
  let program: string;
  let data: string;
  beforeAll(() => {
    system = wineSystem();
    copyFileSync(installer!, join(system.folder, "tmp", "setup.exe"));
    program = join(system.localData, "Programs", name);
    data = join(system.localData, "Coppice");
  });
  afterAll(() => system.remove());

  const install = () => system.run("/tmp/setup.exe", "/S");
  const uninstall = (...args: string[]) =>
    system.run(
      `/root/.wine/drive_c/users/root/AppData/Local/Programs/${name}/Uninstall ${executable}`,
      "/S",
      ...args,
    );
  /** wine's file of the account's registry. */
  const registry = () => readFileSync(join(system.folder, "root", ".wine", "user.reg"), "utf8");

  /** What a home has, and a file of the person's own. */
  function writeHome(): void {
    for (const part of [...homeParts.kept, ...homeParts.growing].filter((part) => part !== "hub-token")) {
      mkdirSync(join(data, part), { recursive: true });
      writeFileSync(join(data, part, "something"), "of value");
    }
    for (const file of [homeParts.database, "hub-token"]) writeFileSync(join(data, file), "of value");
    writeFileSync(join(data, "mine.txt"), "mine");
  }

  test("installs every file for this account only", () => {
    install();
    const whole = unpacked(zip!);
    const installed = filesIn(program);
    try {
      expect(installed.delete(`Uninstall ${executable}`)).toBe(true);
      expect(installed).toEqual(filesIn(whole));
    } finally {
      rmSync(whole, { recursive: true, force: true });
    }
    expect(readdirSync(system.startMenu)).toContain(`${productName}.lnk`);
  });

  test("registers itself with Windows, and what a double-click on a model does", () => {
    expect(registry()).toContain(`"DisplayName"="${productName} `);
    expect(registry()).toContain('@="Specialise this model"');
    expect(registry()).toMatch(/^@="\\"C:.*\.exe\\" \\"%1\\""$/m);
    expect(registry()).toContain(`@="${productName}.gguf"`);
  });

  test("over an older version keeps the person's data", () => {
    writeHome();
    const before = filesIn(data);
    install();
    expect(filesIn(data)).toEqual(before);
    expect(existsSync(join(program, executable))).toBe(true);
  });

  test("uninstalls without a trace, except for the person's data", () => {
    const before = filesIn(data);
    uninstall();
    expect(existsSync(program)).toBe(false);
    expect(readdirSync(system.startMenu)).not.toContain(`${productName}.lnk`);
    expect(registry()).not.toContain(`"DisplayName"="${productName} `);
    expect(registry()).not.toContain(`${productName}.gguf`);
    expect(filesIn(data)).toEqual(before);
  });

  test("removes the data where the person asks for that, and nothing else", () => {
    install();
    uninstall("--remove-home");
    expect([...filesIn(data).keys()]).toEqual(["mine.txt"]);
  });
});
