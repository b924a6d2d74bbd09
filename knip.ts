import type { KnipConfig } from 'knip';
import { attentions } from './lib/model/attention/registry.ts';
import { backends } from './lib/model/backends/registry.ts';
import { stages } from './stages/registry.ts';

/** The registries name modules as strings, which no checker follows: so they are asked themselves. */
const named = [stages, attentions, backends].flatMap((registry) => Object.values(registry));

const config: KnipConfig = {
  entry: [
    'bin/*.{mjs,cjs}',
    'lib/cli/main.ts',
    'lib/pipeline/worker-main.ts',
    ...named,
    'sample/*.mjs',
    'bench/**/*.{mjs,ts}',
  ],
  // The kernels are AssemblyScript, which resolves its imports in its own way.
  project: ['**/*.{mjs,cjs,ts}', '!lib/{audio/flac,dsp,model/engine}/kernels/**'],
  // Of the system: where they are missing, what needs them says so or is skipped.
  ignoreBinaries: ['espeak-ng', 'flac', 'mkfifo', 'mount', 'umount', 'script', 'taskset'],
  // Its compiler is started by its path: importing it would declare its types for the whole project.
  ignoreDependencies: ['assemblyscript'],
  // A type that an exported function takes or gives is exported, whether or not somebody names it yet.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
