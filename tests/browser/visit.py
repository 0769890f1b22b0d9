"""What a person does with a browser."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 12  # seconds after which a browser that does not get there has failed


@contextmanager
def browser(screenshots: Path, *arguments: str) -> "Iterator[Visit]":
    options = ChromeOptions()
    options.binary_location = os.environ["BROWSER"]
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-dev-shm-usage",
        "disable-gpu",
        "window-size=1280,1000",
        *arguments,
    ):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(os.environ["BROWSER_DRIVER"]))
    try:
        yield Visit(driver, screenshots)
    finally:
        driver.quit()


@dataclass
class Visit:
    """A browser with one tab."""

    driver: Chrome
    screenshots: Path

    def open(self, url: str) -> None:
        self.driver.get(url)

    def look(self, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Change the window and the scheme of colours."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def screenshot(self, name: str) -> None:
        self.screenshots.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(self.screenshots / f"{name}.png"))

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first one that is shown, waited for."""
        return self.until(lambda: next((found for found in self.all(selector) if found.is_displayed()), None))

    def click(self, selector: str) -> None:
        self.one(selector).click()

    def choose(self, name: str, label: str) -> None:
        Select(self.one(f"select[name={name}]")).select_by_visible_text(label)

    def fill(self, name: str, text: str) -> None:
        field = self.one(f"input[name={name}]")
        field.clear()
        field.send_keys(text)

    def type(self, selector: str, text: str) -> None:
        """Put text into one of GraphiQL's editors, over what it holds."""
        self.one(f"{selector} .CodeMirror").click()
        where = self.driver.switch_to.active_element
        where.send_keys(Keys.CONTROL, "a")
        # not by keys: the editor would close every bracket itself
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})

    def try_out(self, operation: str) -> None:
        """Press the button beside an operation; its document is then in GraphiQL."""
        self.click("a[href='#schema']")
        button = self.one(f"button[data-try={operation}]")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()
        self.until(lambda: operation in self.text(".graphiql-query-editor"))

    def run(self) -> dict[str, Any]:
        """Press the play button, and read what GraphiQL then shows."""
        self.driver.execute_script(
            "window.answered = performance.getEntriesByName(location.origin + '/graphql').length"
        )
        self.click(".graphiql-execute-button")
        self.until(
            lambda: self.driver.execute_script(
                "return performance.getEntriesByName(location.origin + '/graphql').length > window.answered"
            )
        )
        self.until(lambda: not self.all(".graphiql-spinner"))
        return self.until(lambda: parsed(self.editor(".result-window")))

    def editor(self, selector: str) -> str:
        """All that an editor holds, also what is scrolled out of sight."""
        script = "return document.querySelector(arguments[0] + ' .CodeMirror')?.CodeMirror.getValue() ?? ''"
        text: str = self.driver.execute_script(script, selector)
        return text

    def text(self, selector: str) -> str:
        return "\n".join(found.text for found in self.all(selector))

    def until(self, condition: Callable[[], Any]) -> Any:
        return WebDriverWait(self.driver, PATIENCE).until(lambda _driver: condition())

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        script = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
        found: int = self.driver.execute_script(script)
        return found

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self) -> list[str]:
        """The address of every request so far."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
