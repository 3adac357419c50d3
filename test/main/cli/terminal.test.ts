import { describe, expect, test } from "vitest";
import { printable, Terminal } from "../../../main/cli/terminal.ts";

/** A terminal, and what it was given. */
function terminalOf({ isTTY = true, environment = {} as NodeJS.ProcessEnv } = {}) {
  const written: string[] = [];
  const output = { isTTY, columns: 200, write: (text: string) => written.push(text) };
  const terminal = new Terminal({ json: false, output, errors: output, environment });
  return { terminal, text: () => written.join("") };
}

/** Sets the title, copies to the clipboard, clears the screen, deletes the line, and moves up, in 7 and in 8 bits. */
const hostile = "a\u001b]0;title\u0007\u001b]52;c;cm0gLXJm\u0007\u001b[2J\rb\u009b1A\u0008\u007f";
const harmless =
  "a\\u001b]0;title\\u0007\\u001b]52;c;cm0gLXJm\\u0007\\u001b[2J\\u000db\\u009b1A\\u0008\\u007f";

describe("A terminal obeys nothing in names, data and answers", () => {
  test("in a sentence, a warning, a note, a failure, a status and an answer", () => {
    const { terminal, text } = terminalOf({ environment: { NO_COLOR: "1" } });
    terminal.say(hostile);
    terminal.warn(hostile);
    terminal.note(hostile);
    terminal.fail(hostile);
    terminal.stream(hostile);
    expect(text()).toBe(`${harmless}\n! ${harmless}\n${harmless}\n${harmless}\n${harmless}`);
    const busy = terminalOf();
    busy.terminal.status(hostile);
    expect(busy.text()).toBe(`\r\u001b[K${harmless}`);
  });

  test("but our own colours, if there are any", () => {
    const coloured = terminalOf();
    coloured.terminal.say(`${coloured.terminal.colours.dim("dim")} \u001b[8mhidden`);
    expect(coloured.text()).toBe("\u001b[2mdim\u001b[22m \\u001b[8mhidden\n");
    expect(printable("\u001b[2mdim")).toBe("\\u001b[2mdim");
  });

  test("and shows text in its order, with its lines and letters", () => {
    expect(printable("invoice\u202efdp.exe")).toBe("invoice\\u202efdp.exe");
    const usual = "Zoë\tמסמך 合同\n\u200f👩‍⚖️";
    expect(printable(usual.replace("\n", "\r\n"))).toBe(usual);
  });
});

test("An answer in a file or for a program is unchanged", () => {
  const { terminal, text } = terminalOf({ isTTY: false });
  terminal.stream(hostile);
  expect(text()).toBe(hostile);
});
