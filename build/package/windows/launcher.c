// The console's coppice.exe. The application belongs to Windows' graphical subsystem: a console neither waits for it nor
// sees its exit code. This starts it with the same arguments, input and output, waits, and ends with its exit code.
// Compiled with APPLICATION, the application's path from this file's folder (L"..\\Coppice.exe").
#include <windows.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define PATH_LENGTH 32768

static BOOL is_console(HANDLE handle) {
  DWORD mode;
  return GetConsoleMode(handle, &mode);
}

static BOOL ends_with(const wchar_t *word, const wchar_t *ending) {
  size_t length = wcslen(word), tail = wcslen(ending);
  return length >= tail && _wcsicmp(word + length - tail, ending) == 0;
}

// Distinguished as in the launcher for Linux (../launcher.ts): arguments of the window are files and Chromium's switches.
static BOOL is_of_command(const wchar_t *word) {
  static const wchar_t *const options[] = {L"--help", L"-h", L"--version", L"-V", L"--json", L"--home"};
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (wcscmp(word, options[i]) == 0) return TRUE;
  if (wcsncmp(word, L"--home=", 7) == 0) return TRUE;
  return word[0] != L'-' && !ends_with(word, L".gguf") && !ends_with(word, L".coppice");
}

// The text after the program's name, unchanged: the application parses its quotes by the same rules.
static const wchar_t *arguments(const wchar_t *line) {
  BOOL quoted = FALSE;
  for (; *line && (quoted || (*line != L' ' && *line != L'\t')); line++)
    if (*line == L'"') quoted = !quoted;
  while (*line == L' ' || *line == L'\t') line++;
  return line;
}

// Ctrl+C also reaches an application that shares this console: the application decides what it means.
static BOOL WINAPI leave_to_application(DWORD event) {
  return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

struct pipe {
  HANDLE from, to;
};

// The bytes at the end that begin a character of UTF-8 without ending it.
static DWORD unfinished(const char *bytes, DWORD count) {
  for (DWORD back = 1; back <= 3 && back <= count; back++) {
    unsigned char byte = bytes[count - back];
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

// As characters: a console would read the bytes in its code page, which is hardly ever UTF-8.
static DWORD WINAPI copy(void *argument) {
  struct pipe *pipe = argument;
  char bytes[4096];
  wchar_t text[sizeof bytes];
  DWORD count, written, kept = 0;
  while (ReadFile(pipe->from, bytes + kept, sizeof bytes - kept, &count, NULL) && count > 0) {
    count += kept;
    kept = unfinished(bytes, count);
    int length = MultiByteToWideChar(CP_UTF8, 0, bytes, count - kept, text, sizeof bytes);
    WriteConsoleW(pipe->to, text, length, &written, NULL);
    memmove(bytes, bytes + count - kept, kept);
  }
  return 0;
}

// A console as output, for an application that cannot write to one itself: a pipe that is copied there.
static HANDLE piped(HANDLE console, struct pipe *pipe, HANDLE *copying) {
  SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
  HANDLE end;
  if (!CreatePipe(&pipe->from, &end, &inherited, 0)) return NULL;
  SetHandleInformation(pipe->from, HANDLE_FLAG_INHERIT, 0);
  pipe->to = console;
  *copying = CreateThread(NULL, 0, copy, pipe, 0, NULL);
  return end;
}

// Starts `line`, waits, and returns its exit code; a command does not outlive its console.
static int run_command(const wchar_t *application, wchar_t *line) {
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE), errors = GetStdHandle(STD_ERROR_HANDLE), copying = NULL;
  struct pipe pipe;
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  // Electron attaches itself to this console if it is given neither output handle, but not if it is given one.
  BOOL attached = is_console(output) && is_console(errors);
  SetEnvironmentVariableW(L"ELECTRON_NO_ATTACH_CONSOLE", NULL);
  if (attached) SetConsoleCtrlHandler(leave_to_application, TRUE);
  else {
    startup.hStdOutput = is_console(output) ? piped(output, &pipe, &copying) : output;
    startup.hStdError = is_console(errors) ? piped(errors, &pipe, &copying) : errors;
  }

  PROCESS_INFORMATION child;
  if (!CreateProcessW(application, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &child)) {
    fwprintf(stderr, L"%ls could not be started (error %lu).\n", application, GetLastError());
    return 1;
  }
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  AssignProcessToJobObject(job, child.hProcess);
  ResumeThread(child.hThread);

  DWORD exit_code = 1;
  WaitForSingleObject(child.hProcess, INFINITE);
  GetExitCodeProcess(child.hProcess, &exit_code);
  if (copying) {
    CloseHandle(is_console(output) ? startup.hStdOutput : startup.hStdError);
    WaitForSingleObject(copying, 1000);
  }
  return (int)exit_code;
}

int wmain(int count, wchar_t *words[]) {
  static wchar_t application[PATH_LENGTH], line[PATH_LENGTH];
  GetModuleFileNameW(NULL, application, PATH_LENGTH / 2);
  wcscpy(wcsrchr(application, L'\\') + 1, APPLICATION);

  BOOL command = FALSE;
  for (int i = 1; i < count; i++) command = command || is_of_command(words[i]);
  const wchar_t *tail = arguments(GetCommandLineW());
  if (_snwprintf(line, PATH_LENGTH, L"\"%ls\"%ls %ls", application, command ? L" --" : L"", tail) < 0) {
    fwprintf(stderr, L"The command is too long.\n");
    return 2;
  }
  if (command) return run_command(application, line);

  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION window;
  return CreateProcessW(application, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &window) ? 0 : 1;
}
