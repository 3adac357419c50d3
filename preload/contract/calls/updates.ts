/** Updates: off until the person enables them, or presses a button that names the address. */
import { z } from "zod";
import { call, notification, stream } from "../call.ts";

/** A newer, signed version. */
export const Offer = z.object({
  version: z.string(),
  sizeBytes: z.number(),
});
export type Offer = z.infer<typeof Offer>;

export const UpdateState = z.object({
  /** Where this package's updates come from; null if it was built without an address and a key. */
  address: z.string().nullable(),
  /** Whether this package can replace itself; others only announce a new version. */
  replacesItself: z.boolean(),
  /** When the address was last contacted since the start. */
  askedAt: z.string().nullable(),
  /** Requests to the address since the start. */
  requests: z.number(),
  offer: Offer.nullable(),
  /** Whether the offer has been downloaded and verified. */
  isDownloaded: z.boolean(),
});
export type UpdateState = z.infer<typeof UpdateState>;

export const updates = {
  state: call(z.void(), UpdateState),
  changed: notification(UpdateState),
  /** Checks the address for an update now. */
  look: call(z.void(), UpdateState),
  download: stream(z.void(), z.object({ doneBytes: z.number(), totalBytes: z.number() }), UpdateState),
  /** Saves the active run, replaces this version by the downloaded one and starts it. */
  install: call(z.void(), z.void()),
};
