; What the installer does beyond electron-builder's script: its texts, the verb for model files, and the question about
; what Coppice keeps. Windows' place for that is %LOCALAPPDATA%\Coppice (main/home/home.ts).
!define HOME "$LOCALAPPDATA\Coppice"
!define MODEL_CLASS "${PRODUCT_NAME}.gguf"
!define PARCEL_CLASS "${PRODUCT_NAME}.coppice"

!macro customHeader
  !ifdef BUILD_UNINSTALLER
    LangString removeHome ${LANG_ENGLISH} "Remove your models, runs, data sets and conversations too?$\r$\n$\r$\nThey are in ${HOME} and cannot be restored once they are removed. Choose No to keep them."
    LangString removeHome ${LANG_GERMAN} "Auch Ihre Modelle, Läufe, Datensätze und Gespräche löschen?$\r$\n$\r$\nSie liegen in ${HOME}. Gelöscht lassen sie sich nicht zurückholen. Bei Nein bleiben sie."
  !else
    LangString specialise ${LANG_ENGLISH} "Specialise this model"
    LangString specialise ${LANG_GERMAN} "Dieses Modell spezialisieren"
    LangString openParcel ${LANG_ENGLISH} "Open this model"
    LangString openParcel ${LANG_GERMAN} "Dieses Modell öffnen"
  !endif
!macroend

!ifndef BUILD_UNINSTALLER
  !macro customInstall
    WriteRegStr SHELL_CONTEXT "Software\Classes\${MODEL_CLASS}\shell\open" "" "$(specialise)"
    ; With quotes, which electron-builder leaves out: an account's name may have a space.
    WriteRegStr SHELL_CONTEXT "Software\Classes\${MODEL_CLASS}\shell\open\command" "" '"$appExe" "%1"'
    WriteRegStr SHELL_CONTEXT "Software\Classes\${PARCEL_CLASS}\shell\open" "" "$(openParcel)"
    WriteRegStr SHELL_CONTEXT "Software\Classes\${PARCEL_CLASS}\shell\open\command" "" '"$appExe" "%1"'
  !macroend
!else
  Var removesHome

  ; Asked only if somebody can answer: not while an update replaces the program, nor with /S. A home that was moved
  ; elsewhere (moved.json) is not searched for, and stays.
  !macro customUnInit
    StrCpy $removesHome "no"
    ${GetParameters} $R0
    ClearErrors
    ${GetOptions} $R0 "/S" $R1
    ${If} ${Errors}
    ${AndIfNot} ${isUpdated}
    ${AndIf} ${FileExists} "${HOME}\coppice.db"
    ${AndIfNot} ${FileExists} "${HOME}\moved.json"
      ; Without /SD: the one-click uninstaller is silent by now, and would answer for the person.
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(removeHome)" IDNO +2
      StrCpy $removesHome "yes"
    ${EndIf}
    ClearErrors
    ${GetOptions} $R0 "--remove-home" $R1
    ${IfNot} ${Errors}
    ${AndIfNot} ${isUpdated}
      StrCpy $removesHome "yes"
    ${EndIf}
    ClearErrors
  !macroend

  ; By name (removeHomeParts, from installer-script.ts): a person's own files there stay.
  !macro customUnInstall
    ; electron-builder removes the class and leaves files of the kind pointing to it.
    ReadRegStr $R0 SHELL_CONTEXT "Software\Classes\.gguf" ""
    ${If} $R0 == "${MODEL_CLASS}"
      DeleteRegValue SHELL_CONTEXT "Software\Classes\.gguf" ""
    ${EndIf}
    ReadRegStr $R0 SHELL_CONTEXT "Software\Classes\.coppice" ""
    ${If} $R0 == "${PARCEL_CLASS}"
      DeleteRegValue SHELL_CONTEXT "Software\Classes\.coppice" ""
    ${EndIf}
    ${If} $removesHome == "yes"
      !insertmacro removeHomeParts
      RMDir "${HOME}"
      RMDir /r "$APPDATA\${PRODUCT_FILENAME}"
    ${EndIf}
  !macroend
!endif
