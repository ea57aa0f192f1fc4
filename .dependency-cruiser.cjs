// Which folder may import which: the arrows of the overview in CONTRIBUTING.md.
const COMPUTE = ['trainer', 'inference', 'regions', 'slotcon', 'nn', 'ops', 'gpu', 'metrics', 'checkpoint'];
/** Below everything: any layer may name them. */
const BASE = ['config', 'domain', 'lib'];
const BELOW_ALL = `^src/(${BASE.join('|')})/`;
/** Tables that any layer may read; of the layers that compute they import types alone. */
const TABLES = ['signals', 'nn/encoders', 'nn/params.ts'];
/** Layers that any layer may import. */
const NAMEABLE = `(${[...BASE, ...TABLES].join('|')})(/|$)`;
const CORE = `^src/(${[...COMPUTE, ...BASE, 'signals', 'report'].join('|')})/`;
/** Files of src/worker/ that describe what passes between page and worker. */
const BOUNDARY =
  'commands|requests|regions/regionRequests|events|contracts|decode/displayMessages|storage/storageMessages';
const TESTS = '\\.test\\.tsx?$|^src/testing/';

/** Layers of src/ that a layer may import besides itself, BASE and TABLES. */
const MAY_IMPORT = {
  gpu: [],
  ops: ['gpu'],
  nn: ['ops'],
  slotcon: ['nn', 'ops'],
  metrics: [],
  checkpoint: ['slotcon', 'nn', 'ops'],
  data: [],
  inference: ['slotcon', 'nn', 'ops', 'data', 'checkpoint', 'metrics', 'gpu'],
  regions: ['inference', 'slotcon', 'nn', 'ops', 'data', 'metrics'],
  trainer: ['inference', 'slotcon', 'nn', 'ops', 'gpu', 'data', 'checkpoint', 'metrics'],
  bench: ['trainer', 'inference', 'slotcon', 'nn', 'ops', 'gpu', 'data', 'checkpoint'],
  report: ['data'],
  replay: ['report', 'data'],
  state: ['worker', 'replay', 'report', 'data'],
  ui: ['state', 'worker', 'data'],
};

const layers = Object.entries(MAY_IMPORT).map(([layer, allowed]) => ({
  name: `layers-${layer}`,
  comment: `${layer}/ imports ${[layer, ...allowed, ...BASE, ...TABLES].join(', ')} and nothing else of src/. Move the shared part down or pass it in.`,
  severity: 'error',
  from: { path: `^src/${layer}/`, pathNot: TESTS },
  to: { path: '^src/', pathNot: [`^src/(${[layer, ...allowed].join('|')})/`, `^src/${NAMEABLE}`] },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that import each other belong in one file, or share a third.',
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
      name: 'base-stands-alone',
      comment: 'config/, domain/ and lib/ are below everything but the tables.',
      severity: 'error',
      from: { path: BELOW_ALL, pathNot: TESTS },
      to: { path: '^src/', pathNot: `^src/${NAMEABLE}` },
    },
    {
      name: 'tables-compute-nothing',
      comment: 'The page reads these tables, and a runtime import would load the model: import types only.',
      severity: 'error',
      from: { path: `^src/(${TABLES.join('|')})(/|$)`, pathNot: TESTS },
      to: { path: '^src/', pathNot: `^src/${NAMEABLE}`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-knows-no-settings',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: TESTS },
      to: { path: ['^src/config/', `^src/(${TABLES.join('|')})(/|$)`] },
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
      name: 'tfjs-only-in-the-eager-engine',
      comment: 'tfjs is larger than the rest of the page: code that needs it belongs in ops/eager/.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(ops/eager|bench)/|${TESTS}` },
      to: { path: '(^|/)node_modules/@tensorflow/' },
    },
    {
      name: 'eager-engine-on-demand',
      comment:
        'A page with WebGPU loads no tfjs: take the eager engine from createEngine(), which imports it when wanted.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(ops/eager|bench)/|${TESTS}` },
      to: { path: '^src/ops/eager/', dynamic: false },
    },
    {
      name: 'data-core-knows-no-place',
      comment: 'Only *.browser.ts and *.node.ts depend on where they run.',
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
      comment:
        'Of the workers, the page sees client.ts, requestClient.ts and what crosses the boundary: commands, requests, events, contracts, decode/displayMessages, storage/storageMessages.',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/)', pathNot: TESTS },
      to: { path: '^src/worker/', pathNot: `^src/worker/(client|requestClient|${BOUNDARY})\\.ts$` },
    },
    {
      name: 'page-draws-no-replay',
      comment: 'Exports are drawn in a worker of their own; the page names its messages.',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/)', pathNot: TESTS },
      to: { path: '^src/(replay|report)/', pathNot: '^src/(replay/messages|report/reportData)\\.ts$' },
    },
    {
      name: 'page-runs-no-model',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|ui/|state/|worker/(client|requestClient)\\.ts)', pathNot: TESTS },
      to: {
        path: `^src/(${COMPUTE.join('|')}|cli|testing)/|^node_modules/@tensorflow/`,
        pathNot: `^src/${NAMEABLE}`,
      },
    },
    {
      name: 'state-below-ui',
      severity: 'error',
      from: { path: '^src/state/', pathNot: TESTS },
      to: { path: '^src/ui/|^node_modules/react-dom/' },
    },
    {
      name: 'boundary-is-types',
      comment: 'The messages between page and worker are types, made of what every layer may name.',
      severity: 'error',
      from: { path: `^src/worker/(${BOUNDARY})\\.ts$` },
      to: { path: '^src/', pathNot: [`^src/${NAMEABLE}`, `^src/worker/(${BOUNDARY})\\.ts$`] },
    },
    {
      name: 'client-sees-the-boundary',
      severity: 'error',
      from: { path: '^src/worker/(client|requestClient)\\.ts$' },
      to: { path: '^src/', pathNot: `${BELOW_ALL}|^src/worker/(requestClient|${BOUNDARY})\\.ts$` },
    },
    {
      name: 'benchmarks-are-not-shipped',
      comment: 'Peers and benchmarks stay out of the page: only their command runs them.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(bench|cli)/|${TESTS}` },
      to: { path: '^src/bench/|^node_modules/@jax-js/' },
    },
    {
      name: 'gpu-tests-are-named',
      comment:
        'A test that opens a GPU device is named *.gpu.test.ts (or *.wgpu.test.ts): `npm run unit:fast` leaves those out.',
      severity: 'error',
      from: { path: '\\.test\\.tsx?$', pathNot: '\\.(gpu|slow|wgpu)\\.test\\.ts$' },
      to: { path: '^src/gpu/dawn\\.node\\.ts$', reachable: true },
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
