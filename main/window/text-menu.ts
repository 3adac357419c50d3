/** The menu of the right mouse button and the menu key: what can be done with the text there. */
import type { ContextMenuParams, MenuItemConstructorOptions } from "electron";
import type { TextMenuWords } from "../services/settings/notices.ts";

type Place = Pick<ContextMenuParams, "isEditable" | "selectionText" | "editFlags">;

/** Its items; none where there is neither a field nor selected text. */
export function textMenuOf(
  { isEditable, selectionText, editFlags }: Place,
  words: TextMenuWords,
): MenuItemConstructorOptions[] {
  const copy = { role: "copy", label: words.copy, enabled: editFlags.canCopy } as const;
  if (!isEditable) return selectionText.trim() === "" ? [] : [copy];
  return [
    { role: "undo", label: words.undo, enabled: editFlags.canUndo },
    { role: "redo", label: words.redo, enabled: editFlags.canRedo },
    { type: "separator" },
    { role: "cut", label: words.cut, enabled: editFlags.canCut },
    copy,
    { role: "paste", label: words.paste, enabled: editFlags.canPaste },
    { type: "separator" },
    { role: "selectAll", label: words.selectAll, enabled: editFlags.canSelectAll },
  ];
}
