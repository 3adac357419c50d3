#!/bin/sh
# After the package's files have been removed. Besides them, only what after-install.sh created is removed: people's files in
# their homes stay.
profile='/etc/apparmor.d/${executable}'

# At an upgrade dpkg says "upgrade", rpm the number of versions that stay.
case "$1" in
remove | purge | 0)
  rm -f '/usr/bin/${executable}'
  if [ -f "$profile" ]; then
    if ! { [ -x /usr/bin/ischroot ] && ischroot; }; then apparmor_parser --remove "$profile" 2>/dev/null || true; fi
    rm -f "$profile"
  fi
  if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
  if command -v update-desktop-database >/dev/null; then update-desktop-database /usr/share/applications || true; fi
  ;;
esac
