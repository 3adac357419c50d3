/**
 * A prompt in training (arXiv 2305.11186): vectors before each row's text, in place of embedded tokens in the stream.
 * In a batch, they are ids beyond the vocabulary.
 */
import type { Config } from "../architectures/architecture.ts";
import type { TokenRow } from "./batch.ts";
import type { Ends } from "./ends.ts";
import { ParameterBlock } from "./parameters.ts";

/** The name of their block of parameters. */
export const PROMPT = "prompt";

type Sizes = Pick<Config, "vocabularySize" | "hiddenSize">;

/** The row with `count` prompt vectors before it, none of which has a label. */
export function prompted<Row extends TokenRow>(row: Row, count: number, { vocabularySize }: Sizes): Row {
  const vectors = Array.from({ length: count }, (_, index) => vocabularySize + index);
  const answers = row.answers?.map(([first, end]) => [count + first, count + end] as const);
  return {
    ...row,
    ids: [...vectors, ...row.ids],
    promptLength: count + row.promptLength,
    ...(answers && { answers }),
  };
}

export class PromptVectors {
  readonly parameters: ParameterBlock;
  readonly #sizes: Sizes;

  /** They are initialised with the embeddings of `ids`. */
  constructor(sizes: Sizes, ids: readonly number[], embed: Ends["embed"]) {
    this.#sizes = sizes;
    this.parameters = new ParameterBlock(PROMPT, [{ name: PROMPT, shape: [ids.length, sizes.hiddenSize] }]);
    embed(Int32Array.from(ids), this.parameters.values);
  }

  /** Writes the stream of a batch's tokens [N, D]: the vectors, and what `embed` gives for all other tokens. */
  embed(tokens: Int32Array, hidden: Float32Array, embed: Ends["embed"]): void {
    const { hiddenSize: width } = this.#sizes;
    embed(
      tokens.map((token) => (this.#isVector(token) ? 0 : token)),
      hidden,
    );
    this.#each(tokens, (vector, at) => {
      hidden.set(this.parameters.values.subarray(vector, vector + width), at);
    });
  }

  /** Adds the gradient towards the stream of a batch's tokens. [N, D] */
  addGradient(tokens: Int32Array, gradient: Float32Array): void {
    const { gradients } = this.parameters;
    const { hiddenSize: width } = this.#sizes;
    this.#each(tokens, (vector, at) => {
      for (let i = 0; i < width; i++) gradients[vector + i]! += gradient[at + i]!;
    });
  }

  #isVector(token: number): boolean {
    return token >= this.#sizes.vocabularySize;
  }

  /** Calls `at` for each vector in a batch, with the offsets of its values among all and of its place in the stream. */
  #each(tokens: Int32Array, at: (vector: number, place: number) => void): void {
    const { vocabularySize, hiddenSize } = this.#sizes;
    tokens.forEach((token, index) => {
      if (this.#isVector(token)) at((token - vocabularySize) * hiddenSize, index * hiddenSize);
    });
  }
}
