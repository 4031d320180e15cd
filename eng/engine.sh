# eng/engine.sh: what eng/container-check and eng/growth share: an engine, bases and images. For bash; sourced, not run.
# Takes docker when its daemon answers and Microsoft's registry does, else podman, which is installed (with runc) from the
# distribution's packages when missing. Without a registry the bases are stand-ins made of this machine's files (eng/standin-bases):
# close to the real ones in what they contain, not in size. MIRROR_ENGINE=docker|podman and MIRROR_BASES=registry|standin decide
# instead; stand-ins need podman.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
# The runner's user reads what its actions wrote below it.
chmod 711 "$work"

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }

# Nobody can check an image here; callers may take 77 for "skipped".
cannot_run() {
  [ ! -s "$work/engine" ] || tail -20 "$work/engine" >&2
  say "No container engine runs here: $*."
  exit 77
}

# Sets `engine`, the options of a build (`build_options`), and the base of the image (`runtime_base`).
choose_engine() {
  local bases=${MIRROR_BASES:-}
  [ -n "$bases" ] || if curl --silent --fail --max-time 10 --output /dev/null https://mcr.microsoft.com/v2/ 2>/dev/null; then bases=registry; else bases=standin; fi
  engine=${MIRROR_ENGINE:-podman}
  if [ -z "${MIRROR_ENGINE:-}" ] && [ $bases = registry ] && docker info >/dev/null 2>&1; then engine=docker; fi
  build_options=()
  runtime_base=$(base_of RUNTIME)
  [ "$engine" = podman ] || return 0

  local missing=()
  command -v podman >/dev/null || missing+=(podman)
  command -v runc >/dev/null || missing+=(runc)
  # A stand-in for the SDK's base has this machine's linker.
  [ $bases = registry ] || command -v gcc >/dev/null || missing+=(gcc libc6-dev)
  if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]}"
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
      >"$work/engine" 2>&1 ||
      cannot_run "${missing[*]} could not be installed by apt-get"
  fi
  # A storage of its own: it meets no image of the user's, and goes as a whole.
  printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/storage" "$work/run" >"$work/storage.conf"
  export CONTAINERS_CONF=$root/eng/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
  local sdk
  sdk=$(base_of SDK)
  build_options=(--network=host --pull=missing)
  if [ $bases = standin ]; then
    "$root/eng/standin-bases" podman >"$work/engine" 2>&1 || cannot_run "podman could not make the stand-ins for the bases"
    sdk=localhost/standin/sdk runtime_base=localhost/standin/runtime-deps
    local dotnet packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    mkdir -p "$packages"
    # The SDK is not copied into its stand-in, and packages that this machine has are not fetched again.
    build_options=(--network=host --pull=never --build-arg "SDK=$sdk" --build-arg "RUNTIME=$runtime_base"
                   --volume "$dotnet:/usr/share/dotnet:ro" --volume "$packages:/root/.nuget/packages")
  fi
  podman run --rm --network=host --pull=missing $sdk sh -c : >"$work/engine" 2>&1 || cannot_run "podman could not start a container: $(tail -1 "$work/engine")"
}

# base_of ARGUMENT: the base that the Dockerfile names for it, SDK or RUNTIME.
base_of() { sed -n "s/^ARG $1=//p" "$root/Dockerfile"; }

# build_image NAME FOLDER [OPTION...]: localhost/mirror-action:NAME from the folder's Dockerfile; its log is $work/NAME.build.
build_image() {
  local name=$1 folder=$2 started=$SECONDS; shift 2
  "$engine" build "${build_options[@]}" "$@" --tag "localhost/mirror-action:$name" "$folder" >"$work/$name.build" 2>&1 || { tail -60 "$work/$name.build"; return 1; }
  say "$name: built in $((SECONDS - started)) s"
}

# program_of NAME: takes the program out of the image; its place.
program_of() {
  local id
  id=$("$engine" create "localhost/mirror-action:$1") && "$engine" cp "$id:/usr/local/bin/mirror-action" "$work/$1.program" && "$engine" rm "$id" >/dev/null &&
    echo "$work/$1.program"
}

# The size of an image in bytes, as it lies on the disk and as it travels.
size_of() { "$engine" image inspect --format '{{.Size}}' "localhost/mirror-action:$1"; }
packed_size_of() { "$engine" save "localhost/mirror-action:$1" | gzip -c | wc -c; }

# Removes all that was made here.
remove_work() {
  if [ -d "$work/storage" ]; then
    podman rm --all --force >/dev/null 2>&1 || true
    # podman mounts it onto itself, now and then.
    umount "$work/storage/overlay" 2>/dev/null || true
  fi
  # Without root, the files of a container belong to users that only podman can be.
  if [ "$(id -u)" -eq 0 ] || [ ! -d "$work/storage" ]; then rm -rf "$work"; else podman unshare rm -rf "$work"; fi
}
