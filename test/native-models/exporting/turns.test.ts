/** Chat templates as Ollama's. */
import { expect, test } from "vitest";
import { modelfile } from "../../../native-models/exporting/modelfile.ts";
import { turnShape } from "../../../native-models/exporting/turns.ts";
import { SYSTEM_IN_USER, templateOf, templates } from "./turn-templates.ts";

test.each(templates)("a template with %s has a shape", (_, source) => {
  expect(turnShape(templateOf(source), { addsBos: true })).not.toBeNull();
});

test("A template keeps its first token where the tokenizer adds none", () => {
  const starts = [true, false].map((addsBos) => turnShape(templateOf(SYSTEM_IN_USER), { addsBos })!.start);
  expect(starts).toEqual(["", "<s>"]);
});

test("a template that writes turns by their number has no shape", () => {
  const numbered = "{% for m in messages %}{{ loop.index ~ m.role ~ ': ' ~ m.content ~ '\\n' }}{% endfor %}";
  expect(turnShape(templateOf(numbered), { addsBos: true })).toBeNull();
});

test("a template that refuses system messages has them at the start of the user's", () => {
  const refusing =
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ m.content }}{% endfor %}";
  expect(turnShape(templateOf(refusing), { addsBos: true })).toMatchObject({
    systemInUser: true,
    system: { before: "", after: "\n\n" },
  });
});

test("a Modelfile names file, template, stops, parameters and licence", () => {
  const parts = { file: "a.gguf", template: "{{ .Content }}", stops: ['<"end">'], parameters: { top_k: 40 } };
  expect(modelfile({ ...parts, licence: "Terms" })).toBe(
    'FROM ./a.gguf\nTEMPLATE """{{ .Content }}"""\nPARAMETER stop "<\\"end\\">"\nPARAMETER top_k 40\nLICENSE """Terms"""\n',
  );
  expect(modelfile({ ...parts, template: null, licence: 'a """ b' })).not.toMatch(/TEMPLATE|LICENSE/);
});
