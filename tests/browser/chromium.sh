# Sourced: sets BROWSER and BROWSER_DRIVER to a Chromium and its driver, installed with apt-get where that may be done.

find_chromium() {
  BROWSER=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
  BROWSER_DRIVER=$(command -v chromedriver)
  export BROWSER BROWSER_DRIVER
  [ -n "$BROWSER" ] && [ -n "$BROWSER_DRIVER" ]
}

if ! find_chromium && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium and its driver"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null
fi
if ! find_chromium; then
  echo "test-browser needs ${BROWSER:+the driver of }Chromium (Debian: apt-get install chromium chromium-driver)." >&2
  exit 1
fi
