/** The capabilities that the shipped binary lacks. */
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { chooseElectron } from "../../../build/electron/choose.ts";
import { fusesOf, readFuses } from "../../../build/package/fuses.ts";
import { electronBehind } from "../../../build/package/launcher.ts";
import { shipped } from "./shipped.ts";

const driven = process.env["COPPICE_TEST_BINARY"]!;

test("every fuse of the shipped binary is set as decided: nine of nine, and the seven that Electron 22 has", async () => {
  const { version, isFallback } = await chooseElectron();
  const decided = fusesOf(process.platform as "linux" | "win32", version);
  const burnt = await readFuses(electronBehind(shipped));
  expect(Object.keys(burnt).length).toBe(isFallback ? 7 : 9);
  expect(decided).toMatchObject(burnt);
});

test("the journeys' binary is beside it, and differs only in --inspect", async () => {
  expect(dirname(driven)).toBe(dirname(shipped));
  expect(await readFuses(driven)).toEqual({
    ...(await readFuses(electronBehind(shipped))),
    EnableNodeCliInspectArguments: true,
  });
});
