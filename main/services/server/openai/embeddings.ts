/** POST /v1/embeddings: the vectors of texts. */
import type { Exchange } from "../exchange.ts";
import { EmbeddingRequest, listed } from "./requests.ts";

export async function embeddings(exchange: Exchange): Promise<void> {
  const request = await exchange.body(EmbeddingRequest);
  const { model, encoding_format: form, dimensions } = request;
  const asked = { model: exchange.model(model), texts: listed(request.input), dimensions };
  const { vectors, tokens } = await exchange.answering.embed(asked, exchange.signal);
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: form === "float" ? vector : base64(vector),
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  exchange.send({ object: "list", data, model, usage });
}

/** f32, little-endian. */
const base64 = (vector: readonly number[]): string =>
  Buffer.from(Float32Array.from(vector).buffer).toString("base64");
