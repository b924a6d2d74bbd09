'use strict';
// CommonJS for the sake of bin/emotion.cjs, and loading next to nothing: that is most of such a run's time.
const { DID_NOTHING } = require('../pipeline/run-name.cjs');
const { sameStamp } = require('../pipeline/stamp.cjs');
const { gitOptions, gitWords, readGitStatus } = require('./git-status.cjs');

// Not required: this file is in the command line's bundle too, which is a module and has no `require`.
const fs = process.getBuiltinModule('node:fs');
const path = process.getBuiltinModule('node:path');
const { createHash } = process.getBuiltinModule('node:crypto');

/**
 * A run that found nothing to do, with every file that it looked at on the way (`remember.ts` keeps it).
 * The same command in the same situation would look at the same files and find the same; so, while none
 * of them moved, what it said is said again without looking through code, parameters and records anew.
 * What does not rest on stamps is done each time: the bytes of what a person is given are held against
 * their names, git is asked, and the run leaves a record of its own.
 *
 * @typedef {object} Answer
 * @property {readonly Look[]} looks
 * @property {readonly { path: string, sha256: string }[]} given what a person is given: the report
 * @property {readonly (readonly [1 | 2, string])[]} said what was written, to stdout (1) or stderr (2)
 * @property {string} artifacts
 * @property {import('../pipeline/run-record.ts').RunRecord} record
 *
 * @typedef {object} Look one file, folder or link as it was when it was first looked at
 * @property {string} path absolute
 * @property {Stamp | null} stamp null where nothing was
 * @property {Stamp | undefined} [link] of the link itself, where it is one
 *
 * @typedef {import('../pipeline/stamp.cjs').Stamp} Stamp
 */

/** Of the file of an answer; another format has other names, so that none is misread. */
const FORMAT = 1;

/** Those that run something. */
const COMMANDS = ['pipeline', 'stage'];

/** Gives the remembered answer if it still holds. @param {string} root @returns {boolean} whether it did */
function recall(root) {
  const startedMs = Date.now();
  if (!COMMANDS.includes(process.argv[2] ?? '')) return false;
  try {
    const answer = readAnswer(answerFile(root));
    if (answer === undefined || !answer.looks.every(isUnmoved) || !answer.given.every(isWhole)) {
      return false;
    }
    writeRecord(answer, root, startedMs);
    for (const [stream, text] of answer.said) write(stream, text);
    return true;
  } catch {
    // Whatever is the matter, the whole command says it in better words.
    return false;
  }
}

/** The file of the answer to this command here and now: its name tells all that is not a file. */
function answerFile(/** @type {string} */ root) {
  const environment = Object.entries(process.env).filter(([name]) => !UNHEARD.includes(name));
  const { argv, execPath, version } = process;
  const widths = [1, 2].map(widthOfTerminal);
  const situation = [FORMAT, version, execPath, argv.slice(2), process.cwd(), widths, environment];
  const name = `${sha256(JSON.stringify(situation))}.json`;
  return path.join(root, 'node_modules', '.cache', 'emotion-in-motion', 'answers', name);
}

/** What a shell changes from command to command, and nothing here reads. */
const UNHEARD = ['_', 'SHLVL', 'OLDPWD'];

/** How wide the terminal is that somebody watches; Node's terminals are loaded where it may be one. */
function widthOfTerminal(/** @type {number} */ stream) {
  if (!fs.fstatSync(stream).isCharacterDevice()) return null;
  const { isatty } = process.getBuiltinModule('node:tty');
  if (!isatty(stream)) return null;
  return (stream === 1 ? process.stdout : process.stderr).columns;
}

/** Whole or not at all, with its own hash in front. @param {string} file @param {Answer} answer */
function writeAnswer(file, answer) {
  const text = JSON.stringify(answer);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, `${sha256(text)}${text}`);
  fs.renameSync(temporary, file);
}

/** @param {string} file @returns {Answer | undefined} */
function readAnswer(file) {
  if (!fs.existsSync(file)) return undefined;
  const text = fs.readFileSync(file, 'utf8');
  const answer = text.slice(64);
  return sha256(answer) === text.slice(0, 64) ? JSON.parse(answer) : undefined;
}

/** @param {Look} look */
function isUnmoved({ path: name, stamp, link }) {
  if (link !== undefined && !sameStamp(fs.lstatSync(name), link)) return false;
  const stat = fs.statSync(name, { throwIfNoEntry: false });
  return stamp === null ? stat === undefined : sameStamp(stat, stamp);
}

/** @param {Answer['given'][number]} object */
function isWhole({ path: name, sha256: hash }) {
  return sha256(fs.readFileSync(name)) === hash;
}

/**
 * The run's own record. Its folder comes to its place whole, so that a kill leaves it or nothing. A power
 * cut may take it or leave it cut, since the disk is not waited for: it tells of no result that was not
 * there before, and the end of its name says so to who finds it cut.
 *
 * @param {Answer} answer @param {string} root @param {number} startedMs
 */
function writeRecord({ artifacts, record }, root, startedMs) {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('git', gitWords, { ...gitOptions(root), encoding: 'utf8' });
  const started = new Date(startedMs).toISOString();
  const own = sha256(`${process.pid} ${process.hrtime.bigint()} ${record.id}`);
  const id = `${started.replace(/[-:]/g, '')}-${own.slice(0, 6)}${DID_NOTHING}`;
  const endedMs = Date.now();
  const now = {
    ...record,
    id,
    started,
    ended: new Date(endedMs).toISOString(),
    seconds: (endedMs - startedMs) / 1000,
    git: status === 0 ? readGitStatus(stdout) : null,
  };
  const temporary = path.join(artifacts, 'store', 'tmp', `${process.pid}-${own.slice(0, 16)}`);
  try {
    fs.mkdirSync(temporary, { recursive: true });
    fs.writeFileSync(path.join(temporary, 'run.json'), `${JSON.stringify(now, null, 2)}\n`);
    fs.renameSync(temporary, path.join(artifacts, 'runs', id));
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Without Node's streams, which take as long to load as all the rest. @param {1 | 2} stream @param {string} text */
function write(stream, text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(stream, bytes));
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      // Who reads may leave (`| head`), and may be slow.
      if (code !== 'EAGAIN') return;
    }
  }
}

/** @param {string | Uint8Array} data */
function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

module.exports = { answerFile, recall, writeAnswer };
