"use strict";
/* The telephone: microphone and loudspeaker go through one audio worklet, the line through one
   websocket. All words stand in the page; here they are shown and hidden. */

const phone = document.querySelector("#phone");
const dial = document.querySelector("#dial");
const muteButton = document.querySelector("#mute");
const pad = document.querySelector(".keypad");
/* Why the socket closed, as the page puts it. Refused before it opened: 1006. */
const CLOSED = { 1006: "unreachable", 1008: "session", 1011: "failed", 1012: "busy", 4400: "failed", 4403: "expired", 4503: "busy" };
const NO_RIGHT = ["NotAllowedError", "SecurityError"];

let call = null;

function show(state) {
  const on = state === "dialling" || state === "talking";
  phone.dataset.state = state;
  for (const words of phone.querySelectorAll("[data-show]")) words.hidden = words.dataset.show !== state;
  dial.hidden = on;
  phone.querySelector(".talking").hidden = !on;
  if (pad) pad.disabled = state !== "talking";
  if (state === "dialling") phone.querySelector("#hang-up").focus();
  if (state === "over") dial.querySelector("button").focus();
}

function complain(problem) {
  for (const words of phone.querySelectorAll("[data-problem]")) words.hidden = words.dataset.problem !== problem;
  if (problem === "number") dial.elements.caller.focus();
  if (problem === "number") dial.elements.caller.setAttribute("aria-invalid", "true");
  else if (dial.elements.caller) dial.elements.caller.removeAttribute("aria-invalid");
}

class Problem extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

async function microphone() {
  if (!navigator.mediaDevices || !window.AudioWorkletNode) throw new Problem("browser");
  const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: wanted });
  } catch (error) {
    throw new Problem(NO_RIGHT.includes(error.name) ? "forbidden" : "microphone");
  }
}

async function worklet(stream) {
  const context = new AudioContext({ sampleRate: 8000, latencyHint: "interactive" });
  try {
    await context.audioWorklet.addModule(phone.dataset.worklet);
    const node = new AudioWorkletNode(context, "line", { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
    context.createMediaStreamSource(stream).connect(node).connect(context.destination);
    await context.resume();
    return { context, node };
  } catch {
    context.close();
    throw new Problem("browser"); // some cannot change a microphone's rate
  }
}

async function admission() {
  let answer;
  try {
    const body = new URLSearchParams(new FormData(dial));
    answer = await fetch(phone.dataset.calls, { method: "POST", body, headers: { "X-CSRFToken": token } });
  } catch {
    throw new Problem("unreachable");
  }
  if (answer.status === 422) throw new Problem("number");
  if (answer.redirected || answer.status === 400) throw new Problem("session");
  if (!answer.ok) throw new Problem("failed");
  return answer.json();
}

/* One call. What it holds is given back by `end`, which may come at any moment. */
class Call {
  async begin() {
    this.stream = await this.keep(microphone(), (stream) => stream.getTracks().forEach((track) => track.stop()));
    Object.assign(this, await this.keep(worklet(this.stream), ({ context }) => context.close()));
    this.node.port.onmessage = ({ data }) => this.fromWorklet(data);
    this.admitted = await this.keep(admission(), () => undefined);
    this.connect();
  }

  /* Somebody may have hung up while the browser asked for the microphone. */
  async keep(promise, giveBack) {
    const thing = await promise;
    if (this.over) {
      giveBack(thing);
      throw new Problem("");
    }
    return thing;
  }

  connect() {
    const address = new URL(phone.dataset.line, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.tell({ event: "start", ...this.admitted });
    this.socket.onmessage = ({ data }) => this.fromLine(data);
    this.socket.onclose = ({ code }) => this.end(this.began && code === 1006 ? "lost" : CLOSED[code]);
  }

  tell(message) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  fromLine(data) {
    if (typeof data !== "string") {
      this.node.port.postMessage({ pcm: data }, [data]);
      return;
    }
    const message = JSON.parse(data);
    if (message.event === "begun") this.talk();
    else if (message.event === "mark") this.node.port.postMessage({ mark: message.name });
    else if (message.event === "clear") this.node.port.postMessage({ clear: true });
  }

  fromWorklet(data) {
    if (data.pcm) {
      if (this.began && this.socket.readyState === WebSocket.OPEN) this.socket.send(data.pcm);
    } else if (data.peaks) {
      level("#mine", data.peaks[0]);
      level("#theirs", data.peaks[1]);
    } else this.tell({ event: "mark", name: data.mark, cleared: data.cleared });
  }

  talk() {
    this.began = Date.now();
    show("talking");
    this.clock = setInterval(() => this.tick(), 1000);
    this.tick();
    this.news = new EventSource(phone.dataset.events);
    this.news.addEventListener(`call-${this.admitted.call}`, () => this.look());
  }

  tick() {
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    const padded = String(seconds % 60).padStart(2, "0");
    document.querySelector("#took").value = `${Math.floor(seconds / 60)}:${padded}`;
  }

  look() {
    const address = phone.dataset.now.replace("SID", this.admitted.call);
    htmx.ajax("GET", address, { target: "#call", swap: "innerHTML" });
  }

  mute(muted) {
    if (this.node) this.node.port.postMessage({ mute: muted });
  }

  hangUp() {
    this.tell({ event: "stop" });
    this.end();
  }

  end(problem) {
    if (this.over) return;
    this.over = true;
    clearInterval(this.clock);
    if (this.socket) this.socket.close(1000);
    if (this.node) this.node.port.postMessage({ end: true });
    if (this.context) this.context.close();
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    if (call === this) quiet(this.began ? "over" : "idle", problem);
    /* The last words and the end are stored in a moment; then nothing changes any more. */
    if (this.began) setTimeout(() => this.look(), 700);
    if (this.news) setTimeout(() => { this.look(); this.news.close(); }, 3000);
  }
}

function quiet(state, problem) {
  call = null;
  muteButton.setAttribute("aria-pressed", "false");
  level("#mine", 0);
  level("#theirs", 0);
  show(state);
  complain(problem);
}

/* Loudness as the ear has it: from 60 dB below full scale up to it. */
function level(meter, peak) {
  document.querySelector(meter).value = Math.max(0, 1 + Math.log10(Math.max(peak, 1e-6)) / 3);
}

dial.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (call) return;
  const mine = (call = new Call());
  complain();
  show("dialling");
  try {
    await mine.begin();
  } catch (error) {
    mine.end(error instanceof Problem ? error.kind : "failed");
  }
});
document.querySelector("#hang-up").addEventListener("click", () => call && call.hangUp());
muteButton.addEventListener("click", () => {
  if (!call) return;
  const muted = muteButton.getAttribute("aria-pressed") !== "true";
  muteButton.setAttribute("aria-pressed", String(muted));
  call.mute(muted);
});
if (pad) pad.addEventListener("click", ({ target }) => {
  if (call && target.value) call.tell({ event: "key", digit: target.value });
});
/* Until here a press would send the form instead. */
dial.querySelector("button.wide").disabled = false;
window.addEventListener("pagehide", () => call && call.hangUp());
