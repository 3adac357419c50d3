/** The dialog that shows a report before it is saved: one per window, opened wherever something failed. */
class ReportDialog {
  /** Its subject; undefined while it is closed. */
  about = $state.raw<{ readonly run: string | null } | undefined>(undefined);

  /** Opens it, with the figures of `run` if given. */
  open(run: string | null = null): void {
    this.about = { run };
  }

  close(): void {
    this.about = undefined;
  }
}

export const reportDialog = new ReportDialog();
