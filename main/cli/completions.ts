/** Scripts with which shells complete the commands, options and values of coppice, from commander's own tree. */
import type { Command, Option } from "commander";

export type Shell = "bash" | "zsh" | "fish" | "powershell";

/** The words that can follow a command, by its path ("", "trim", "questions write"), and the values of its options. */
interface Completed {
  readonly path: string;
  readonly words: readonly string[];
  readonly values: readonly (readonly [option: string, values: readonly string[]])[];
}

/** The script for a shell. */
export function completions(program: Command, shell: Shell): string {
  const tree = completedOf(program, [], []);
  return {
    bash: () => bash(tree),
    zsh: () => zsh(tree),
    fish: () => fish(tree),
    powershell: () => powershell(tree),
  }[shell]();
}

function completedOf(command: Command, path: readonly string[], above: readonly Option[]): Completed[] {
  const options = [...command.options, ...above];
  const flags = options.flatMap(({ long }) => (long ? [long] : []));
  const named = command.commands.map((one) => one.name());
  const chosen = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const values = options.flatMap(({ long, argChoices }) =>
    long && argChoices ? [[long, argChoices] as const] : [],
  );
  const words = [...named, ...chosen, ...flags, "--help"];
  const global = command.parent === null ? options : above;
  return [
    { path: path.join(" "), words, values },
    ...command.commands.flatMap((one) => completedOf(one, [...path, one.name()], global)),
  ];
}

/** A `case` over commands and the word before: both shells find files where nothing else fits. */
function bash(tree: readonly Completed[]): string {
  const named = tree.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  const cases = tree.flatMap(({ path, words, values }) => [
    ...values.map(([option, some]) => `    "${path}:${option}") words="${some.join(" ")}" ;;`),
    `    "${path}:"*) words="${words.join(" ")}" ;;`,
  ]);
  return `_coppice() {
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${named.join(" | ")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path:\${COMP_WORDS[COMP_CWORD-1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _coppice coppice
`;
}

const zsh = (tree: readonly Completed[]): string =>
  `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash(tree)}`;

function fish(tree: readonly Completed[]): string {
  const lines = tree.flatMap(({ path, words, values }) => {
    const names = path === "" ? [] : path.split(" ");
    const below = tree
      .filter((one) => one.path.startsWith(path === "" ? "" : `${path} `))
      .map((one) => one.path.split(" ")[names.length]);
    const without = [...new Set(below)].filter(Boolean).join(" ");
    const conditions = [
      ...names.map((name) => `__fish_seen_subcommand_from ${name}`),
      ...(without === "" ? [] : [`not __fish_seen_subcommand_from ${without}`]),
    ];
    const when = `complete -c coppice -n '${conditions.join("; and ") || "true"}'`;
    const valuesOf = new Map(values);
    return words.map((word) => {
      if (!word.startsWith("--")) return `${when} -a ${word}`;
      const some = valuesOf.get(word);
      return `${when} -l ${word.slice(2)}${some ? ` -x -a '${some.join(" ")}'` : ""}`;
    });
  });
  return `${lines.join("\n")}\n`;
}

function powershell(tree: readonly Completed[]): string {
  const list = (words: readonly string[]) => words.map((word) => `'${word}'`).join(", ");
  const entries = tree.flatMap(({ path, words, values }) => [
    `    '${path}:' = @(${list(words)})`,
    ...values.map(([option, some]) => `    '${path}:${option}' = @(${list(some)})`),
  ]);
  return `Register-ArgumentCompleter -Native -CommandName coppice -ScriptBlock {
  param($word, $line, $position)
  $words = @{
${entries.join("\n")}
  }
  $path = ''
  $before = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -ne '' -and $before.Count -gt 0) { $before = @($before | Select-Object -SkipLast 1) }
  foreach ($one in $before) {
    $below = "$path $one".Trim()
    if ($words.ContainsKey("\${below}:")) { $path = $below }
  }
  $last = "\${path}:" + ($before | Select-Object -Last 1)
  $these = if ($words.ContainsKey($last)) { $words[$last] } else { $words["\${path}:"] }
  $these | Where-Object { $_ -like "$word*" }
}
`;
}
