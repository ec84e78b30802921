/* The sound of a report: kept once for all, and put together again for whoever is listened to. */

async function decoded(pool) {
  const letters = atob(pool.textContent.trim()), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  // at its own rate nothing is resampled, where the browser can do that
  let context;
  try { context = new OfflineAudioContext(1, 1, Number(pool.dataset.rate)); } catch { context = new OfflineAudioContext(1, 1, 48000); }
  const buffer = await context.decodeAudioData(bytes.buffer);
  return { rate: buffer.sampleRate, samples: buffer.getChannelData(0) };
}

function wav(samples, rate) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const letters = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  letters(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); letters(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  letters(36, "data"); view.setUint32(40, 2 * samples.length, true);
  new Int16Array(view.buffer, 44).set(samples);
  return new Blob([view.buffer], { type: "audio/wav" });
}

/* Returns what brings a lane's sound into its player. */
export function sounds(pool) {
  let sound = null;
  return function load(lane) {
    if (!lane.loaded) lane.loaded = (async () => {
      sound = sound || decoded(pool);
      const { rate, samples } = await sound, scale = rate / Number(pool.dataset.rate);
      const whole = new Int16Array(Math.max(1, Math.round(Number(lane.box.dataset.samples) * scale)));
      for (const piece of lane.box.dataset.pieces.split(" ").filter(Boolean)) {
        const [at, begin, length] = piece.split(",").map((number) => Math.round(Number(number) * scale));
        for (let i = 0; i < length && at + i < whole.length; i++) whole[at + i] = Math.round(32768 * (samples[begin + i] || 0));
      }
      const ready = new Promise((done, failed) => {
        lane.audio.addEventListener("loadedmetadata", done, { once: true });
        lane.audio.addEventListener("error", failed, { once: true });
      });
      lane.audio.preload = "auto";
      lane.audio.src = URL.createObjectURL(wav(whole, rate));
      await ready;
    })();
    return lane.loaded;
  };
}
