// The page of a remote console: a terminal on one end of a websocket. What is typed and shown goes as
// bytes, the terminal's size as text, `{"columns": 80, "rows": 24}`.
"use strict";

const state = document.getElementById("state");
const terminal = new Terminal({ cursorBlink: true, scrollback: 10000 });
const fit = new FitAddon.FitAddon();
terminal.loadAddon(fit);
terminal.open(document.getElementById("terminal"));

const address = new URL("socket", location.href);
address.search = location.search;
address.protocol = address.protocol.replace("http", "ws");
const socket = new WebSocket(address);
socket.binaryType = "arraybuffer";

const encoder = new TextEncoder();
const send = (data) => { if (socket.readyState === WebSocket.OPEN) socket.send(data); };
const tell = (text) => { state.textContent = text; state.hidden = !text; fit.fit(); };
const sayHowLarge = ({ cols, rows }) => send(JSON.stringify({ columns: cols, rows }));

let opened = false;
socket.onopen = () => { opened = true; tell(""); sayHowLarge(terminal); terminal.focus(); };
socket.onmessage = (event) => terminal.write(new Uint8Array(event.data));
socket.onclose = () => tell(opened
  ? "The session has ended. Ask for another console to begin a new one."
  : "This address has been used or is too old. Ask for another console.");

terminal.onData((text) => send(encoder.encode(text)));
terminal.onBinary((text) => send(Uint8Array.from(text, (byte) => byte.charCodeAt(0))));
terminal.onResize(sayHowLarge);
window.addEventListener("resize", () => fit.fit());

// Ctrl+Shift+C copies what is marked; the browser's own paste works as it is.
terminal.attachCustomKeyEventHandler((event) => {
  if (event.type !== "keydown" || !event.ctrlKey || !event.shiftKey || event.code !== "KeyC") return true;
  event.preventDefault();
  if (navigator.clipboard) navigator.clipboard.writeText(terminal.getSelection());
  else document.execCommand("copy");
  return false;
});
