/** Which packages may be released, and the update settings of a package. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { whyNotPublished, whyNotWith } from "../../../build/package/publish.ts";
import { signUpdate } from "../../../build/package/sign-update.ts";
import { updatePlaceFrom } from "../../../build/package/updates.ts";
import { isSigned, newKeyPair } from "../../../main/services/updates/signature.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const current = { isFallback: false, version: "41.7.1" };
const { publicKey, privateKey } = newKeyPair();
const makers = { homepage: "https://coppice.test/", author: "The makers <makers@coppice.test>" };
const address = "https://updates.example/";

describe("Publishing", () => {
  test.each([
    ["windows", {}, /would be unsigned; set WIN_CSC_LINK/],
    ["linux", { COPPICE_UPDATE_ADDRESS: address }, /updates would be unsigned/],
  ] as const)("packages for %s with %o are refused in one sentence", (platform, environment, says) => {
    const reason = whyNotPublished({ platform }, environment, makers);
    expect(reason).toMatch(says);
    expect(reason).toMatch(/^Not published: [^\n]+\.$/);
  });

  test("refuses packages with the fallback Electron in one sentence", () => {
    expect(whyNotWith(current)).toBeNull();
    expect(whyNotWith({ isFallback: true, version: "22.3.25" })).toMatch(
      /^Not published: Electron 22\.3\.25 replaces the current one [^\n]+\.$/,
    );
  });

  test("allows packages with the current Electron that are signed if their system checks that", () => {
    expect(whyNotPublished({ platform: "linux" }, {}, makers)).toBeNull();
    expect(whyNotPublished({ platform: "windows" }, { WIN_CSC_LINK: "a.pfx" }, makers)).toBeNull();
    const updates = { COPPICE_UPDATE_ADDRESS: address, COPPICE_UPDATE_PRIVATE_KEY: privateKey };
    expect(whyNotPublished({ platform: "linux" }, updates, makers)).toBeNull();
  });

  test.each([{ homepage: "https://coppice.example" }, { author: "The makers <packages@coppice.example>" }])(
    "packages of makers that are only an example are refused: %o",
    (example) => {
      const reason = whyNotPublished({ platform: "linux" }, {}, { ...makers, ...example });
      expect(reason).toMatch(/^Not published: package\.json still has an example homepage/);
    },
  );

  test.runIf(process.platform === "linux")("npm run dist -- --publish says so, and makes nothing", () => {
    const args = ["--disable-warning=ExperimentalWarning", "build/dist.ts", "--publish", "--windows"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^Not published: .+\.$/);
  });
});

describe("A package's updates", () => {
  const released = { name: "coppice", productName: "Coppice", appId: "org.coppice.desktop" };
  const forTests = { ...released, name: "coppice-test" };
  const place = { COPPICE_UPDATE_ADDRESS: address, COPPICE_UPDATE_PUBLIC_KEY: publicKey };

  test("come from the environment, and are off without it", () => {
    expect(updatePlaceFrom({}, released)).toBeNull();
    expect(updatePlaceFrom(place, released)).toEqual({ address, publicKey });
  });

  test.each([
    [{ ...place, COPPICE_UPDATE_PUBLIC_KEY: "" }],
    [{ ...place, COPPICE_UPDATE_ADDRESS: "" }],
    [{ ...place, COPPICE_UPDATE_PUBLIC_KEY: privateKey }],
    [{ ...place, COPPICE_UPDATE_ADDRESS: "http://updates.example/" }],
    [{ ...place, COPPICE_UPDATE_ADDRESS: "http://127.0.0.1:8080/" }],
  ])("stop the making of packages when they cannot be used: %o", (environment) => {
    expect(() => updatePlaceFrom(environment, released)).toThrow(/Updates need both/);
  });

  test("may come from this computer only in the test edition", () => {
    const local = { ...place, COPPICE_UPDATE_ADDRESS: "http://127.0.0.1:8080/" };
    expect(updatePlaceFrom(local, forTests)?.address).toBe("http://127.0.0.1:8080/");
  });

  test("are signed under the feed's own name", () => {
    const folder = join(temporaryFolder(), "dist");
    mkdirSync(folder);
    const feed = join(folder, "latest-linux.yml");
    writeFileSync(feed, "version: 1.0.0\n");
    const signature = readFileSync(signUpdate(feed, privateKey), "utf8");
    expect(isSigned("latest-linux.yml", readFileSync(feed), signature, publicKey)).toBe(true);
  });
});
