/** Chat templates as Ollama's: run by Go itself where it is installed. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderChat } from "../../../native-models/chat-template.ts";
import { goTemplate, modelfile } from "../../../native-models/exporting/modelfile.ts";
import { turnShape } from "../../../native-models/exporting/turns.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { THINKING_TEMPLATE } from "../thinking-template.ts";

const CHAT_MARKS =
  "{% for m in messages %}{% if loop.first and m.role != 'system' %}{{ '<|im_start|>system\\nBe {{kind}}.<|im_end|>\\n' }}{% endif %}" +
  "{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const SYSTEM_IN_USER =
  "{{ bos_token }}{% if messages[0].role == 'system' %}{% set first = messages[0].content + '\\n\\n' %}{% set rest = messages[1:] %}" +
  "{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}" +
  "{% for m in rest %}{% set role = 'model' if m.role == 'assistant' else m.role %}" +
  "{{ '<turn>' + role + '\\n' + (first if loop.first else '') + m.content | trim + '<end>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<turn>model\\n' }}{% endif %}";
const BRACKETS =
  "{% for m in messages %}{% if m.role == 'user' %}{{ '[INST] ' + m.content + ' [/INST]' }}{% elif m.role == 'assistant' %}" +
  "{{ ' ' + m.content + eos_token }}{% else %}{{ '<<SYS>>' + m.content + '<</SYS>>' }}{% endif %}{% endfor %}";

const templateOf = (source: string | null) => ({
  source,
  bosToken: "<s>",
  eosToken: "</s>",
  specialTokens: [],
});

const conversations = [
  [{ role: "user", content: "What is a lien?" }],
  [
    { role: "system", content: "Say it\nbriefly." },
    { role: "user", content: "One" },
    { role: "assistant", content: "1" },
    { role: "user", content: "{{ two }}" },
  ],
];

const go = ["go", "/usr/local/go/bin/go"].find((path) => spawnSync(path, ["version"]).status === 0);

const templates: [string, string | null][] = [
  ["a system message by default", CHAT_MARKS],
  ["a system message inside the user's turn", SYSTEM_IN_USER],
  ["no ends of turns", BRACKETS],
  ["a thinking mode", THINKING_TEMPLATE],
  ["no template", null],
];

test.each(templates)("a template with %s has a shape", (_, source) => {
  expect(turnShape(templateOf(source), { addsBos: true })).not.toBeNull();
});

test("A template keeps its first token where the tokenizer adds none", () => {
  const starts = [true, false].map((addsBos) => turnShape(templateOf(SYSTEM_IN_USER), { addsBos })!.start);
  expect(starts).toEqual(["", "<s>"]);
});

test.skipIf(go === undefined)("Go writes what Jinja writes (needs Go)", { timeout: 240_000 }, () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.go"), PROGRAM);
  const cases = templates.flatMap(([, source]) =>
    conversations.flatMap((messages) => [false, true].map((thinking) => ({ source, messages, thinking }))),
  );
  const input = cases.map(({ source, messages, thinking }) => ({
    Template: goTemplate(turnShape(templateOf(source), { addsBos: true })!),
    System: messages[0]!.role === "system" ? messages[0]!.content : "",
    Think: thinking,
    Messages: messages.map(({ role, content }) => ({ Role: role, Content: content })),
  }));
  const ran = spawnSync(go!, ["run", join(folder, "main.go")], {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, GO111MODULE: "off" },
  });
  expect(ran.stderr).toBe("");
  const expected = cases.map(({ source, messages, thinking }) =>
    renderChat(templateOf(source), { messages, addGenerationPrompt: true, thinking }).replace(/^<s>/, ""),
  );
  expect(JSON.parse(ran.stdout)).toEqual(expected);
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

const PROGRAM = `package main

import (
	"encoding/json"
	"os"
	"strings"
	"text/template"
)

type conversation struct {
	Template, System string
	Think            bool
	Messages         []struct{ Role, Content string }
}

func main() {
	var cases []conversation
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	texts := []string{}
	for _, one := range cases {
		var text strings.Builder
		if err := template.Must(template.New("").Parse(one.Template)).Execute(&text, one); err != nil {
			panic(err)
		}
		texts = append(texts, text.String())
	}
	json.NewEncoder(os.Stdout).Encode(texts)
}
`;
