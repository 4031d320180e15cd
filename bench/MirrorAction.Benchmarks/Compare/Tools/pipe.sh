#!/bin/bash
# The floor for first mirrors: the source's upload-pack piped into the destination's receive-pack, without HTTP and without a client.
# Without side-band, upload-pack answers `0008NAK`, a line feed, and the bare pack. As many repositories at once as there are cores.
# COMPARE_PIPES holds a line for each repository: source, destination, and the files of the fetch request and of the push commands.
pipe() {
  {
    cat "$4"
    git upload-pack --stateless-rpc "$1" <"$3" | { dd bs=8 count=1 iflag=fullblock status=none of=/dev/null; cat; }
  } | git receive-pack --stateless-rpc "$2" >/dev/null
}
export -f pipe
xargs -a "$COMPARE_PIPES" -L 1 -P "$(nproc)" bash -o pipefail -c 'pipe "$@"' pipe
