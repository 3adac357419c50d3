#!/bin/sh
# enter.sh ROOT COMMAND…: runs a command with ROOT as the whole file system, as on a computer that was started from it.
# In a mount and a process namespace of its own (unshare). Not by chroot, in which the kernel gives user namespaces to nobody.
set -e
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
cd "$root"
pivot_root . mnt
umount -l /mnt
exec "$@"
