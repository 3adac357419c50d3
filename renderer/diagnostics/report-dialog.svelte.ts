/** The dialog that shows a report before it is saved: one for the whole window, opened from wherever something went wrong. */
class ReportDialog {
  /** What it is about; undefined while it is closed. */
  about = $state.raw<{ readonly run: string | null } | undefined>(undefined);

  /** Opens it, with the figures of `run` if that is given. */
  open(run: string | null = null): void {
    this.about = { run };
  }

  close(): void {
    this.about = undefined;
  }
}

export const reportDialog = new ReportDialog();
