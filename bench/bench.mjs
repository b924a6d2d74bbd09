// @ts-check
/**
 * The figures of the README: what is fast here, measured beside its peers in one run and in turns.
 *
 *   npm run bench [-- --only step,features --quick]
 */
import fs from 'node:fs';
import path from 'node:path';
import { writeResults } from './command-line.mjs';
import { measureFeatures } from './speed/features.mjs';
import { measureGrowth } from './speed/growth.mjs';
import { measureJobs } from './speed/jobs.mjs';
import { aboutMachine } from './speed/machine.mjs';
import { speedOptions } from './speed/options.mjs';
import { measurePaper } from './speed/paper-run.mjs';
import { measureRerun } from './speed/rerun.mjs';
import { measureSteps } from './speed/step.mjs';
import { tables } from './speed/tables.mjs';
import { messageOf } from './speed/turns.mjs';

/** @typedef {import('./speed/tables.mjs').Results} Results */

const measures = {
  step: measureSteps,
  features: measureFeatures,
  paper: measurePaper,
  rerun: measureRerun,
  jobs: measureJobs,
  growth: measureGrowth,
};

const options = speedOptions(process.argv.slice(2));
const results = earlier();
process.on('exit', () => fs.rmSync(options.scratch, { recursive: true, force: true }));
for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => process.exit(status));
}
for (const part of options.only) {
  console.error(`bench: ${part}`);
  const machine = aboutMachine();
  const began = performance.now();
  try {
    const data = await measures[part](options);
    for (const what of data.skipped) console.error(`bench: ${part}: skipped: ${what}`);
    // A part of which all was skipped says so above, and leaves its earlier figures where they are.
    if (!('rows' in data) || data.rows.length > 0) {
      Object.assign(results, { [part]: { machine, quick: options.quick, ...data } });
      writeResults(options, 'bench', results, tables(results));
    }
  } catch (error) {
    // The other parts are worth having all the same, and this one's earlier figures stay.
    console.error(`bench: ${part} failed: ${messageOf(error)}`);
    process.exitCode = 1;
  }
  console.error(`bench: ${part} took ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** What an earlier run left, for the parts that this one leaves out. @returns {Results} */
function earlier() {
  const file = path.join(options.results, 'bench.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}
