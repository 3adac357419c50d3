/** Clicks on the scrim around a dialog. */

/**
 * Handlers for the dialog, which receives its scrim's events: `onclick` is called for a click that began on the scrim, too. Whoever selects
 * text in a field and lets go outside clicks on the scrim by chance.
 */
export function scrimOf(onclick: () => void) {
  let beganThere = false;
  const isThere = ({ target, currentTarget }: Event) => target === currentTarget;
  return {
    onpointerdown: (event: Event): void => void (beganThere = isThere(event)),
    onclick: (event: Event): void => {
      if (beganThere && isThere(event)) onclick();
    },
  };
}
