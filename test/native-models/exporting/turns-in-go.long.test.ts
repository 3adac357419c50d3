/** Chat templates as Ollama's, run by Go itself where it is installed. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderChat } from "../../../native-models/chat-template.ts";
import { goTemplate } from "../../../native-models/exporting/modelfile.ts";
import { turnShape } from "../../../native-models/exporting/turns.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { templateOf, templates } from "./turn-templates.ts";

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
