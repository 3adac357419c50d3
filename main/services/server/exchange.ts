/** A request that passed the guards, and its response. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { ModelReference } from "../models/model-reference.ts";
import type { Answering } from "./answering.ts";
import { readBody } from "./body.ts";
import { modelNamed } from "./offered-models.ts";
import { refusalOf } from "./refused.ts";
import type { Refused } from "./refused.ts";

/** How a stream writes its parts: server-sent events, or a line of JSON each. */
type StreamForm = "events" | "lines";

export interface ExchangeOptions {
  readonly answering: Answering;
  readonly offered: () => ModelReference[];
  /** The metadata of a model. */
  readonly inspect: (path: string) => Promise<ModelReport>;
  readonly signal: AbortSignal;
}

export class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: ExchangeOptions;
  #form: StreamForm = "events";

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    this.#request = request;
    this.#response = response;
    this.#options = options;
  }

  get answering(): Answering {
    return this.#options.answering;
  }

  get offered(): ModelReference[] {
    return this.#options.offered();
  }

  /** Aborts when the program hangs up, or is stopped. */
  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** Throws `Refused` (404). */
  model(name: string): ModelReference {
    return modelNamed(name, this.offered);
  }

  inspect({ path }: ModelReference): Promise<ModelReport> {
    return this.#options.inspect(path);
  }

  /** The request's JSON. Throws `Refused`. */
  body<Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>> {
    return readBody(this.#request, schema);
  }

  /** Answers at once. */
  send(value: unknown, status = 200): void {
    const json = JSON.stringify(value);
    this.#response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    this.#response.end(json);
  }

  /** Sends a part of a stream. Nothing is sent before the first: until then, a failure still has a status of its own. */
  push(part: unknown, form: StreamForm = "events"): void {
    const response = this.#response;
    this.#form = form;
    const type = form === "events" ? "text/event-stream" : "application/x-ndjson";
    if (!response.headersSent)
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
    const json = JSON.stringify(part);
    response.write(form === "events" ? `data: ${json}\n\n` : `${json}\n`);
  }

  /** Ends a stream; `last` is sent as it is. */
  end(last = ""): void {
    this.#response.end(last);
  }

  /** Answers with a failure, in the middle of a stream as its last part; not if nobody listens any more. */
  fail(error: unknown, inForm: (refused: Refused) => unknown): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    const refused = refusalOf(error);
    if (!this.#response.headersSent) {
      this.#response.setHeader("connection", "close"); // the body may not have been read
      return this.send(inForm(refused), refused.status);
    }
    this.push(inForm(refused), this.#form);
    this.end();
  }
}
