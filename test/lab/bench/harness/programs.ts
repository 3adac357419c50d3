/** Programs that ask a server by OpenAI's interface, each request on a connection of its own. */
import { request } from "node:http";
import { createInterface } from "node:readline";
import { readdirSync, readFileSync } from "node:fs";

export interface Served {
  /** "http://127.0.0.1:11535" */
  readonly url: string;
  readonly model: string;
}

export interface Reply {
  /** Of HTTP; null if the connection or the end of the answer was lost. */
  readonly status: number | null;
  readonly text: string;
  readonly tokens: number;
  /** From the request to the first piece of text, in ms; null without text. */
  readonly firstMs: number | null;
}

/** Asks a question; the answer is streamed. */
export function ask({ url, model }: Served, content: string, tokens: number): Promise<Reply> {
  const started = performance.now();
  const messages = [{ role: "user", content }];
  const streamed = { stream: true, stream_options: { include_usage: true } };
  const body = JSON.stringify({ model, messages, max_tokens: tokens, temperature: 0, ...streamed });
  return new Promise((resolve) => {
    const lost = () => resolve({ status: null, text: "", tokens: 0, firstMs: null });
    const headers = { "content-type": "application/json" };
    const asking = request(`${url}/v1/chat/completions`, { method: "POST", agent: false, headers });
    asking.on("error", lost);
    asking.on("response", (response) => {
      const status = response.statusCode!;
      let [text, written, isWhole]: [string, number, boolean] = ["", 0, status !== 200];
      let firstMs: number | null = null;
      createInterface({ input: response }).on("line", (line) => {
        if (line === "data: [DONE]") isWhole = true;
        else if (line.startsWith("data: ")) {
          const { choices, usage } = JSON.parse(line.slice("data: ".length)) as Chunk;
          text += choices[0]?.delta.content ?? "";
          if (text) firstMs ??= performance.now() - started;
          written = usage?.completion_tokens ?? written;
        }
      });
      response.on("error", lost);
      response.on("close", () => {
        if (isWhole) resolve({ status, text, tokens: written, firstMs });
        else lost();
      });
    });
    asking.end(body);
  });
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly usage?: { readonly completion_tokens: number } | null;
}

/** Asks all, `most` at a time; the replies in order. */
export async function askAll<Item>(
  items: readonly Item[],
  most: number,
  askOne: (item: Item) => Promise<Reply>,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  const next = items.entries();
  const work = async () => {
    for (const [at, item] of next) replies[at] = await askOne(item);
  };
  await Promise.all(Array.from({ length: most }, work));
  return replies;
}

/** The resident bytes of the largest process that this one started; null if the system does not report it. */
export function childBytes(processId: number): number | null {
  if (process.platform !== "linux") return null;
  const sizes = readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const isChild = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) === processId;
      return isChild ? Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024 : [];
    } catch {
      return []; // it has ended
    }
  });
  return sizes.length > 0 ? Math.max(...sizes) : null;
}
