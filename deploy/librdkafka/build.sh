#!/usr/bin/env bash
# Builds librdkafka from Debian's own source package into .deps/librdkafka.
#
#   deploy/librdkafka/build.sh [SUITE]     sid (default) or a release name like trixie
#
# The machine's apt configuration stays as it is: the source list, the package
# lists and the downloads live in a temporary folder. Takes about 2 minutes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
prefix=$root/.deps/librdkafka
suite=${1:-sid}

fail() {
  echo "librdkafka: $*" >&2
  exit 1
}

# Where this machine already gets Debian from, and the key it checks it with.
find_mirror() {
  . /etc/os-release
  [[ $ID == debian ]] || fail "this option builds Debian's source package and this is ${PRETTY_NAME:-$ID}: \
it needs a machine with Debian sources. Or build librdkafka yourself and configure with \
-DPEAKEND_LIBRDKAFKA_PREFIX=PREFIX"
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
    awk -v release="$VERSION_CODENAME" '$1 == release && $2 == "main" { print $3; exit }')
  [[ -n $mirror ]] || fail "no source for $VERSION_CODENAME main in this machine's apt configuration"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# apt drops its rights for downloads, and must still be able to write here.
chmod 755 "$work"
find_mirror
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$keyring] $mirror $suite main" >"$work/sources.list"
private=(-o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=-
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=)

echo "librdkafka: source package of $suite from $mirror"
apt-get -qq "${private[@]}" update || fail "$mirror has no readable suite $suite"
# Debian's patches replace bundled parts by packages that older releases lack.
(cd "$work/source" && apt-get -qq "${private[@]}" --download-only source librdkafka &&
  dpkg-source --skip-patches -x ./*.dsc) || fail "the source package did not unpack"

# The folder is named after the upstream archive, not always after the package.
source=$(find "$work/source" -mindepth 1 -maxdepth 1 -type d)
[[ -f $source/src/rdkafka.h ]] || fail "no src/rdkafka.h in the unpacked source: $source"

rm -rf "$prefix"
log=$root/.deps/librdkafka-build.log
mkdir -p "$root/.deps"
echo "librdkafka: building with $(nproc) processors, log in .deps/librdkafka-build.log"
(
  cd "$source" &&
    ./configure --prefix="$prefix" --disable-gssapi &&
    make -C src -j"$(nproc)" &&
    make -C src install
) >"$log" 2>&1 || { tail -20 "$log" >&2; fail "the build failed"; }
echo "librdkafka: $(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --modversion rdkafka) in .deps/librdkafka"
