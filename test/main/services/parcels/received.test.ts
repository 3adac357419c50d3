import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Reading } from "../../../../main/services/data/reading.ts";
import { foundModels } from "../../../../main/services/models/found-models.ts";
import { lookIntoParcel, openParcel } from "../../../../main/services/parcels/received.ts";
import { ownFingerprint, sealOf } from "../../../../main/services/parcels/signing-key.ts";
import { removeDownloaded } from "../../../../main/services/runs/removing-models.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { modelFolder, parcelBytes, passportIn } from "../../parcel.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

function readingForTest(): Reading {
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  return reading;
}

async function parcelFile(change: (folder: string) => void = () => {}): Promise<string> {
  const folder = modelFolder();
  change(folder);
  const path = join(temporaryFolder(), "Clauses.coppice");
  writeFileSync(path, await parcelBytes(folder, passportIn(folder)));
  return path;
}

test("a received model is looked at, opened, listed, its sender known, and removed", async () => {
  const services = servicesForTest();
  const reading = readingForTest();
  const path = await parcelFile();
  const looked = await lookIntoParcel(services, reading, path);
  expect(looked.sender).toEqual({ kind: "first", name: "" });
  expect(foundModels(services).some(({ source }) => source === "received")).toBe(false);
  const opening = { path, id: looked.id, sender: " Anna " };
  const opened = await openParcel(services, reading, opening);
  expect(await openParcel(services, reading, opening)).toEqual(opened); // twice is once
  expect(foundModels(services)).toContainEqual(opened);
  expect(opened).toMatchObject({ name: "Clauses", source: "received" });
  expect((await reading.inspect(opened.path)).layers).toBeGreaterThan(0);
  expect((await lookIntoParcel(services, reading, path)).sender).toEqual({ kind: "known", name: "Anna" });
  expect(readdirSync(join(services.home.models, "received"))).toHaveLength(1);
  await removeDownloaded(services, opened.path);
  expect(existsSync(opened.path)).toBe(false);
});

test("a file that is another one by now, or whose model cannot be loaded, leaves nothing", async () => {
  const services = servicesForTest();
  const reading = readingForTest();
  const place = join(services.home.models, "received");
  const path = await parcelFile();
  const other = await openParcel(services, reading, { path, id: "0".repeat(64), sender: "" }).catch(
    failureOf,
  );
  expect(other).toMatchObject({ code: "model-changed", path });
  expect(readdirSync(place)).toEqual([]);
  const broken = await parcelFile((folder) =>
    writeFileSync(join(folder, "model.safetensors"), "not weights".repeat(9)),
  );
  const { id } = await lookIntoParcel(services, reading, broken);
  const refused = await openParcel(services, reading, { path: broken, id, sender: "" }).catch(failureOf);
  expect(refused).toEqual({ code: "bad-parcel", path: broken, problem: "contents" });
  expect(readdirSync(place)).toEqual([]);
});

test("a home makes its key once, for this account only", () => {
  const { home } = servicesForTest();
  expect(ownFingerprint(home)).toBeNull();
  const first = sealOf(home, "{}");
  expect(sealOf(home, "{}")).toEqual(first);
  expect(ownFingerprint(home)).toBe(first.fingerprint);
  if (process.platform !== "win32") expect(statSync(home.signingKey).mode & 0o777).toBe(0o600);
});
