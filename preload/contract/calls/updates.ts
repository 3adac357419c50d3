/** New versions: off until the person switches them on, or presses a button that says where it asks. */
import { z } from "zod";
import { call, notification, stream } from "../call.ts";

/** A version that is newer than this one, and signed. */
export const Offer = z.object({
  version: z.string(),
  sizeBytes: z.number(),
});
export type Offer = z.infer<typeof Offer>;

export const UpdateState = z.object({
  /** Where this package's updates come from; null if it was made without an address and a key. */
  address: z.string().nullable(),
  /** Whether this package can replace itself; others are told of a version alone. */
  replacesItself: z.boolean(),
  /** When the address was last asked since the start. */
  askedAt: z.string().nullable(),
  /** Requests to the address since the start. */
  requests: z.number(),
  offer: Offer.nullable(),
  /** Whether the offer lies on this computer, checked. */
  isDownloaded: z.boolean(),
});
export type UpdateState = z.infer<typeof UpdateState>;

export const updates = {
  state: call(z.void(), UpdateState),
  changed: notification(UpdateState),
  /** Asks the address now. */
  look: call(z.void(), UpdateState),
  download: stream(z.void(), z.object({ doneBytes: z.number(), totalBytes: z.number() }), UpdateState),
  /** Saves what runs, replaces this version by the downloaded one and starts that. */
  install: call(z.void(), z.void()),
};
