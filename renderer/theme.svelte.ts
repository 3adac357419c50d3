/** Theme and motion of the window; both follow the system unless the person chose. */

type Theme = "system" | "light" | "dark";

class Appearance {
  theme = $state<Theme>("system");
  reducedMotion = $state(false);

  /** Writes the choice to <html>, where tokens.css reads it; call it inside an effect. */
  apply(): void {
    const { dataset } = document.documentElement;
    if (this.theme === "system") delete dataset.theme;
    else dataset.theme = this.theme;
    if (this.reducedMotion) dataset.motion = "reduced";
    else delete dataset.motion;
  }
}

export const appearance = new Appearance();
