/** The local server: the person's models for other programs, as OpenAI and Ollama offer theirs. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { AppError, fail } from "../../../native-models/failure.ts";
import { DEFAULT_PORT } from "../../../preload/contract/calls/settings.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { Speakers } from "../chat/talk.ts";
import type { ModelReference } from "../models/model-reference.ts";
import { Answering } from "./answering.ts";
import { Asking } from "./asking.ts";
import { Exchange } from "./exchange.ts";
import { guarded, LOOPBACK } from "./guards.ts";
import type { Guarded } from "./guards.ts";
import * as ollama from "./ollama.ts";
import { chatCompletions } from "./openai/chat-completions.ts";
import { completions } from "./openai/completions.ts";
import { embeddings } from "./openai/embeddings.ts";
import { listModels, openAiFailure, showModel } from "./openai/models.ts";
import { Refused } from "./refused.ts";

const MOST_CONNECTIONS = 64;
/** A request must have arrived by then, its head and all of it. */
const HEAD_MS = 10_000;
const REQUEST_MS = 30_000;

export interface LocalServerOptions {
  /** This computer alone by default. */
  readonly address?: string | undefined;
  /** `DEFAULT_PORT` by default; 0: any that is free. */
  readonly port?: number | undefined;
  /** What programs must send; null: nothing. */
  readonly token: string | null;
  readonly speakers: Pick<Speakers, "speakerOf">;
  /** The models that programs may ask, at that time. */
  readonly offered: () => ModelReference[];
  readonly inspect: (path: string) => Promise<ModelReport>;
  /** A program asked. */
  readonly onChange?: () => void;
  readonly requestMs?: number;
}

type Handler = (exchange: Exchange, parameter: string) => void | Promise<void>;

/** Every route; all else is not found. `:model` stands for a model's name. */
const ROUTES: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["GET /v1/models", listModels],
  ["GET /v1/models/:model", showModel],
  ["POST /v1/chat/completions", chatCompletions],
  ["POST /v1/completions", completions],
  ["POST /v1/embeddings", embeddings],
  ["GET /api/version", ollama.showVersion],
  ["GET /api/tags", ollama.listTags],
  ["POST /api/show", ollama.showModel],
  ["POST /api/chat", ollama.chat],
  ["POST /api/generate", ollama.generate],
  ["POST /api/embed", ollama.embed],
]);

/** Why the system does not let it listen. */
const REASONS: Readonly<Record<string, "taken" | "not-allowed">> = {
  EADDRINUSE: "taken",
  EACCES: "not-allowed",
};

export class LocalServer {
  readonly #server: Server;
  readonly #options: LocalServerOptions;
  readonly #answering: Answering;
  readonly #asking = new Asking();
  readonly #sockets = new Set<Socket>();
  #refused = 0;

  private constructor(options: LocalServerOptions) {
    const { requestMs = REQUEST_MS } = options;
    this.#options = options;
    this.#answering = new Answering(options.speakers);
    const times = { headersTimeout: Math.min(HEAD_MS, requestMs), requestTimeout: requestMs };
    this.#server = createServer({ ...times, connectionsCheckingInterval: 500 }, (request, response) => {
      void this.#answer(request, response);
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Starts to listen. Failure: not-listening. */
  static async start(options: LocalServerOptions): Promise<LocalServer> {
    const local = new LocalServer(options);
    const { address = LOOPBACK, port = DEFAULT_PORT } = options;
    await new Promise<void>((resolve, reject) => {
      local.#server.once("error", ({ code }: NodeJS.ErrnoException) =>
        reject(new AppError({ code: "not-listening", address, port, reason: REASONS[code!] ?? "not-here" })),
      );
      local.#server.listen({ host: address, port, exclusive: true }, resolve);
    });
    // At all addresses at once, no Host could be checked.
    if (!/^(::|(::ffff:)?0\.0\.0\.0)$/.test(local.#guarded.address)) return local;
    await local.stop();
    return fail({ code: "not-listening", address, port, reason: "not-here" });
  }

  get #guarded(): Guarded {
    const { address, port } = this.#server.address() as AddressInfo;
    return { address, port, token: this.#options.token };
  }

  /** Where it listens: "http://127.0.0.1:11535". */
  get url(): string {
    const { address, port } = this.#guarded;
    return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  }

  /** Who has asked since the start. */
  get programs(): Asking["programs"] {
    return this.#asking.programs;
  }

  /** Requests that the guards refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** Ends a program's answers, and refuses it until the server is started again. */
  stopProgram(program: string): void {
    this.#asking.stop(program);
  }

  /** Ends all answers and connections. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#asking.stopAll();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { offered, inspect } = this.#options;
    const [path] = request.url!.split("?") as [string];
    const aborting = new AbortController();
    response.on("close", () => aborting.abort());
    const { signal } = aborting;
    const exchange = new Exchange(request, response, {
      offered,
      inspect,
      answering: this.#answering,
      signal,
    });
    try {
      this.#admit(request, aborting);
      const { handler, parameter } = routeOf(request.method!, path);
      await handler(exchange, parameter);
    } catch (error) {
      exchange.fail(error, path.startsWith("/api/") ? ollama.ollamaFailure : openAiFailure);
    } finally {
      this.#asking.end(aborting);
    }
  }

  /** Counts a request, and throws its refusal if the guards, or the person, do not let it in. */
  #admit(request: IncomingMessage, aborting: AbortController): void {
    const refusal = guarded(request, this.#guarded);
    if (refusal) this.#refused++;
    const isLetIn = refusal === null && this.#asking.begin(request.headers["user-agent"], aborting);
    this.#options.onChange?.();
    if (refusal) throw refusal;
    if (!isLetIn) throw new Refused(403, "stopped", "This program was stopped in Coppice.");
  }
}

/** Throws `Refused` (404). */
function routeOf(method: string, path: string): { handler: Handler; parameter: string } {
  const [, parameter = ""] = /^\/v1\/models\/(.+)$/.exec(path) ?? [];
  const handler = ROUTES.get(`${method} ${parameter === "" ? path : "/v1/models/:model"}`);
  if (handler) return { handler, parameter: decodedName(parameter) };
  throw new Refused(404, "not_found", `There is no ${method} ${path.slice(0, 100)} here.`);
}

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
