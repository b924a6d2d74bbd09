// Puts the tables of bench/results into README.md: a number there changes only by running what makes it.
import fs from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const readme = path.join(root, 'README.md');
const filled = fs
  .readFileSync(readme, 'utf8')
  .replace(/<!-- results:([a-z-]+) -->[^]*?<!-- \/results -->/g, (_, name) => {
    const table = fs.readFileSync(path.join(root, 'bench', 'results', `${name}.md`), 'utf8');
    return `<!-- results:${name} -->\n\n${table.trim()}\n\n<!-- /results -->`;
  });
fs.writeFileSync(readme, filled);
