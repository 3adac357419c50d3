// How NSIS calls a plug-in (its own api.h, as far as it is needed here): words are passed on a stack, the first on top.
#include <windows.h>

typedef struct word {
  struct word *next;
  wchar_t text[1];
} word;

#define PLUGIN(name) \
  __declspec(dllexport) void __cdecl name(HWND window, int size, wchar_t *variables, word **stack)

static inline void unused(HWND window, int size, const wchar_t *variables) {
  (void)window, (void)size, (void)variables;
}

// Takes the word on top off the stack; GlobalFree frees it.
static inline word *pop(word **stack) {
  word *top = *stack;
  if (top) *stack = top->next;
  return top;
}
