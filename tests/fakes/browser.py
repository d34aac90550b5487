"""A headless Chromium driven over its DevTools protocol: enough of a person to use the page."""

import asyncio
import base64
import json
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
"""None where there is no Chromium: `apt-get install -y chromium`."""
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--mute-audio",
    "--autoplay-policy=no-user-gesture-required", "--remote-debugging-port=0",
)  # fmt: skip
START_S = 60.0
WAIT_S = 10.0


class BrowserError(Exception):
    """The page did not do what was waited for, or threw."""


class Page:
    """One tab."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.numbers = count(1)
        self.complaints: list[str] = []
        """What the page threw or wrote to the console as an error or a warning."""

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and give its result."""
        number = next(self.numbers)
        await self.socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = json.loads((await asyncio.wait_for(self.socket.receive(), 6 * WAIT_S)).data)
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']['message']}")
                return dict(message["result"])
            self.note(message)

    def note(self, message: dict[str, Any]) -> None:
        """Keep what the page complains of."""
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"].get("exception", {}).get("description")))
        elif message.get("method") == "Log.entryAdded" and params["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())
        elif message.get("method") == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning"}:
            self.complaints.append(str([argument.get("value") for argument in params["args"]]))

    async def open(self, url: str) -> None:
        """Go to an address and wait until it is there."""
        for domain in ("Page", "Runtime", "Log", "DOM"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'")

    async def run(self, script: str) -> Any:
        """Evaluate JavaScript (a promise is awaited) and give its value."""
        result = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserError(f"{script}: {result['exceptionDetails']['exception'].get('description')}")
        return result["result"].get("value")

    async def until(self, script: str, seconds: float = WAIT_S) -> None:
        """Wait until an expression holds: it is looked at every frame, in the page."""
        waiting = f"""new Promise((yes, no) => {{
            const end = performance.now() + {seconds * 1000};
            (function look() {{
                if ({script}) yes();
                else if (performance.now() > end) no(new Error("still not so"));
                else setTimeout(look, 20);
            }})();
        }})"""
        try:
            await self.run(waiting)
        except BrowserError as error:
            raise BrowserError(f"still not so: {script}; complaints: {self.complaints}") from error

    async def text(self, selector: str) -> str:
        """What a person reads in the first element that matches."""
        return str(await self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    async def write(self, selector: str, text: str) -> None:
        """Focus an element and type, letter by letter as its listeners see it, without Enter."""
        await self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        for letter in text:
            await self.call("Input.insertText", text=letter)

    async def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list."""
        await self.run(
            f"(e => {{ e.value = {json.dumps(value)}; e.dispatchEvent(new Event('change')) }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    async def type(self, selector: str, text: str) -> None:
        """Focus an element and type, then press Enter."""
        await self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)
        await self.press("Enter", 13, "\r")

    async def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key and let it go."""
        for kind in ("keyDown", "keyUp"):
            down = {"text": text} if text and kind == "keyDown" else {}
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **down)

    async def tap(self, selector: str) -> None:
        """Press the mouse in an element's middle and let go."""
        corner = "(e => { e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); "
        middle = f"{corner} return [r.x + r.width / 2, r.y + r.height / 2] }})"
        x, y = await self.run(f"{middle}(document.querySelector({json.dumps(selector)}))")
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def give(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in a file field."""
        root = (await self.call("DOM.getDocument"))["root"]["nodeId"]
        node = (await self.call("DOM.querySelector", nodeId=root, selector=selector))["nodeId"]
        await self.call("DOM.setFileInputFiles", files=[str(file) for file in files], nodeId=node)

    async def look(self, width: int, height: int, *, dark: bool) -> None:
        """Take another screen and colour scheme."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def picture(self, path: Path) -> None:
        """Write what is seen to a PNG."""
        picture = await self.call("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(picture["data"]))


@asynccontextmanager
async def browse(url: str, *more: str) -> AsyncIterator[Page]:
    """Start Chromium with `more` flags, open `url` in its tab, and end it afterwards."""
    assert PROGRAM
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            PROGRAM, *FLAGS, *more, f"--user-data-dir={folder}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            port = await asyncio.to_thread(debugger, Path(folder) / "DevToolsActivePort")
            async with ClientSession() as session:
                tabs = await (await session.get(f"http://127.0.0.1:{port}/json/list")).json()
                place = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
                async with session.ws_connect(place, max_msg_size=0) as socket:
                    page = Page(socket)
                    await page.open(url)
                    yield page
        finally:
            process.terminate()
            await process.wait()


def debugger(file: Path) -> int:
    """Wait until Chromium has written down the port it listens on. Blocking: call it in a thread."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if file.is_file() and (words := file.read_text().split()):
            return int(words[0])
        time.sleep(0.05)
    raise BrowserError(f"Chromium did not start within {START_S:g} s")
