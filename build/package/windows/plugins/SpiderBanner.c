// The plug-in SpiderBanner as electron-builder's script calls it, for when the original cannot be downloaded. That draws over
// the installer's own progress page; this one draws nothing, so that the page stays visible.
#include "nsis.h"

// Show [/MODERN] [/ICON file]
PLUGIN(Show) {
  unused(window, size, variables);
  while (*stack && (*stack)->text[0] == L'/') {
    word *option = pop(stack);
    if (lstrcmpiW(option->text, L"/ICON") == 0) GlobalFree(pop(stack));
    GlobalFree(option);
  }
}
