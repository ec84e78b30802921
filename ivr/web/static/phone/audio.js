/* The sound of a page: its one context, microphone and speaker, which all of its phones share. */

const WORKLET = new URL("worklet.js", import.meta.url);

/* Why a page can have no sound at all; empty if it can. */
export function silentBecause() {
  if (!window.isSecureContext) return "insecure";
  if (typeof AudioWorkletNode === "undefined" || typeof WebSocket === "undefined") return "old";
  return "";
}

/* Why there is no microphone, as the browser says. */
function trouble(error) {
  switch (error.name) {
    case "NotAllowedError": case "SecurityError": return "denied";
    case "NotFoundError": case "OverconstrainedError": return "none";
    case "NotReadableError": case "AbortError": return "busy";
    default: return "failed";
  }
}

export class Audio extends EventTarget {
  constructor() {
    super();
    this.context = null;
    this.trouble = ""; // why nothing is heard of who speaks: denied, none, busy, failed
    this.microphone = ""; // the device that is wanted; the browser's own choice if empty
    this.speaker = "";
    this.stream = this.source = null;
    this.phones = new Set();
  }

  /* Has sound from now on; to be called when somebody clicks, since browsers begin none by themselves. */
  start() {
    this.starting ??= this.begin();
    return this.starting.then(() => this.context.resume());
  }

  async begin() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    await this.context.audioWorklet.addModule(WORKLET);
    await this.listen();
    if (this.speaker) await this.play(this.speaker);
    navigator.mediaDevices.addEventListener("devicechange", () => this.changed());
  }

  /* Takes the microphone that is wanted; without one all else goes on. */
  async listen(device = this.microphone) {
    this.microphone = device;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.source?.disconnect();
    this.stream = this.source = null;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: {
        echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1,
        ...(device && { deviceId: { exact: device } }) } });
      this.trouble = "";
      for (const track of this.stream.getTracks()) track.onended = () => this.lose();
      this.source = this.context.createMediaStreamSource(this.stream);
      for (const microphone of this.phones) this.source.connect(microphone);
    } catch (error) {
      this.trouble = trouble(error);
    }
    this.changed();
  }

  /* Has another microphone once there is sound. */
  want(device) {
    this.microphone = device;
  }

  lose() {
    this.trouble = "lost";
    this.changed();
  }

  /* Plays by another device, where the browser can. */
  async play(device) {
    this.speaker = device;
    if (this.choosesSpeaker && this.context) await this.context.setSinkId(device);
    this.changed();
  }

  get choosesSpeaker() {
    return typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;
  }

  /* The devices that there are: "audioinput" or "audiooutput". */
  async devices(kind) {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default");
  }

  /* Gives a phone its microphone and its speaker. */
  plug() {
    const options = { outputChannelCount: [1] };
    const microphone = new AudioWorkletNode(this.context, "phone-microphone", options);
    const speaker = new AudioWorkletNode(this.context, "phone-speaker", { ...options, numberOfInputs: 0 });
    this.source?.connect(microphone);
    microphone.connect(this.context.destination);
    speaker.connect(this.context.destination);
    this.phones.add(microphone);
    return { microphone, speaker, unplug: () => this.unplug(microphone, speaker) };
  }

  unplug(microphone, speaker) {
    this.phones.delete(microphone);
    try {
      this.source?.disconnect(microphone);
    } catch { /* another microphone was taken meanwhile */ }
    for (const node of [microphone, speaker]) {
      node.port.postMessage({ over: true });
      node.disconnect();
    }
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
