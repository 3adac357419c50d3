// An addon for Windows finds Node-API in the program that loads it, whatever that is called. Node's own build delays the
// import of node.exe and answers for it when it is called; this fills in the same pointers (which the headers' dllimport
// makes the compiler call through) when the addon is loaded. functions.inc holds FUNCTION(name) for each.
#include <windows.h>

#define FUNCTION(name) void *__imp_##name;
#include "functions.inc"
#undef FUNCTION

__attribute__((constructor)) static void find(void) {
  HMODULE host = GetModuleHandleW(NULL);
#define FUNCTION(name) __imp_##name = (void *)GetProcAddress(host, #name);
#include "functions.inc"
}
