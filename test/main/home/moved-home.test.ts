import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { homeFolder } from "../../../main/home/home.ts";
import { writeMoved } from "../../../main/home/moved-home.ts";
import { openServices } from "../../../main/services/open.ts";
import { failureFrom } from "../failure-from.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A person without COPPICE_HOME, and where their home would be. */
function person() {
  const data = temporaryFolder();
  const environment = { XDG_DATA_HOME: data };
  return { place: join(data, "coppice"), home: () => homeFolder(environment, "linux", "/nobody") };
}

describe("a moved home", () => {
  test("is found by the note that it left behind", () => {
    const { place, home } = person();
    expect(home()).toBe(place);
    const folder = join(temporaryFolder(), "Coppice");
    openServices(folder).close();
    writeMoved(place, { folder });
    expect(home()).toBe(folder);
  });

  test("is not replaced by an empty one while its disk is not connected", () => {
    const { place, home } = person();
    const folder = join(temporaryFolder(), "unplugged");
    writeMoved(place, { folder });
    expect(failureFrom(home)).toMatchObject({ code: "not-found", path: folder });
    expect(existsSync(folder)).toBe(false);
  });

  test("is overridden by COPPICE_HOME", () => {
    const { place } = person();
    writeMoved(place, { folder: "/elsewhere" });
    expect(homeFolder({ COPPICE_HOME: "/mine", XDG_DATA_HOME: join(place, "..") }, "linux")).toBe("/mine");
  });

  test("with a damaged note is reported", () => {
    const { place, home } = person();
    mkdirSync(place);
    writeFileSync(join(place, "moved.json"), '{"folder": "relative"}');
    expect(failureFrom(home)).toMatchObject({ code: "corrupt-file" });
  });
});
