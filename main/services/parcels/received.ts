/** Models that somebody handed on: checked, shown, and only then written to the home, as models/received/NAME. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { makeFolder, moveIntoPlace, remove, unfinishedPath } from "../../../native-models/formats/atomic.ts";
import type { FoundModel, Opening, ReceivedParcel } from "../../../preload/contract/calls/models.ts";
import type { CheckedParcel } from "../../../preload/contract/results/passport.ts";
import type { Home } from "../../home/home.ts";
import type { ParcelOptions, Reading } from "../data/reading.ts";
import { fileName } from "../home/file-name.ts";
import { receivedIn } from "../models/received-models.ts";
import type { SettingsService } from "../settings/settings.ts";
import { ownFingerprint } from "./signing-key.ts";

interface Receiving {
  readonly home: Pick<Home, "models" | "signingKey">;
  readonly settings: SettingsService;
}

/** Checks a handed-on model, and says who signed it. Failures: those of `readParcel`; cancelled, engine-stopped. */
export async function lookIntoParcel(
  { home, settings }: Receiving,
  reading: Pick<Reading, "parcel">,
  path: string,
  options: ParcelOptions = {},
): Promise<ReceivedParcel> {
  const checked = await reading.parcel(path, null, options);
  return { ...checked, sender: senderOf({ home, settings }, checked) };
}

function senderOf({ home, settings }: Receiving, { fingerprint }: CheckedParcel): ReceivedParcel["sender"] {
  if (fingerprint === ownFingerprint(home)) return { kind: "self", name: "" };
  const name = settings.get().senders[fingerprint];
  return name === undefined ? { kind: "first", name: "" } : { kind: "known", name };
}

/**
 * Writes the model that was looked at to the home, unless it is there already; remembers its sender, under `sender` if that is not empty.
 * Failures: model-changed if the file is another one by now; those of `lookIntoParcel`; disk-full, unwritable.
 */
export async function openParcel(
  { home, settings }: Receiving,
  reading: Pick<Reading, "parcel">,
  { path, id, sender }: Opening,
  options: ParcelOptions = {},
): Promise<FoundModel> {
  const place = receivedIn(home);
  makeFolder(place);
  const partial = unfinishedPath(join(place, id));
  try {
    const { passport, fingerprint, ...checked } = await reading.parcel(path, partial, options);
    if (checked.id !== id) fail({ code: "model-changed", path });
    const { name } = passport.model;
    const folder = join(place, `${fileName(name, /[^\p{L}\p{N}.]+/gu, "model")}-${id.slice(0, 8)}`);
    if (!existsSync(folder)) await moveIntoPlace(partial, folder);
    const { senders } = settings.get();
    const called = sender.trim() || (senders[fingerprint] ?? "");
    if (fingerprint !== ownFingerprint(home))
      settings.set({ senders: { ...senders, [fingerprint]: called } });
    const weights = passport.files.filter((file) => file.name.endsWith(".safetensors"));
    const bytes = weights.reduce((sum, file) => sum + file.sizeBytes, 0);
    return { path: folder, name, source: "received", sizeBytes: bytes };
  } finally {
    await remove(partial);
  }
}
