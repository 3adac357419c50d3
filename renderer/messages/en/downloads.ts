import type {
  DownloadsState,
  Strength,
  SuggestedModel,
  Terms,
} from "../../../preload/contract/calls/downloads.ts";

const strengths: Record<Strength, string> = {
  quick: "quick to train, for simple questions",
  balanced: "balanced",
  thorough: "more knowledge, slower",
  code: "for program code",
};
const languages: Record<SuggestedModel["languages"], string> = {
  english: "English",
  many: "many languages",
};
const terms: Record<Exclude<Terms, "free">, (licence: string) => string> = {
  conditions: (licence) =>
    `Its licence (${licence}) has terms of its own, such as forbidden uses and a notice that you pass on. Read it before you share a model made from this one.`,
  "revenue-limit": (licence) =>
    `Its licence (${licence}) allows commercial use only below a yearly revenue. Read it before you use this model in a business.`,
  "non-commercial": (licence) =>
    `Its licence (${licence}) does not allow commercial use. Choose another model for work.`,
};
const hasToken: Record<Exclude<DownloadsState["token"], "none">, string> = {
  kept: "Your access token is stored, encrypted by this system.",
  session: "Your access token is forgotten when Coppice closes, because this system cannot encrypt it.",
};

export const downloads = {
  title: "Download another open model",
  about: (host: string) => `Coppice connects to ${host} only when you press a button that names it.`,
  sends: "Sends the model’s name and, as in any connection, this computer’s address; none of your data.",
  language: "Language",
  list: "Open models that Coppice supports",
  strengths,
  languages,
  nonCommercial: "no commercial use",
  terms,
  aboutSize: (size: string) => `about ${size}`,
  gated: ["terms to accept"],
  gatedAbout: (address: string) =>
    `The publisher asks you to accept terms first: open ${address} in your browser, accept them, then enter an access token of your account here.`,
  damaged: "Some of its files are missing or were changed. Only those are downloaded again.",
  repair: (size: string, host: string) => `Repair: at most ${size} from ${host}`,
  use: "Use this model",
  get: (size: string, host: string) => `Download ${size} from ${host}`,
  byName: "Any other model by its name",
  byNameHint:
    "As its page names it: OWNER/NAME. Only safetensors and GGUF files are downloaded, never programs.",
  look: (host: string) => `Look it up at ${host}`,
  licence: (licence: string | null) => (licence === null ? "No licence is stated." : `Licence: ${licence}`),
  choices: "Which file",
  safetensors: "safetensors, the whole folder",
  getting: (name: string, host: string) => `Downloading ${name} from ${host}`,
  goesOn: "You can use other pages meanwhile; a cancelled download can be resumed.",
  finished: (name: string) => `${name} is downloaded, its checksums are right, and it is chosen.`,
  arrived: (name: string) => `${name} is downloaded, and its checksums are right.`,
  larger: (size: string) => `The model is larger than expected: ${size}. Nothing was downloaded yet.`,
  unfinished: (done: string, all: string) => `${done} of ${all} downloaded`,
  resume: (size: string, host: string) => `Resume: ${size} from ${host}`,
  discard: "Remove",
  token: "Access token",
  tokenHint: "It begins with hf_. This system encrypts it; it is only ever sent to the hub.",
  saveToken: "Use this token",
  hasToken,
  forgetToken: "Forget the token",
  askedTimes: (count: number, host: string) =>
    count === 1
      ? `1 request to ${host} and its file servers for a model.`
      : `${count} requests to ${host} and its file servers for models.`,
};
