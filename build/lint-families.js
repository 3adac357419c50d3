/** An ESLint rule: a family of models is named in its architecture's own file, in tests and in docs, nowhere else. */

const families = /llama|mistral|ministral|qwen|gemma|\bphi-?\d|granite|smollm|olmo|exaone|\blfm/gi;
/** Programs and formats whose names contain one. */
const programs =
  /ollama|llama[.-]?cpp|LLAMA_CACHE|llama\.h|llama-gguf-split|llama_token_type|LlamaTokenizer|llama-vocab/gi;

export const familyNames = {
  meta: { type: "problem", schema: [] },
  create(context) {
    return {
      Program() {
        const { text } = context.sourceCode;
        const plain = text.replace(programs, (name) => " ".repeat(name.length));
        for (const match of plain.matchAll(families))
          context.report({
            loc: context.sourceCode.getLocFromIndex(match.index),
            message: `"${match[0]}" is a family of models: only native-models/architectures knows one (docs/design.md).`,
          });
      },
    };
  },
};
