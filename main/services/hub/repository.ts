/** What can be downloaded from a repository of the hub: its listing, read with @huggingface/hub; nothing in it is trusted unchecked. */
import { z } from "zod";
import { requireSupported } from "../../../native-models/architectures/registry.ts";
import { AppError, fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { Unreachable } from "../network/request.ts";
import type { HubAnswer, HubRequests } from "./hub-requests.ts";
import { ListedEntry, modelChoices } from "./model-files.ts";
import type { ModelChoice } from "./model-files.ts";

export interface Repository {
  /** "OWNER/NAME" */
  readonly name: string;
  /** The revision that is downloaded, even if the repository changes meanwhile: 40 hexadecimal digits. */
  readonly commit: string;
  /** The licence that its card names, such as "apache-2.0"; null if it names none. */
  readonly licence: string | null;
  /** Whether its publisher requires terms to be accepted first. */
  readonly isGated: boolean;
  /** The models in it: the safetensors first, then each GGUF file. At least one. */
  readonly choices: readonly ModelChoice[];
}

/** The name of a repository: OWNER/NAME. */
export const RepositoryName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/)
  .refine((name) => !name.includes(".."));

const Card = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  gated: z.union([z.boolean(), z.string()]).nullish(),
  config: z
    .object({ model_type: z.string().nullish(), architectures: z.array(z.string()).nullish() })
    .nullish(),
  cardData: z
    .object({
      license: z.union([z.string(), z.array(z.string())]).nullish(),
      license_name: z.string().nullish(),
    })
    .nullish(),
});

/** Every card and page of a listing is smaller than this, and no model's repository has more entries. */
const ANSWER_LIMIT_BYTES = 16 * 2 ** 20;
const MOST_ENTRIES = 10_000;
const ANSWER_MS = 30_000;

/**
 * Asks the hub what a repository contains. Failures: bad-choice for a malformed name or revision, unsupported-architecture,
 * repository-refused, download-refused, hub-unreachable, cancelled.
 */
export async function readRepository(
  requests: HubRequests,
  name: string,
  { revision = "main", signal }: { revision?: string; signal: AbortSignal },
): Promise<Repository> {
  checkName(name);
  checkRevision(revision);
  const { host } = requests.hub;
  const refuse: Refuse = (reason) =>
    fail({ code: "download-refused", host, repository: name, file: null, reason });
  try {
    const asked = {
      hubUrl: requests.hub.address,
      fetch: limitedFetch(requests, { repository: name, signal, refuse }) as never,
    };
    const { sha, gated, config, cardData } = await cardOf({ ...asked, name, revision }, refuse);
    // Refused before anything is downloaded. For a multimodal model, the card does not name the language model's family.
    if (config?.model_type && config.architectures?.some((name) => name.endsWith("ForCausalLM")))
      requireSupported(config.model_type.slice(0, 100));
    const entries = await entriesOf({ ...asked, name, revision: sha }, refuse);
    return {
      name,
      commit: sha,
      licence: licenceOf(cardData),
      isGated: gated !== undefined && gated !== null && gated !== false,
      choices: modelChoices(entries, { host, repository: name }),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof Unreachable) return fail({ code: "hub-unreachable", host, reason: error.reason });
    return refuse("malformed"); // the library did not find what it expects
  }
}

type Refuse = (reason: "malformed" | "too-large" | "redirect") => never;

/** What the library is asked about, and how it asks. */
interface Asked {
  readonly hubUrl: string;
  readonly fetch: never;
  readonly name: string;
  readonly revision: string;
}

function checkName(name: string): void {
  if (!RepositoryName.safeParse(name).success)
    refuseChoice({ code: "repository-name", name: name.slice(0, 200) });
}

function checkRevision(revision: string): void {
  if (/^[\w.-]+(\/[\w.-]+)*$/.test(revision) && !revision.includes("..")) return;
  refuseChoice({ code: "revision", revision });
}

/** The `fetch` given to the library: only the hub itself, within limits. */
function limitedFetch(
  requests: HubRequests,
  { repository, signal, refuse }: { repository: string; signal: AbortSignal; refuse: Refuse },
) {
  return async (input: string) => {
    if (!requests.hub.isItself(input)) return refuse("redirect");
    const answer = await requests.get(input, {
      repository,
      signal,
      deadlineMs: ANSWER_MS,
      headers: { accept: "application/json" },
    });
    const text = await textOf(answer);
    if (text === null) return refuse("too-large");
    const json = () => {
      try {
        return Promise.resolve(JSON.parse(text) as unknown);
      } catch {
        return refuse("malformed");
      }
    };
    const headers = { get: (header: string) => answer.headers[header.toLowerCase()] ?? null };
    return { ok: answer.status === 200, status: answer.status, url: answer.url, headers, json };
  };
}

async function cardOf(asked: Asked, refuse: Refuse): Promise<z.infer<typeof Card>> {
  const { modelInfo } = await import("@huggingface/hub");
  const info = await modelInfo({ ...asked, additionalFields: ["sha", "config", "cardData"] });
  return Card.safeParse(info).data ?? refuse("malformed");
}

async function entriesOf({ name, ...asked }: Asked, refuse: Refuse): Promise<ListedEntry[]> {
  const { listFiles } = await import("@huggingface/hub");
  const entries: ListedEntry[] = [];
  for await (const item of listFiles({ ...asked, repo: { type: "model", name }, recursive: true })) {
    const entry = ListedEntry.safeParse(item);
    if (!entry.success) return refuse("malformed");
    if (entries.push(entry.data) > MOST_ENTRIES) return refuse("too-large");
  }
  return entries;
}

function licenceOf(cardData: z.infer<typeof Card>["cardData"]): string | null {
  const licences = [cardData?.license ?? []].flat();
  const licence = licences[0] === "other" ? (cardData?.license_name ?? "other") : licences.join(", ");
  return licence === "" ? null : licence.slice(0, 100);
}

/** The text of an answer; null if it is too long. */
async function textOf(answer: HubAnswer): Promise<string | null> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.chunks) {
    if ((bytes += chunk.length) > ANSWER_LIMIT_BYTES) return null;
    read.push(chunk);
  }
  return Buffer.concat(read).toString("utf8");
}
