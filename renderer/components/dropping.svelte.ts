/** A part of a page, or the whole document, on which files can be dropped: `{...dropping.listeners}`. */
export class Dropping {
  /** Whether files are held over it. */
  held = $state(false);
  readonly listeners: Record<
    "ondragenter" | "ondragover" | "ondragleave" | "ondrop",
    (event: DragEvent) => void
  >;

  /** `isOff`: whether files are not accepted for now. */
  constructor(onfiles: (files: File[]) => void, isOff = () => false) {
    const hold = (event: DragEvent) => {
      if (isOff() || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      this.held = true;
    };
    this.listeners = {
      ondragenter: hold,
      ondragover: hold,
      ondragleave: ({ currentTarget, relatedTarget }) => {
        if (!(currentTarget as Node).contains(relatedTarget as Node | null)) this.held = false;
      },
      ondrop: (event) => {
        if (!this.held) return;
        event.preventDefault();
        this.held = false;
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) onfiles(files);
      },
    };
  }
}
