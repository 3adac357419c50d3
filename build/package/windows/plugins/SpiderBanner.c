// The plug-in SpiderBanner as electron-builder's script calls it, where the original cannot be downloaded: it would draw
// over the installer's own page of progress, which stays instead.
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
