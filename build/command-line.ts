/** Writes docs/command-line.md, the reference of all commands, from the commands themselves. */
import type { Command, Option } from "commander";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { coppice } from "../main/cli/program.ts";
import { root } from "./root.ts";

const path = join(root, "docs", "command-line.md");
const program = await coppice(() => {
  throw new Error("no command is run here");
});

const isOwn = (option: Option): boolean => !option.hidden && option.long !== "--help";
const optionsOf = (command: Command): Option[] => command.options.filter(isOwn);
/** The same options, as far as several commands have them, are described once. */
const keyOf = ({ flags, description }: Option): string => `${flags}\n${description}`;

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
const commands = leaves(program);

const uses = new Map<string, Command[]>();
for (const command of commands)
  for (const option of optionsOf(command)) {
    const key = keyOf(option);
    uses.set(key, [...(uses.get(key) ?? []), command]);
  }

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function line(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.join(", ")})` : "";
  const known = option.argChoices?.every((choice) => option.description.includes(choice));
  return `- \`${option.flags}\`: ${option.description}${known ? "" : choices}`;
}

const isShared = (option: Option): boolean => uses.get(keyOf(option))!.length > 1;
const sharedOf = (command: Command): Option[] => optionsOf(command).filter(isShared);

/** So many options of an earlier command are not listed again. */
const MANY = 8;

/** The options that a command shares with others. */
function also(command: Command): string {
  const all = sharedOf(command);
  const known = (others: readonly Option[]) => (option: Option) => others.map(keyOf).includes(keyOf(option));
  const earlier = commands
    .slice(0, commands.indexOf(command))
    .find((one) => sharedOf(one).length >= MANY && sharedOf(one).every(known(all)));
  const rest = earlier ? all.filter((option) => !known(sharedOf(earlier))(option)) : all;
  const flags = rest.map(({ flags }) => `\`${flags.split(" ")[0]}\``);
  const parts = [...flags, ...(earlier ? [`those of \`${fullName(earlier)}\``] : [])];
  return parts.length > 0 ? `Also: ${parts.join(", ")}` : "";
}

function section(command: Command): string {
  const own = optionsOf(command).filter((option) => !isShared(option));
  const args = command.registeredArguments.map((one) =>
    one.description ? `- ${one.name()}: ${one.description}` : "",
  );
  return [
    `### ${fullName(command)} ${command.usage().replace("[options]", "").trim()}`.trim(),
    command.description(),
    [...args, ...own.map(line)].filter((text) => text !== "").join("\n"),
    also(command),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const shared = new Map(
  commands.flatMap(optionsOf).flatMap((one) => (uses.get(keyOf(one))!.length > 1 ? [[keyOf(one), one]] : [])),
);
const text = `# The command line

All commands, as \`coppice COMMAND --help\` describes them; written by \`node build/run.js build/command-line.ts\`. What to do with them: [the guide](guide/README.md).

Options before any command: ${optionsOf(program)
  .map(({ flags, description }) => `\`${flags}\` (${description})`)
  .join(", ")}.

## Commands

${commands.map(section).join("\n\n")}

## Options of several commands

${[...shared.values()].map(line).join("\n")}
`;
writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
