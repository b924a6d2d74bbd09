import { work } from './worker.ts';

const [job] = process.argv.slice(2);
if (job === undefined) throw new Error('Internal error: a worker is started with a job file');
await work(job);
