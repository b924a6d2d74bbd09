// @ts-check
/**
 * Makes the sample corpus: `node sample/make.mjs [FOLDER]`, with espeak-ng and flac on the PATH. Without
 * a FOLDER, which must not exist yet, what ships is made anew. The same versions of the two programs give
 * the same bytes; sample/README.md names those that made what ships.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { emotions, manner, speakers, statements } from './acting.mjs';
import { Random } from './random.mjs';
import { breathe, readWav, resample, setLevel, shelf, trim } from './sound.mjs';

/** @typedef {import('./acting.mjs').Speaker} Speaker */
/** @typedef {import('./acting.mjs').Manner} Manner */

const RATE_HZ = 16_000;
const WORDS_PER_MINUTE = 128;
const NEUTRAL_DECIBELS = -33;
/** 11 bits of 16: the five that are always zero cost nothing in FLAC. */
const STEP = 32;

const description = `name: Synthetic sample (eSpeak NG)
layout: ravdess
synthetic: true
licence: CC0-1.0
citation: Synthetic speech made with eSpeak NG by sample/make.mjs of Emotion in Motion; nobody's voice
`;

const shipped = path.join(import.meta.dirname, 'corpus');
const target = path.resolve(process.argv[2] ?? shipped);
if (target !== shipped && fs.existsSync(target)) {
  throw new Error(`${target} exists: name a folder that does not`);
}
// What is there stays until all of its successor is made.
const folder = `${target}.new`;
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(folder, 'corpus.yaml'), description);
for (const speaker of speakers) {
  fs.mkdirSync(path.join(folder, `Actor_${speaker.actor}`));
  for (const clip of clipsOf(speaker)) {
    const random = new Random(`clip ${clip.name}`);
    const how = manner(speaker, clip.emotion, clip.intensity, random);
    const voice = speak(speaker, how, clip.sentence, random);
    writeFlac(path.join(folder, clip.name), record(speaker, voice, random));
  }
}
fs.rmSync(target, { recursive: true, force: true });
fs.renameSync(folder, target);
writeManifest(target, `${target}.sha256`);

/** Every clip of a speaker, named as RAVDESS names them: audio only, speech. @param {Speaker} speaker */
function* clipsOf({ actor }) {
  for (const emotion of Object.values(emotions)) {
    for (let intensity = 1; intensity <= emotion.intensities; intensity += 1) {
      for (const [i, sentence] of statements.entries()) {
        for (let repetition = 1; repetition <= emotion.repetitions; repetition += 1) {
          const codes = [intensity, i + 1, repetition].map((n) => String(n).padStart(2, '0'));
          const name = ['03-01', emotion.code, ...codes, actor].join('-');
          yield { name: `Actor_${actor}/${name}.flac`, emotion, intensity, sentence };
        }
      }
    }
  }
}

/**
 * The sentence alone, at RATE_HZ. A vocal tract larger or smaller is the voice played slower or faster,
 * so pitch and rate are asked for accordingly less or more.
 * @param {Speaker} speaker @param {Manner} how @param {string} sentence @param {Random} random
 */
function speak({ voice, size }, how, sentence, random) {
  // eSpeak NG's pitch from 0 to 99 is exponential: 50 steps are an octave.
  const pitch = 50 + (50 / 12) * how.pitch - 50 * Math.log2(size);
  const wordsPerMinute = (WORDS_PER_MINUTE * how.rate) / size;
  const wav = execFileSync('espeak-ng', [
    ...['-v', voice, '-z', '-m', '--stdout'],
    ...['-p', String(Math.min(99, Math.max(0, Math.round(pitch))))],
    ...['-s', String(Math.round(wordsPerMinute))],
    `<prosody range="${Math.round(100 * how.range)}%">${sentence}</prosody>`,
  ]);
  const { rateHz, samples } = readWav(wav);
  const plain = trim(resample(samples, rateHz * size, RATE_HZ));
  const breathy = breathe(plain, how.breath, RATE_HZ, random);
  return setLevel(shelf(breathy, how.tilt, 1000, RATE_HZ), NEUTRAL_DECIBELS + how.level);
}

/**
 * The sentence between silences that are as quiet as the speaker's room, in steps of the quantiser.
 * @param {Speaker} speaker @param {Float64Array} voice @param {Random} random
 */
function record({ floorSteps }, voice, random) {
  const lead = Math.round(random.between(0.7, 1.05) * RATE_HZ);
  const trail = Math.round(random.between(0.65, 1.15) * RATE_HZ);
  const samples = new Int16Array(lead + voice.length + trail);
  const most = 32_767 / STEP;
  for (let i = 0; i < samples.length; i += 1) {
    const sample = ((voice[i - lead] ?? 0) * 32_768) / STEP + floorSteps * random.normal();
    samples[i] = STEP * Math.min(Math.floor(most), Math.max(-Math.floor(most), Math.round(sample)));
  }
  return samples;
}

/** @param {string} file @param {Int16Array} samples */
function writeFlac(file, samples) {
  const pcm = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, i) => pcm.writeInt16LE(sample, 2 * i));
  execFileSync(
    'flac',
    [
      ...['--silent', '--best', '--exhaustive-model-search', '--no-padding', '--no-seektable'],
      ...['--force-raw-format', '--endian=little', '--sign=signed', '--channels=1', '--bps=16'],
      ...[`--sample-rate=${RATE_HZ}`, `--output-name=${file}`, '-'],
    ],
    { input: pcm },
  );
}

/** `sha256sum --check` reads it. @param {string} root @param {string} manifest */
function writeManifest(root, manifest) {
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' });
  const lines = names
    .filter((name) => fs.statSync(path.join(root, name)).isFile())
    .map((name) => name.split(path.sep).join('/'))
    .sort()
    .map((name) => `${sha256(path.join(root, name))}  ${name}\n`);
  fs.writeFileSync(manifest, lines.join(''));
}

/** @param {string} file */
function sha256(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}
