import type { AudioContent } from "../suite/input-content.ts";
import { type Generator, uniform } from "./random.ts";

/**
 * A WAV file (PCM, 16 bits, one channel) of a drawn length that sounds like speech to a machine: voiced and unvoiced
 * syllables, about four a second, with pauses between phrases and a quiet background. A detector of voice activity has
 * something to find, a recogniser of speech no words.
 *
 * Source of the format: Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0 (RIFF WAVE).
 */
export function drawSpeech({ seconds, rateHz }: AudioContent, next: Generator): Uint8Array {
  const length = seconds[0] + (seconds[1] - seconds[0]) * uniform(next);
  return wav(speech(Math.max(1, Math.round(length * rateHz)), rateHz, next), rateHz);
}

/** Most bytes of one clip. */
export const mostAudioBytes = ({ seconds, rateHz }: AudioContent): number => HEADER + 2 * Math.ceil(seconds[1] * rateHz);

const HEADER = 44;

function wav(samples: Int16Array, rateHz: number): Uint8Array {
  const bytes = new Uint8Array(HEADER + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const text = (at: number, four: string) => bytes.set(new TextEncoder().encode(four), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVE");
  text(12, "fmt ");
  view.setUint32(16, 16, true);
  // PCM, one channel.
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, 2 * rateHz, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  for (let i = 0; i < samples.length; i++) view.setInt16(HEADER + 2 * i, samples[i]!, true);
  return bytes;
}

/** Of the full scale. */
const BACKGROUND = 0.002;
const LOUDEST = 0.6;
/** Samples of one period of a voice, looked up by its phase. */
const PERIOD = 256;

function speech(length: number, rateHz: number, next: Generator): Int16Array {
  const samples = new Int16Array(length);
  const noise = () => 2 * uniform(next) - 1;
  for (let at = 0; at < length; ) {
    const isPause = uniform(next) < 0.15;
    const isVoiced = uniform(next) < 0.75;
    const count = Math.max(1, Math.round(rateHz * (isPause ? 0.2 + 0.4 * uniform(next) : 0.12 + 0.2 * uniform(next))));
    const loudness = isPause ? 0 : LOUDEST * (0.4 + 0.6 * uniform(next)) * (isVoiced ? 1 : 0.25);
    const period = isVoiced ? voice(next) : undefined;
    const [pitchHz, glide] = [90 + 130 * uniform(next), 0.8 + 0.4 * uniform(next)];
    let phase = 0;
    for (let i = 0; i < count && at < length; i++, at++) {
      const progress = i / count;
      const envelope = loudness * Math.sin(Math.PI * progress) ** 0.7;
      phase = (phase + (pitchHz * (1 + (glide - 1) * progress) * PERIOD) / rateHz) % PERIOD;
      const tone = period === undefined ? noise() : 0.95 * period[Math.floor(phase)]! + 0.05 * noise();
      samples[at] = Math.round(32_767 * Math.max(-1, Math.min(1, envelope * tone + BACKGROUND * noise())));
    }
  }
  return samples;
}

/** One period of a vowel: harmonics that fall off, raised around two formants; at most 1 in size. */
function voice(next: Generator): Float64Array {
  const formants = [3 + 3 * uniform(next), 8 + 8 * uniform(next)];
  const period = new Float64Array(PERIOD);
  for (let harmonic = 1; harmonic <= 20; harmonic++) {
    const raised = formants.reduce((sum, formant) => sum + Math.exp(-(((harmonic - formant) / 1.5) ** 2)), 0);
    const strength = (0.3 + raised) / harmonic ** 0.8;
    const start = 2 * Math.PI * uniform(next);
    for (let i = 0; i < PERIOD; i++) period[i]! += strength * Math.sin((2 * Math.PI * harmonic * i) / PERIOD + start);
  }
  const largest = period.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return period.map((value) => value / largest);
}
