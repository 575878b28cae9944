"use strict";
/* The recording of a call: its outline, and the seconds that a turn, a word or a value comes from. */

class Player {
  constructor(section) {
    this.turns = [...section.querySelectorAll(".turns > li")];
    this.box = section.querySelector(".player");
    this.until = null;
    if (this.box) this.load();
  }

  async load() {
    const { sound, outline, nonce } = this.box.dataset;
    const drawing = await (await fetch(outline)).json();
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    this.wave = WaveSurfer.create({
      container: this.box.querySelector(".wave"),
      url: sound,
      peaks: [drawing.caller, drawing.assistant],
      duration: drawing.duration,
      height: 34,
      cspNonce: nonce,
      cursorColor: colour("--pico-primary"),
      splitChannels: [
        { waveColor: colour("--blue"), progressColor: colour("--pico-primary") },
        { waveColor: colour("--calm"), progressColor: colour("--pico-muted-color") },
      ],
      normalize: true,
    });
    const toggle = this.box.querySelector(".toggle");
    toggle.addEventListener("click", () => { this.until = null; this.wave.playPause(); });
    this.wave.on("play", () => { toggle.textContent = "⏸"; });
    this.wave.on("pause", () => { toggle.textContent = "▶"; });
    this.wave.on("timeupdate", (seconds) => this.follow(seconds));
    this.box.dataset.ready = "yes";
  }

  follow(seconds) {
    const whole = Math.floor(seconds);
    const clock = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    this.box.querySelector(".time").textContent = clock;
    const ms = seconds * 1000;
    for (const turn of this.turns) {
      const now = ms >= turn.dataset.from && ms < turn.dataset.to;
      if (now || turn.classList.contains("now")) this.light(turn, now ? ms : -1);
      turn.classList.toggle("now", now);
    }
    if (this.until !== null && ms >= this.until) {
      this.until = null;
      this.wave.pause();
    }
  }

  /* Lights up the words of a turn that are said at a moment. */
  light(turn, ms) {
    for (const word of turn.querySelectorAll(".word")) {
      word.classList.toggle("said", ms >= word.dataset.from && ms < word.dataset.to);
    }
  }

  /* Plays from one moment to another, milliseconds; without another, on and on. */
  async play(from, to = null) {
    if (!this.wave) return;
    this.wave.setTime(from / 1000);
    this.until = to;
    const turn = this.turns.findLast((li) => Number(li.dataset.from) <= from);
    if (turn) turn.scrollIntoView({ block: "nearest" });
    await this.wave.play();
  }
}

const players = new Map();
for (const section of document.querySelectorAll("section.call")) {
  players.set(section.dataset.call, new Player(section));
}

document.addEventListener("click", (event) => {
  const value = event.target.closest("button.hear");
  if (value) {
    const { call, from, to } = value.dataset;
    if (players.has(call)) players.get(call).play(Number(from), Number(to));
    return;
  }
  const word = event.target.closest(".turns .word");
  if (word) {
    const call = word.closest("section.call").dataset.call;
    players.get(call).play(Number(word.dataset.from));
    return;
  }
  const at = event.target.closest(".turns button.at");
  if (at) {
    const turn = at.closest("li");
    const call = turn.closest("section.call").dataset.call;
    players.get(call).play(Number(turn.dataset.from), Number(turn.dataset.to));
  }
});
