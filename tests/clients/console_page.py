"""The page of a remote console in a real browser: typed, shown, resized, copied. Called by conformance.sh.

Starts a cloud of its own on the real engine, and removes it again. The browser is Debian's chromium, without a
window, driven by Selenium.
"""

import argparse
import time
from pathlib import Path

import requests
import yaml
from checks import Checks, eventually
from cloud import Cloud
from main import nothing_is_left
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

IMAGE = "novadock/tiny"
VERSION = {"OpenStack-API-Version": "compute 2.96"}
PATIENCE_SECONDS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    arguments = parser.parse_args()
    checks = Checks()
    cloud = Cloud(arguments.binary, arguments.data_dir)
    cloud.reset()
    cloud.start()
    try:
        run(Member(cloud), checks)
    finally:
        installation = cloud.installation()
        cloud.reset()
        checks.run("nothing is left on the engine", nothing_is_left, installation)
    print(f"console page: {checks.passed} passed, {len(checks.failed)} failed")
    return 1 if checks.failed else 0


class Member:
    """Who has a server, and asks for its console."""

    def __init__(self, cloud: Cloud):
        self.url = cloud.url
        entry = yaml.safe_load((cloud.data_dir / "clouds.yaml").read_text())["clouds"]["novadock"]["auth"]
        domain = {"id": "default"}
        user = {"name": "demo", "domain": domain, "password": entry["password"]}
        scope = {"project": {"name": "demo", "domain": domain}}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": scope}}
        answer = requests.post(f"{self.url}/identity/v3/auth/tokens", json=body, timeout=60)
        self.headers = VERSION | {"X-Auth-Token": answer.headers["X-Subject-Token"]}

    def call(self, verb: str, path: str, body=None) -> dict:
        answer = requests.request(verb, self.url + path, json=body, headers=self.headers, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def boot(self) -> str:
        """A server that runs."""
        images = eventually("the image", lambda: self.call("GET", f"/image/v2/images?name={IMAGE}")["images"])
        networks = self.call("GET", "/network/v2.0/networks?name=shared")["networks"]
        flavors = self.call("GET", "/compute/v2.1/flavors")["flavors"]
        flavor = next(flavor["id"] for flavor in flavors if flavor["name"] == "m1.nano")
        server = {"name": "page", "imageRef": images[0]["id"], "flavorRef": flavor}
        server["networks"] = [{"uuid": networks[0]["id"]}]
        path = f"/compute/v2.1/servers/{self.call('POST', '/compute/v2.1/servers', {'server': server})['server']['id']}"
        eventually("a running server", lambda: self.call("GET", path)["server"]["status"] == "ACTIVE")
        return path

    def console(self, server: str) -> str:
        """The address of a page."""
        asked = {"remote_console": {"protocol": "vnc", "type": "novnc"}}
        return self.call("POST", f"{server}/remote-consoles", asked)["remote_console"]["url"]


class Page:
    """The page, as somebody has it before him."""

    def __init__(self, url: str):
        options = webdriver.ChromeOptions()
        # As root, in a container: without a sandbox of its own, and without shared memory.
        for option in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "window-size=1000,700"):
            options.add_argument(f"--{option}")
        options.binary_location = "/usr/bin/chromium"
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        self.browser = webdriver.Chrome(options=options, service=service)
        self.browser.get(url)

    def close(self):
        self.browser.quit()

    def text(self) -> str:
        """What the terminal shows."""
        rows = self.browser.find_elements(By.CSS_SELECTOR, ".xterm-rows > div")
        return "\n".join(row.get_attribute("textContent").replace("\u00a0", " ").rstrip() for row in rows)

    def state(self) -> str:
        """What the line above it says."""
        return self.browser.find_element(By.ID, "state").text

    def type(self, text: str):
        self.browser.find_element(By.CSS_SELECTOR, ".xterm-helper-textarea").send_keys(text)

    def shows(self, line: str) -> bool:
        return line in self.text().splitlines()

    def waits_for(self, line: str):
        """Until the terminal shows a line like this."""
        eventually(f"the line {line!r} among {self.text()!r}", lambda: self.shows(line), PATIENCE_SECONDS)

    def size(self, name: str) -> tuple:
        """Rows and columns, as the guest knows them."""
        self.type(f"echo {name}=$(stty size)\n")

        def told():
            return [line for line in self.text().splitlines() if line.startswith(f"{name}=") and "$" not in line]

        rows, columns = eventually("the size", told, PATIENCE_SECONDS)[0].partition("=")[2].split()
        return int(rows), int(columns)


def run(member: Member, checks: Checks) -> None:
    url = member.console(member.boot())
    page = Page(url)
    try:
        checks.run("a page that connects", eventually, "a session", lambda: page.state() == "", PATIENCE_SECONDS)
        checks.run("what is typed runs, and is shown", typed, page)
        checks.run("other letters than ASCII's", letters, page)
        checks.run("the guest knows how large the window is", resized, page)
        checks.run("what is marked is copied", copied, page)
        checks.run("the end of the session is told", ended, page)
        checks.run("the address is good once", used, page, url)
    finally:
        page.close()


def typed(page: Page):
    page.type("echo answer-$((6 * 7))\n")
    page.waits_for("answer-42")


def letters(page: Page):
    page.type("echo gr\u00f6\u00dfer-$((1 + 1))-\u540d\n")
    page.waits_for("gr\u00f6\u00dfer-2-\u540d")


def resized(page: Page):
    rows, columns = page.size("before")
    page.browser.set_window_size(600, 400)
    time.sleep(0.5)  # the page tells the guest when the browser has drawn it
    fewer_rows, fewer_columns = page.size("after")
    assert fewer_rows < rows and fewer_columns < columns, (rows, columns, fewer_rows, fewer_columns)
    page.browser.set_window_size(1000, 700)


def copied(page: Page):
    page.type("clear; echo mark''able\n")
    page.waits_for("markable")
    # Whoever is granted one is denied the other; writing needs no question in front of a window.
    granted = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.browser.execute_cdp_cmd("Browser.grantPermissions", granted)
    eventually("the word in the clipboard", lambda: copy_word(page, "markable") == "markable", PATIENCE_SECONDS)


def copy_word(page: Page, word: str) -> str:
    """Marks a word by a double click, and copies it by keys; what the clipboard has then."""
    rows = page.browser.find_elements(By.CSS_SELECTOR, ".xterm-rows > div")
    row = next(row for row in rows if row.get_attribute("textContent").strip() == word)
    pointer = webdriver.ActionChains(page.browser)
    pointer.move_to_element_with_offset(row, 20 - row.size["width"] // 2, 0).double_click().perform()
    keys = webdriver.ActionChains(page.browser).key_down(Keys.CONTROL).key_down(Keys.SHIFT)
    keys.send_keys("C").key_up(Keys.SHIFT).key_up(Keys.CONTROL).perform()
    return page.browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], error => arguments[0](String(error)))"
    )


def ended(page: Page):
    page.type("exit\n")
    eventually("the sentence", lambda: page.state().startswith("The session has ended."), PATIENCE_SECONDS)


def used(page: Page, url: str):
    page.browser.get(url)
    eventually("the sentence", lambda: page.state().startswith("This address has been used"), PATIENCE_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
