/** Theme and motion of the window; both follow the system unless the person chose. */

type Theme = "system" | "light" | "dark";

class Appearance {
  theme = $state<Theme>("system");
  reducedMotion = $state(false);

  /** Writes the choice to <html>, where tokens.css reads it, and follows the system; call it inside an effect and clean up with the result. */
  apply(): () => void {
    const { dataset } = document.documentElement;
    if (this.reducedMotion) dataset.motion = "reduced";
    else delete dataset.motion;
    const { theme } = this;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => (dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme);
    follow();
    dark.addEventListener("change", follow);
    return () => dark.removeEventListener("change", follow);
  }
}

export const appearance = new Appearance();
