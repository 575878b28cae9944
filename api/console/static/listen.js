"use strict";
/* Listening to a call in progress: one socket brings both sides, the telephone's worklet plays them. */

const box = document.querySelector("#listen");
const button = box.querySelector("button");
/* Why the socket closed, as the page puts it. */
const CLOSED = { 1000: "over", 1006: "unreachable", 1008: "refused", 4400: "failed", 4403: "failed", 4404: "elsewhere", 4500: "failed", 4503: "busy" };

let listening = null;

function show(state) {
  box.dataset.state = state;
  button.setAttribute("aria-pressed", String(state === "listening"));
  for (const words of box.querySelectorAll("[data-show]")) words.hidden = words.dataset.show !== state;
}

async function admission() {
  const answer = await fetch(box.dataset.admission, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok || answer.redirected) throw new Error("refused");
  return answer.json();
}

class Listening {
  async begin() {
    this.context = new AudioContext({ sampleRate: 8000, latencyHint: "interactive" });
    await this.context.audioWorklet.addModule(box.dataset.worklet);
    this.node = new AudioWorkletNode(this.context, "line", { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
    this.node.connect(this.context.destination);
    this.node.port.onmessage = ({ data }) => this.measure(data);
    await this.context.resume();
    this.connect(await admission());
  }

  connect(admitted) {
    if (this.ended) return;
    const address = new URL(box.dataset.line, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.socket.send(JSON.stringify(admitted));
    this.socket.onmessage = ({ data }) => {
      show("listening");
      this.node.port.postMessage({ pcm: data }, [data]);
    };
    this.socket.onclose = ({ code }) => this.end(CLOSED[code] || "failed");
  }

  /* Loudness as the ear has it; see phone.js. */
  measure(data) {
    if (data.peaks) box.querySelector("meter").value = Math.max(0, 1 + Math.log10(Math.max(data.peaks[1], 1e-6)) / 3);
  }

  end(state) {
    if (this.ended) return;
    this.ended = true;
    if (this.socket) this.socket.close(1000);
    if (this.node) this.node.port.postMessage({ end: true });
    if (this.context) this.context.close();
    box.querySelector("meter").value = 0;
    listening = null;
    show(state);
  }
}

button.addEventListener("click", async () => {
  if (listening) {
    listening.end("idle");
    return;
  }
  const mine = (listening = new Listening());
  show("connecting");
  try {
    await mine.begin();
  } catch {
    mine.end("failed");
  }
});
/* Until here a click or a key would be lost. */
button.disabled = false;
window.addEventListener("pagehide", () => listening && listening.end("idle"));
