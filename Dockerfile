# The image of the action. Only FROM, ARG, COPY, RUN, ENV, LABEL, USER and ENTRYPOINT, so that every builder can read it; the bases
# are arguments, so that a build can name a digest, a mirror or (eng/container-check) a stand-in instead. The SDK's has the linker that
# native code takes (docs/adr/0010), the other one OpenSSL, without which neither TLS nor libgit2 works.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0-noble-aot
ARG RUNTIME=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK} AS build
COPY global.json nuget.config Directory.Build.props Directory.Packages.props /source/
COPY src/Directory.Build.props /source/src/
COPY src/MirrorAction/MirrorAction.csproj src/MirrorAction/packages.lock.json /source/src/MirrorAction/
COPY src/MirrorAction.Http/MirrorAction.Http.csproj src/MirrorAction.Http/packages.lock.json /source/src/MirrorAction.Http/
COPY src/MirrorAction.Git/MirrorAction.Git.csproj src/MirrorAction.Git/packages.lock.json /source/src/MirrorAction.Git/
COPY src/MirrorAction.Hosts/MirrorAction.Hosts.csproj src/MirrorAction.Hosts/packages.lock.json /source/src/MirrorAction.Hosts/
COPY src/MirrorAction.Mirroring/MirrorAction.Mirroring.csproj src/MirrorAction.Mirroring/packages.lock.json /source/src/MirrorAction.Mirroring/
# Two restores. The first is locked: every package must have the content hash that the committed lock file names. The second adds
# the runtime pack and the native compiler of this machine's architecture. It cannot be locked: a lock file lists the exact runtime
# identifiers of its restore (else NU1004), so one file would serve amd64 or arm64, not both. It finds the packages of the first
# restore in the same cache, at the same central versions.
RUN dotnet restore /source/src/MirrorAction/MirrorAction.csproj --locked-mode \
 && dotnet restore /source/src/MirrorAction/MirrorAction.csproj -p:_IsPublishing=true
COPY .editorconfig BannedSymbols.txt /source/
COPY src/ /source/src/
# Empty: the version in Directory.Build.props.
ARG VERSION=
RUN dotnet publish /source/src/MirrorAction/MirrorAction.csproj --no-restore --output /publish ${VERSION:+-p:Version=${VERSION}}

FROM ${RUNTIME}
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="MirrorAction" \
      org.opencontainers.image.description="Mirrors every repository of a GitHub organisation to Bitbucket Cloud." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# One bundle of roots, named: OpenSSL would otherwise also read each file of its certificate folder.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
# All that was published: the program, and beside it, where it is looked for, the native library of a package that has one.
COPY --from=build /publish/ /usr/local/bin/
# The base's own user could write neither the workspace nor the runner's command files, which belong to the runner's user.
USER 0:0
# No WORKDIR: the runner sets one. No shell: the names of inputs keep their hyphens, and shells drop such variables.
ENTRYPOINT ["/usr/local/bin/mirror-action"]
