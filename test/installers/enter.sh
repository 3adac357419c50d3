#!/bin/sh
# enter.sh [--chroot] ROOT COMMAND…: runs a command with ROOT as the whole file system, as on a computer that was started
# from it. In a mount and a process namespace of its own (unshare). With --chroot the kernel gives nobody in there user
# namespaces.
set -e
way=pivot
if [ "$1" = --chroot ]; then
  way=chroot
  shift
fi
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
[ $way = pivot ] || exec chroot "$root" "$@"
cd "$root"
pivot_root . mnt
umount -l /mnt
exec "$@"
