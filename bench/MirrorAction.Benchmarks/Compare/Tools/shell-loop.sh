#!/bin/bash
# The loop that everybody has: a fresh clone of everything, pushed as it is, and thrown away. One repository after the other.
failed=0
while read -r name source destination; do
  if git clone --quiet --mirror "$source" "$COMPARE_FOLDER/$name.git"; then
    git -C "$COMPARE_FOLDER/$name.git" push --quiet --mirror "$destination" || failed=1
  else
    failed=1
  fi
  rm -rf "${COMPARE_FOLDER:?}/$name.git"
done <"$COMPARE_REPOSITORIES"
exit $failed
