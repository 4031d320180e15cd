#!/bin/bash
# The same loop with clones that are kept between runs.
failed=0
while read -r name source destination; do
  clone=$COMPARE_CLONES/$name.git
  if [[ -d $clone ]]; then
    git -C "$clone" remote update --prune >/dev/null || failed=1
  else
    git clone --quiet --mirror "$source" "$clone" || failed=1
  fi
  git -C "$clone" push --quiet --mirror "$destination" || failed=1
done <"$COMPARE_REPOSITORIES"
exit $failed
