#!/bin/sh
# A backup of each of the last seven days and of the end of each of the last twelve months, in FOLDER (backups).
# The names come round again, so that nothing has to be deleted; `troly backup` replaces a file only by one it has checked.
set -eu
folder=${1:-backups}
mkdir -p -m 0700 "$folder"
troly backup "$folder/day-$(date +%u).db"
# A second name for the same file, which costs no room until the day's name is given to the next week's.
ln -f "$folder/day-$(date +%u).db" "$folder/month-$(date +%m).db"
