// Which folder may import which: the arrows of the picture in CONTRIBUTING.md.
const COMPUTE = ['trainer', 'slotcon', 'nn', 'ops', 'gpu', 'metrics', 'checkpoint'];
const CORE = `^src/(${[...COMPUTE, 'config', 'lib'].join('|')})/`;
const TESTS = '\\.test\\.tsx?$|^src/testing/';

/** Files of nothing but types that any layer may name. */
const CONTRACTS = '^src/data/image\\.ts$|^src/trainer/events\\.ts$';

/** What a layer may import from src/ besides itself, config, lib; everything else there is an error. */
const MAY_IMPORT = {
  gpu: [],
  ops: ['gpu'],
  nn: ['ops'],
  slotcon: ['nn', 'ops'],
  metrics: [],
  checkpoint: ['slotcon', 'nn', 'ops'],
  data: [],
  trainer: ['slotcon', 'nn', 'ops', 'gpu', 'data', 'checkpoint', 'metrics'],
  bench: ['trainer', 'slotcon', 'nn', 'ops', 'gpu', 'data'],
  replay: [],
  state: ['worker', 'replay', 'data', 'trainer'],
  ui: ['state', 'worker', 'data', 'trainer'],
};

const layers = Object.entries(MAY_IMPORT).map(([layer, allowed]) => ({
  name: `layers-${layer}`,
  comment: `${layer}/ imports ${[layer, ...allowed, 'config', 'lib'].join(', ')} and nothing else of src/. Move the shared part down or pass it in.`,
  severity: 'error',
  from: { path: `^src/${layer}/`, pathNot: TESTS },
  to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed, 'config', 'lib'].join('|')})/|${CONTRACTS}` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      // Modules that a build plugin makes have no file.
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
    ...layers,
    {
      name: 'config-and-lib-stand-alone',
      comment: 'config/ and lib/ are below everything: they import each other at most (lib not even config).',
      severity: 'error',
      from: { path: '^src/(config|lib)/', pathNot: TESTS },
      to: { path: '^src/', pathNot: '^src/(config|lib)/' },
    },
    {
      name: 'lib-imports-nothing',
      severity: 'error',
      from: { path: '^src/lib/', pathNot: TESTS },
      to: { path: '^src/', pathNot: '^src/lib/' },
    },
    {
      name: 'core-knows-no-place',
      comment: 'The core runs in a worker and in Node alike: pass a port in instead.',
      severity: 'error',
      from: { path: CORE, pathNot: `\\.node\\.ts$|${TESTS}` },
      to: { path: '\\.(browser|node)\\.tsx?$|^node_modules/(react|react-dom|zustand|uplot|webgpu|sharp)/' },
    },
    {
      name: 'data-core-knows-no-place',
      comment: 'Only *.browser.ts and *.node.ts know where they run.',
      severity: 'error',
      from: { path: '^src/data/', pathNot: `\\.(browser|node)\\.ts$|${TESTS}` },
      to: { path: '\\.(browser|node)\\.ts$|^node_modules/(react|react-dom|zustand|uplot|webgpu|sharp)/' },
    },
    {
      name: 'node-only-at-the-edge',
      comment: 'node:* and native packages only in src/cli/, *.node.ts and tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/cli/|\\.node\\.ts$|${TESTS}` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'page-meets-worker-by-messages',
      comment: 'Of the worker, the page sees client.ts and the types of protocol.ts.',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/)', pathNot: TESTS },
      to: { path: '^src/worker/', pathNot: '^src/worker/(client|protocol)\\.ts$' },
    },
    {
      name: 'page-takes-types-of-the-core',
      comment: 'The page may name what the core reports; running the core is the worker’s business.',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/|worker/client\\.ts)', pathNot: TESTS },
      to: { path: '^src/trainer/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'page-draws-no-replay',
      comment: 'Exports are drawn in a worker of their own; the page names its messages.',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/)', pathNot: TESTS },
      to: { path: '^src/replay/', pathNot: '^src/replay/messages\\.ts$' },
    },
    {
      name: 'page-runs-no-model',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/|worker/client\\.ts)', pathNot: TESTS },
      to: { path: '^src/(slotcon|nn|ops|gpu|checkpoint|metrics|cli|testing)/|^node_modules/@tensorflow/' },
    },
    {
      name: 'state-below-ui',
      severity: 'error',
      from: { path: '^src/state/', pathNot: TESTS },
      to: { path: '^src/ui/|^node_modules/react-dom/' },
    },
    {
      name: 'protocol-is-types',
      comment: 'protocol.ts names messages; it may name the types of config, data/image.ts and trainer/events.ts.',
      severity: 'error',
      from: { path: '^src/worker/protocol\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(config/|lib/|data/image\\.ts|trainer/events\\.ts)' },
    },
    {
      name: 'protocol-runs-nothing',
      severity: 'error',
      from: { path: '^src/worker/protocol\\.ts$' },
      to: { path: '^src/(data|trainer)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-sees-protocol',
      severity: 'error',
      from: { path: '^src/worker/client\\.ts$' },
      to: { path: '^src/worker/', pathNot: '^src/worker/(protocol|client)\\.ts$|^src/worker/entry\\.ts$' },
    },
    {
      name: 'benchmarks-are-not-shipped',
      comment: 'Peers and benchmarks stay out of the page: only their command runs them.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(bench|cli)/|${TESTS}` },
      to: { path: '^src/bench/|^node_modules/@jax-js/' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { path: '^src/', pathNot: `${TESTS}|^src/cli/` },
      to: { path: TESTS },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
