"""The demonstration: WordPress and MySQL by each template of examples/wordpress, used as its author would.

Needs the images of scripts/demo-images.sh.
"""

import tempfile
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import engine
from checks import eventually
from story import Story

TITLE = "A blog out of a template"
POST = "Written before the database was restarted"
ADMIN, PASSWORD = "author", "a-Password-that-nobody-guesses-42"


class Browser:
    """What a person does with WordPress: pages, forms, cookies."""

    def __init__(self, url: str):
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def page(self, path: str = "", form: dict | None = None) -> str:
        """A page; of a form, the page that it leads to."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(urllib.parse.urljoin(self.url, path), data, timeout=60) as answer:
            return answer.read().decode()

    def shows(self, text: str, path: str = "") -> bool:
        """Whether a page can be had and has the text in it."""
        try:
            return text in self.page(path)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


class Blog(Story):
    """One template's run; the checks share the stack and the browser."""

    def __init__(self, cloud, folder: Path, template: str, output: str, database: str):
        super().__init__(cloud, folder)
        self.template = f"examples/wordpress/{template}.yaml"
        self.name = f"blog-{template}"
        self.output = output
        self.database = database
        self.browser = None

    def launch(self):
        self.openstack("stack", "create", "-t", self.template, "--wait", self.name)
        shown = self.json("stack", "output", "show", self.name, self.output)
        self.browser = Browser(shown["output_value"])

    def install(self):
        form = "wp-admin/install.php"
        eventually("the installation form", lambda: self.browser.shows("weblog_title", form))
        author = {"user_name": ADMIN, "admin_password": PASSWORD, "admin_password2": PASSWORD}
        blog = {"weblog_title": TITLE, "admin_email": "author@example.org", "blog_public": "0"}
        page = self.browser.page(f"{form}?step=2", author | blog)
        assert "Success!" in page, page
        assert self.browser.shows(TITLE), "the blog has no title"

    def write(self):
        self.browser.page("wp-login.php", {"log": ADMIN, "pwd": PASSWORD})
        key = self.browser.page("wp-admin/admin-ajax.php?action=rest-nonce")
        post = {"title": POST, "content": "It is still there.", "status": "publish"}
        self.browser.page("?rest_route=/wp/v2/posts", post | {"_wpnonce": key})
        assert self.browser.shows(POST), "the post is not on the blog"

    def restart(self):
        server = self.json("stack", "resource", "show", self.name, self.database)["physical_resource_id"]
        self.openstack("server", "reboot", "--hard", "--wait", server)

    def read(self):
        eventually("the post after the restart", lambda: self.browser.shows(POST), 120)

    def delete(self):
        self.openstack("stack", "delete", "--yes", "--wait", self.name)
        assert self.json("server", "list") == []
        left = engine.containers(self.cloud.installation())
        assert left == [], left
        networks = {row["Name"] for row in self.json("network", "list")}
        assert networks == {"shared", "public"}, networks
        assert self.json("router", "list") == [] and self.json("floating", "ip", "list") == []


# Template, its output, the resource of its database.
TEMPLATES = (
    ("2013", "BlogURL", "Database"),
    ("containers", "blog_url", "database"),
    ("servers", "blog_url", "database"),
    ("routed", "blog_url", "database"),
)


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        for template, output, database in TEMPLATES:
            blog = Blog(cloud, Path(folder), template, output, database)
            for name in ("launch", "install", "write", "restart", "read", "delete"):
                checks.run(f"wordpress {template}: {name}", getattr(blog, name))
