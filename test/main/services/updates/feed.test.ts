/** Nothing of a feed is believed before its signature is right; what a package may ask is an address of its maker's. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readFeed } from "../../../../main/services/updates/feed.ts";
import { isUpdateAddress, updatePlaceOf } from "../../../../main/services/updates/place.ts";
import { isSigned, newKeyPair, signFeed } from "../../../../main/services/updates/signature.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const { publicKey, privateKey } = newKeyPair();
const place = { address: "https://updates.example/", publicKey };
const sha512 = `${"A".repeat(86)}==`;
const written = (file: object) => Buffer.from(JSON.stringify({ version: "1.2.3", files: [file] }));
const whole = { url: "Coppice-1.2.3.AppImage", sha512, size: 10 };

const read = (content: Buffer) =>
  readFeed(place, "latest.yml", content, signFeed("latest.yml", content, privateKey));

describe("A signature", () => {
  const content = written(whole);
  const signature = signFeed("latest.yml", content, privateKey);

  test("is valid for these bytes, this name and this key, and for nothing else", () => {
    expect(isSigned("latest.yml", content, signature, publicKey)).toBe(true);
    expect(isSigned("latest.yml", content, `${signature}\n`, publicKey)).toBe(true);
    expect(isSigned("latest-linux.yml", content, signature, publicKey)).toBe(false);
    expect(isSigned("latest.yml", content, signature, newKeyPair().publicKey)).toBe(false);
    for (const text of ["", "AAAA", "not base64!", signature.slice(4), "A".repeat(88)])
      expect(isSigned("latest.yml", content, text, publicKey)).toBe(false);
  });

  test("is invalid when any single bit of the feed is changed", () => {
    for (let bit = 0; bit < content.length * 8; bit++) {
      const changed = Buffer.from(content);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(isSigned("latest.yml", changed, signature, publicKey)).toBe(false);
    }
  });
});

describe("A feed", () => {
  test("that is signed and complete is read", () => {
    expect(read(written(whole))).toEqual({ version: "1.2.3", files: [whole] });
  });

  test.each([
    ["without a signature", undefined, "unsigned"],
    ["with a wrong one", "AAAA", "wrong-signature"],
  ])("%s is refused before it is read", (_, signature, reason) => {
    const content = Buffer.from("{ not: [yaml");
    expect(failureFrom(() => readFeed(place, "latest.yml", content, signature))).toEqual({
      code: "update-refused",
      address: place.address,
      reason,
    });
  });

  test.each([
    ["a path", { ...whole, url: "../Coppice.AppImage" }],
    ["another address", { ...whole, url: "https://example.com/Coppice.AppImage" }],
    ["a hidden name", { ...whole, url: ".AppImage" }],
    ["no hash", { ...whole, sha512: undefined }],
    ["a weaker hash", { ...whole, sha512: "A".repeat(44) }],
    ["no size", { ...whole, size: undefined }],
    ["a size below nothing", { ...whole, size: -1 }],
  ])("that names %s is refused, signed or not", (_, file) => {
    expect(failureFrom(() => read(written(file)))).toMatchObject({ reason: "malformed" });
  });

  test.each(["", "- 1", "{ not: [yaml", "version: 1", "a: &a [*a]", "version: !!js/function 1"])(
    "that says %j is refused, signed or not",
    (text) => {
      expect(failureFrom(() => read(Buffer.from(text)))).toMatchObject({ reason: "malformed" });
    },
  );
});

describe("The update address", () => {
  test.each([
    ["https://updates.example/", true],
    ["https://updates.example/coppice/", true],
    ["http://127.0.0.1:8080/", true],
    ["http://updates.example/", false],
    ["http://127.0.0.1.updates.example/", false],
    ["https://updates.example/coppice", false],
    ["https://person@updates.example/", false],
    ["https://updates.example/?a=/", false],
    ["https://updates.example/#/", false],
    ["ftp://updates.example/", false],
    ["file:///", false],
    ["", false],
  ])("may be %s: %s", (address, may) => {
    expect(isUpdateAddress(address)).toBe(may);
  });

  test("is the one the package was built with, and none without a usable address and key", () => {
    const folder = join(temporaryFolder(), "application");
    mkdirSync(folder);
    const placeIn = (manifest: object) => {
      writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
      return updatePlaceOf(folder);
    };
    expect(placeIn({ updates: place })).toEqual(place);
    for (const updates of [
      undefined,
      null,
      {},
      { ...place, publicKey: "" },
      { ...place, publicKey: privateKey },
    ])
      expect(placeIn({ updates })).toBeNull();
    expect(placeIn({ updates: { ...place, address: "http://updates.example/" } })).toBeNull();
  });
});
