// Does with sound what the page's worklet does: reads a question as JSON, answers with samples.
import { readFileSync } from "node:fs";

const [, , folder] = process.argv, asked = JSON.parse(readFileSync(0));
const { Keypad } = await import(`${folder}/keypad.js`);
const { Decimator } = await import(`${folder}/rates.js`);
const { FRAME, Playback } = await import(`${folder}/playback.js`);

/* Keys as they are pressed: [seconds, key or ""]. */
function keyed({ rate, seconds, presses }) {
  const keypad = new Keypad(rate), made = [];
  for (let n = 0; n < seconds * rate; n++) {
    while (presses.length && presses[0][0] * rate <= n) {
      const [[, key]] = presses.splice(0, 1);
      if (key) keypad.down(key);
      else keypad.up();
    }
    made.push(keypad.next());
  }
  return made;
}

function decimated({ rate, samples }) {
  const decimator = new Decimator(rate), made = [];
  for (const sample of samples) decimator.put(sample, (one) => made.push(one));
  return made;
}

/* Frames of samples, each at its moment: [seconds, number]. */
function played({ rate, seconds, frames, samples }) {
  const playback = new Playback(rate), made = [];
  for (let n = 0; n < seconds * rate; n++) {
    while (frames.length && frames[0][0] * rate <= n) {
      const [[, number]] = frames.splice(0, 1);
      playback.put(number, Float32Array.from(samples.slice(FRAME * number, FRAME * (number + 1))));
    }
    made.push(playback.next());
  }
  const { delay, stalls, skips } = playback;
  return { made, delay, stalls, skips };
}

process.stdout.write(JSON.stringify({ keyed, decimated, played }[asked.what](asked)));
