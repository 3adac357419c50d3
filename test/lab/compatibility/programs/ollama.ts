/** A real Ollama, of the file that COPPICE_OLLAMA names, with a home and a store of its own. */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChatMessage } from "../../../../native-models/chat-template.ts";

/** What Ollama answers; the probabilities are those of the likeliest tokens after the prompt, by their texts. */
export interface Generated {
  readonly text: string;
  /** Its tokens, as texts. */
  readonly tokens: readonly string[];
  readonly promptTokens: number;
  /** "stop" where an end token or a stop string ended it, "length" at the limit. */
  readonly ended: string;
  readonly probabilities: ReadonlyMap<string, number>;
}

interface Reply {
  readonly response?: string;
  readonly message?: { readonly content: string };
  readonly prompt_eval_count?: number;
  readonly done_reason?: string;
  readonly logprobs?: readonly {
    readonly token: string;
    readonly top_logprobs: readonly { readonly token: string; readonly logprob: number }[];
  }[];
  readonly _debug_info?: { readonly rendered_template: string };
}

const START_MS = 60_000;
const TOP = 20;

export class Ollama {
  readonly version: string;
  /** The folder of the models, as `OLLAMA_MODELS`. */
  readonly store: string;
  readonly #program: string;
  readonly #home: string;
  readonly #address: string;
  readonly #server: ChildProcess;

  private constructor(program: string, home: string, address: string, server: ChildProcess, version: string) {
    this.#program = program;
    this.#home = home;
    this.#address = address;
    this.#server = server;
    this.version = version;
    this.store = join(home, "models");
  }

  /** Null where COPPICE_OLLAMA names none. Throws where it does not start. */
  static async start(): Promise<Ollama | null> {
    const program = process.env.COPPICE_OLLAMA;
    if (!program) return null;
    const home = mkdtempSync(join(tmpdir(), "coppice-ollama-"));
    const address = `127.0.0.1:${await freePort()}`;
    const server = spawn(program, ["serve"], { env: environment(home, address), stdio: "ignore" });
    const until = Date.now() + START_MS;
    for (;;) {
      const reply = await fetch(`http://${address}/api/version`).catch(() => null);
      if (reply?.ok) {
        const { version } = (await reply.json()) as { version: string };
        return new Ollama(program, home, address, server, version);
      }
      if (Date.now() > until || server.exitCode !== null) throw new Error(`${program} serve does not answer`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** `ollama create` of an exported folder. Throws what it wrote. */
  create(name: string, folder: string): void {
    const { status, stderr } = spawnSync(this.#program, ["create", name, "-f", "Modelfile"], {
      cwd: folder,
      env: environment(this.#home, this.#address),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  }

  /** Continues a text as it is. */
  async continued(model: string, prompt: string, tokens: number): Promise<Generated> {
    return this.#generated("generate", { model, prompt, raw: true }, tokens);
  }

  /** The answer to a conversation. */
  async chatted(model: string, messages: readonly ChatMessage[], tokens: number): Promise<Generated> {
    return this.#generated("chat", { model, messages }, tokens);
  }

  /** A conversation as its template writes it. */
  async rendered(model: string, messages: readonly ChatMessage[]): Promise<string> {
    const reply = await this.#ask("chat", { model, messages, _debug_render_only: true });
    return reply._debug_info!.rendered_template;
  }

  /** Unloads all models and ends it; its home is removed. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill();
    await ended;
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #generated(call: "generate" | "chat", body: object, tokens: number): Promise<Generated> {
    const options = { temperature: 0, num_predict: tokens, repeat_penalty: 1, num_thread: 1 };
    const reply = await this.#ask(call, { ...body, options, logprobs: true, top_logprobs: TOP });
    const first = reply.logprobs?.[0]?.top_logprobs ?? [];
    return {
      text: reply.response ?? reply.message?.content ?? "",
      tokens: (reply.logprobs ?? []).map(({ token }) => token),
      promptTokens: reply.prompt_eval_count ?? 0,
      ended: reply.done_reason ?? "",
      probabilities: new Map(first.map(({ token, logprob }) => [token, Math.exp(logprob)])),
    };
  }

  async #ask(call: string, body: object): Promise<Reply> {
    const reply = await fetch(`http://${this.#address}/api/${call}`, {
      method: "POST",
      body: JSON.stringify({ ...body, stream: false }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error((JSON.parse(text) as { error: string }).error);
    return JSON.parse(text) as Reply;
  }
}

const environment = (home: string, address: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  OLLAMA_MODELS: join(home, "models"),
  OLLAMA_HOST: address,
  OLLAMA_NO_CLOUD: "1",
});

/** A port of this computer that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
