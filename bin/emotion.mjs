// Not bundled itself: it runs the command line's bundle, made again when a source moved.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from '../lib/pipeline/bundle.mjs';
import { packPackages } from '../lib/pipeline/packed.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const entry = 'lib/cli/main.ts';
const { file, sources, packages } = await bundle({ root, entry, part: 'all', split: true });
await packPackages(root, packages);
const { main } = await import(pathToFileURL(file).href);
await main({ root, words: process.argv.slice(2), program: sources });
