import { counted } from "./counted.ts";

export const server = {
  title: "Local server",
  about:
    "While Coppice is open, programs on this computer can use your finished runs as they use OpenAI or Ollama. Other computers cannot.",
  on: "On",
  off: "Off",
  notStarted: "Not started",
  address: "Address",
  ollama: "For Ollama",
  token: "Token",
  tokenEnd: (end: string) => `…${end}`,
  copy: "Copy",
  copyOf: (what: string) => `Copy: ${what}`,
  renew: "New token",
  tokenAbout: "Programs send it as their API key. With a new one, none can ask until you give it to them.",
  port: "Port",
  portAbout: "Change it if another program uses it: 1024 to 65535.",
  models: (names: readonly string[]) =>
    names.length === 0 ? "There are no finished runs yet." : `Models: ${names.join(", ")}`,
  whoAsks: "Who asks",
  since: "Since the start",
  last: "Last",
  requests: (count: number) => counted(count, "request"),
  refused: "Refused: without the token, or from a page",
  stop: "Stop",
  stopOf: (program: string) => `Stop: ${program}`,
  stopped: "Stopped",
  nobody: "No program has asked yet.",
  counted: "Names are those that programs give themselves. No question and no answer is kept.",
};
