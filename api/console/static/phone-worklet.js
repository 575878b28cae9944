"use strict";
/* Runs in the audio thread at 8 kHz: cuts the microphone into frames of 20 ms, and plays the
   line's frames one after the other. A mark between frames comes back once all before it has
   been played; what is cleared comes back as unheard. */

const FRAME = 160;
const LEVEL_EVERY = 800;

class Line extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.queue = [];
    this.at = 0;
    this.muted = false;
    this.ended = false;
    this.peaks = [0, 0];
    this.counted = 0;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(data) {
    if (data.pcm) this.queue.push(new Int16Array(data.pcm));
    else if (data.mark !== undefined) this.queue.push(data.mark);
    else if (data.clear) this.clear();
    else if (data.mute !== undefined) this.muted = data.mute;
    else if (data.end) this.ended = true;
  }

  clear() {
    const marks = this.queue.filter((item) => typeof item === "string");
    this.queue = [];
    this.at = 0;
    for (const mark of marks) this.port.postMessage({ mark, cleared: true });
  }

  process(inputs, outputs) {
    const output = outputs[0][0];
    const input = inputs[0][0];
    this.capture(input, output.length);
    this.play(output);
    this.measure(this.muted ? undefined : input, output);
    return !this.ended;
  }

  /* Muted, or without a microphone, silence is sent: the line counts frames to keep the time. */
  capture(input, length) {
    for (let i = 0; i < length; i++) {
      const value = this.muted || !input ? 0 : Math.max(-1, Math.min(1, input[i]));
      this.frame[this.filled++] = Math.round(value * 32767);
      if (this.filled === FRAME) {
        const pcm = this.frame.slice().buffer;
        this.port.postMessage({ pcm }, [pcm]);
        this.filled = 0;
      }
    }
  }

  play(output) {
    let i = 0;
    while (this.queue.length) {
      const first = this.queue[0];
      if (typeof first === "string") {
        this.port.postMessage({ mark: first, cleared: false });
        this.queue.shift();
        continue;
      }
      while (i < output.length && this.at < first.length) output[i++] = first[this.at++] / 32768;
      if (this.at < first.length) return;
      this.queue.shift();
      this.at = 0;
    }
  }

  measure(input, output) {
    for (let i = 0; i < output.length; i++) {
      if (input) this.peaks[0] = Math.max(this.peaks[0], Math.abs(input[i]));
      this.peaks[1] = Math.max(this.peaks[1], Math.abs(output[i]));
    }
    this.counted += output.length;
    if (this.counted < LEVEL_EVERY) return;
    this.port.postMessage({ peaks: this.peaks });
    this.peaks = [0, 0];
    this.counted = 0;
  }
}

registerProcessor("line", Line);
