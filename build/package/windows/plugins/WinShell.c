// The plug-in WinShell as electron-builder's script calls it, for when the original cannot be downloaded: it links shortcuts to an
// application's windows on the taskbar, and removes what Windows remembers about both.
#define COBJMACROS
#include <initguid.h>
#include <shlobj.h>
#include "nsis.h"

// System.AppUserModel.ID
static const PROPERTYKEY APPLICATION_ID = {
    {0x9f4c2855, 0x9f79, 0x4b39, {0xa8, 0xd0, 0xe1, 0xd4, 0x2d, 0xe1, 0xd5, 0xf3}}, 5};

// SetLnkAUMI shortcut id: writes the application's id into the shortcut.
PLUGIN(SetLnkAUMI) {
  unused(window, size, variables);
  word *shortcut = pop(stack), *id = pop(stack);
  IShellLinkW *link;
  if (shortcut && id && SUCCEEDED(CoInitialize(NULL))) {
    if (SUCCEEDED(CoCreateInstance(&CLSID_ShellLink, NULL, CLSCTX_INPROC_SERVER, &IID_IShellLinkW, (void **)&link))) {
      IPersistFile *file = NULL;
      IPropertyStore *properties = NULL;
      PROPVARIANT value = {.vt = VT_LPWSTR, .pwszVal = id->text};
      if (SUCCEEDED(IShellLinkW_QueryInterface(link, &IID_IPersistFile, (void **)&file)) &&
          SUCCEEDED(IPersistFile_Load(file, shortcut->text, STGM_READWRITE)) &&
          SUCCEEDED(IShellLinkW_QueryInterface(link, &IID_IPropertyStore, (void **)&properties)) &&
          SUCCEEDED(IPropertyStore_SetValue(properties, &APPLICATION_ID, &value)) &&
          SUCCEEDED(IPropertyStore_Commit(properties)))
        IPersistFile_Save(file, NULL, TRUE);
      if (properties) IPropertyStore_Release(properties);
      if (file) IPersistFile_Release(file);
      IShellLinkW_Release(link);
    }
    CoUninitialize();
  }
  GlobalFree(shortcut);
  GlobalFree(id);
}

// UninstAppUserModelId id: forgets the files last opened by the application.
PLUGIN(UninstAppUserModelId) {
  unused(window, size, variables);
  word *id = pop(stack);
  ICustomDestinationList *list;
  if (id && SUCCEEDED(CoInitialize(NULL))) {
    if (SUCCEEDED(CoCreateInstance(&CLSID_DestinationList, NULL, CLSCTX_INPROC_SERVER, &IID_ICustomDestinationList,
                                   (void **)&list))) {
      ICustomDestinationList_DeleteList(list, id->text);
      ICustomDestinationList_Release(list);
    }
    CoUninitialize();
  }
  GlobalFree(id);
}

// UninstShortcut shortcut: unpins it from the start menu.
PLUGIN(UninstShortcut) {
  unused(window, size, variables);
  word *shortcut = pop(stack);
  IStartMenuPinnedList *pins;
  IShellItem *item;
  if (shortcut && SUCCEEDED(CoInitialize(NULL))) {
    if (SUCCEEDED(SHCreateItemFromParsingName(shortcut->text, NULL, &IID_IShellItem, (void **)&item))) {
      if (SUCCEEDED(CoCreateInstance(&CLSID_StartMenuPin, NULL, CLSCTX_INPROC_SERVER, &IID_IStartMenuPinnedList,
                                     (void **)&pins))) {
        IStartMenuPinnedList_RemoveFromList(pins, item);
        IStartMenuPinnedList_Release(pins);
      }
      IShellItem_Release(item);
    }
    CoUninitialize();
  }
  GlobalFree(shortcut);
}
