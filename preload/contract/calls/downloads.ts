/** Models from the hub. Nothing is requested before the person presses a button that names the hub and, for a download, its size. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { Fit, FoundModel } from "./models.ts";

/** A model that can be downloaded: "safetensors", or a GGUF file's name. */
export const OfferedModel = z.object({ name: z.string(), sizeBytes: z.number() });
export type OfferedModel = z.infer<typeof OfferedModel>;

export const OfferedRepository = z.object({
  /** OWNER/NAME */
  repository: z.string(),
  /** As stated on its model card; null if none is. */
  licence: z.string().nullable(),
  /** Whether its publisher asks for terms to be accepted first. */
  isGated: z.boolean(),
  choices: z.array(OfferedModel),
});
export type OfferedRepository = z.infer<typeof OfferedRepository>;

/** What a listed model is good for. */
export const Strength = z.enum(["quick", "balanced", "thorough", "code"]);
export type Strength = z.infer<typeof Strength>;

/**
 * What a licence requires. `free`: only that its notices are kept; `conditions`: further terms, such as forbidden uses; `revenue-limit`:
 * commercial use is allowed only below a yearly revenue; `non-commercial`: commercial use is not allowed.
 */
export const Terms = z.enum(["free", "conditions", "revenue-limit", "non-commercial"]);
export type Terms = z.infer<typeof Terms>;

/** A model of the built-in list, with what it needs on this computer. */
export const SuggestedModel = z.object({
  repository: z.string(),
  licence: z.string(),
  terms: Terms,
  isGated: z.boolean(),
  strength: Strength,
  languages: z.enum(["english", "many"]),
  parameters: z.number(),
  /** The approximate size of the download. */
  sizeBytes: z.number(),
  fit: Fit,
  /** Its location if it was downloaded, otherwise null. */
  path: z.string().nullable(),
});
export type SuggestedModel = z.infer<typeof SuggestedModel>;

/** A download that can be resumed. */
const Unfinished = z.object({
  id: z.string(),
  repository: z.string(),
  choice: z.string(),
  doneBytes: z.number(),
  sizeBytes: z.number(),
});

/** A downloaded model with a file that is missing or whose size has changed. */
const DamagedModel = z.object({
  path: z.string(),
  repository: z.string(),
  choice: z.string(),
  /** The commit that it was downloaded from. */
  revision: z.string(),
  sizeBytes: z.number(),
});

/** What the person agreed to download by pressing a button; the newest revision unless `revision` names one. */
export const WantedModel = z.object({
  repository: z.string(),
  choice: z.string(),
  agreedBytes: z.number(),
  revision: z.string().optional(),
});
export type WantedModel = z.infer<typeof WantedModel>;

export const DownloadsState = z.object({
  /** "huggingface.co", or a mirror. */
  host: z.string(),
  /** Requests to the hub and its file servers since the start. */
  requests: z.number(),
  unfinished: z.array(Unfinished),
  damaged: z.array(DamagedModel),
  /** `kept`: stored encrypted across restarts; `session`: only until the program ends, because this system cannot encrypt it. */
  token: z.enum(["none", "kept", "session"]),
});
export type DownloadsState = z.infer<typeof DownloadsState>;

export const downloads = {
  /** Null if this package was built without downloads. */
  state: call(z.void(), DownloadsState.nullable()),
  /** The built-in list; requests nothing. */
  suggested: call(z.void(), z.array(SuggestedModel)),
  /** Asks the hub for a repository's models. */
  look: stream(z.object({ repository: z.string() }), z.never(), OfferedRepository),
  /**
   * Downloads one of its models, or repairs a damaged one. If the download is larger than the person agreed to, nothing is downloaded:
   * `found` is null and `sizeBytes` is the actual size.
   */
  get: stream(
    WantedModel,
    z.object({ doneBytes: z.number(), totalBytes: z.number() }),
    z.object({ found: FoundModel.nullable(), sizeBytes: z.number() }),
  ),
  /** Removes the files of an unfinished download. */
  discard: call(z.object({ id: z.string() }), DownloadsState),
  /** Stores the person's access token, or removes it. */
  setToken: call(z.object({ token: z.string().nullable() }), DownloadsState),
};
