/** The models in OpenAI's form, and its form of a failure. */
import type { ModelReference } from "../../models/model-reference.ts";
import type { Exchange } from "../exchange.ts";
import type { Refused } from "../refused.ts";

/** OpenAI's form of a failure. */
export const openAiFailure = ({ status, code, message }: Refused) => ({
  error: { message, type: status < 500 ? "invalid_request_error" : "server_error", param: null, code },
});

const described = ({ name }: ModelReference) => ({
  id: name,
  object: "model",
  created: 0,
  owned_by: "coppice",
});

export function listModels(exchange: Exchange): void {
  exchange.send({ object: "list", data: exchange.offered.map(described) });
}

export function showModel(exchange: Exchange, name: string): void {
  exchange.send(described(exchange.model(name)));
}
