#!/bin/sh
# After the package's files are in place, at installation and at every upgrade.
application='/opt/${sanitizedProductName}'
profile='/etc/apparmor.d/${executable}'

ln -sf "$application/${executable}" '/usr/bin/${executable}'

# Chromium's sandbox uses user namespaces. If ordinary users may not create one, its helper must be setuid root.
if setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user true 2>/dev/null; then
  chmod 0755 "$application/chrome-sandbox"
else
  chmod 4755 "$application/chrome-sandbox"
fi

# Ubuntu 24.04 and later allow user namespaces only to programs with a profile for them. Older parsers do not understand the
# profile, but their systems do not require one.
if apparmor_status --enabled >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$application/resources/apparmor-profile" >/dev/null 2>&1; then
  cp -f "$application/resources/apparmor-profile" "$profile"
  # A system that is being set up in a folder (chroot) shares another system's kernel, whose profiles are not ours to load.
  if ! { [ -x /usr/bin/ischroot ] && ischroot; }; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile" || true
  fi
fi

if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database /usr/share/applications || true; fi
