/** What works in the background, for the rail: the run that trains now. */

export interface Activity {
  run: string;
  name: string;
  /** "Round 9 of 15, 44 min left". */
  text: string;
  /** 0 to 1; absent where the length is unknown. */
  at?: number | undefined;
  state?: "running" | "paused" | "failed";
}

class Background {
  now = $state.raw<Activity | undefined>(undefined);
  /** Network requests of the window since it was opened, all refused; absent until main has told. */
  requests = $state<number | undefined>(undefined);
}

export const activity = new Background();
