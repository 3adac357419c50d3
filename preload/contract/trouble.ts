/**
 * An error as stored in logs and reports: its kind and the positions in its stack. Never its message, which may quote a document,
 * a prompt or a path (docs/decisions/0019).
 */
import { z } from "zod";

/** The most frames stored of one stack. */
export const MOST_FRAMES = 20;

/** One call of a stack; `file` is a script of the application, relative to its installation folder. */
const Frame = z.object({
  name: z.string().regex(/^[\w$.<># [\]]{0,80}$/),
  file: z.string().regex(/^[\w@:$.+/-]{1,120}$/),
  line: z.number().int().nonnegative(),
  column: z.number().int().nonnegative(),
});
type Frame = z.infer<typeof Frame>;

export const Trouble = z.object({
  /** Of the error's class, such as "TypeError". */
  name: z.string().regex(/^[A-Za-z]\w{0,40}$/),
  /** Of the system or of Node, such as "ENOENT". */
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,40}$/)
    .optional(),
  frames: z.array(Frame).max(MOST_FRAMES),
});
export type Trouble = z.infer<typeof Trouble>;

/** The part of a thrown value that may be stored. */
export function troubleOf(thrown: unknown): Trouble {
  if (!(thrown instanceof Error)) return { name: "Thrown", frames: [] };
  const { message, stack = "" } = thrown;
  const { code } = thrown as { code?: unknown };
  // A message can look like a line of a stack.
  const places = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const known = Trouble.shape.code.safeParse(code);
  return {
    name: Trouble.shape.name.safeParse(thrown.name).data ?? "Error",
    ...(known.data === undefined ? {} : { code: known.data }),
    frames: places
      .split("\n")
      .flatMap((line) => frameOf(line) ?? [])
      .slice(0, MOST_FRAMES),
  };
}

/** "    at load (…/out/main/index.cjs:12:3)"; folders may have parentheses in their names ("Program Files (x86)"). */
const FRAME =
  /^\s+at (?:async )?(?:(.{1,200}?) \()?((?:[\\/]|[A-Za-z]:[\\/]|file:|app:|node:).{1,400}):(\d{1,7}):(\d{1,7})\)?$/;

/** The position named by a line of a V8 stack trace; null for any other line. */
export function frameOf(line: string): Frame | null {
  const found = FRAME.exec(line);
  if (!found) return null;
  const [, name = "", path = "", row, column] = found;
  const file = scriptOf(path);
  if (file === null) return null;
  const known = Frame.shape.name.safeParse(name).data ?? "";
  return Frame.safeParse({ name: known, file, line: Number(row), column: Number(column) }).data ?? null;
}

/** A script's path relative to the application, otherwise its name; null for anything but a script. */
function scriptOf(path: string): string | null {
  if (/^node:[\w/]+$/.test(path)) return path;
  if (!/\.(?:[cm]?[jt]s|svelte)$/.test(path)) return null;
  const slashes = path.replaceAll("\\", "/");
  // The last of these folders: a parent of the application may have the same name.
  const inside = /^.*\/((?:main|preload|renderer|native-models|node_modules|assets)\/.*)$/.exec(slashes);
  return inside?.[1] ?? slashes.slice(slashes.lastIndexOf("/") + 1);
}
