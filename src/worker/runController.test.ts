import { describe, expect, it } from 'vitest';
import { runConfig as config, runHarness, STEPS } from '../testing/runHarness.ts';
import type { RunCommand } from './runController.ts';

type Scenario = 'first run' | 'from a file' | 'after another run' | 'after a loss of the device';

/** Starts a run, gives it these commands at one of the gates of its building, and opens the gate. */
async function runWith(scenario: Scenario, gate: number, commands: readonly RunCommand[]) {
  const gates: string[] = [];
  const isLoss = scenario === 'after a loss of the device';
  let isRun = false;
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = async (name: string): Promise<void> => {
    // After a loss it is the second build that counts.
    if (!isRun || (isLoss && gates.length === 0 && name !== 'loss')) return;
    if (gates.push(name) - 1 !== gate) return;
    await new Promise<void>((resolve) => {
      open = resolve;
      reach();
    });
  };
  const harness = runHarness(pass, isLoss ? 2 : undefined);
  const { controller, resume } = harness;
  if (scenario === 'after another run') await controller.start({ type: 'start', runId: 1, config, stopAfter: 1 });
  isRun = true;
  const run = controller.start({ type: 'start', runId: 2, config, ...(scenario === 'from a file' ? { resume } : {}) });
  await reached;
  for (const command of commands) controller.command(2, command);
  open();
  return { ...harness, gates, run };
}

const GATES: Readonly<Record<Scenario, readonly string[]>> = {
  'first run': ['images', 'device', 'compile'],
  'from a file': ['images', 'file', 'device', 'compile'],
  'after another run': ['images', 'device', 'compile', 'discard'],
  'after a loss of the device': ['loss', 'images', 'device', 'compile', 'discard'],
};
const MOMENTS = (Object.keys(GATES) as Scenario[]).flatMap((scenario) =>
  GATES[scenario].map((name, gate) => ({ scenario, gate, name })),
);

describe.each(MOMENTS)('$scenario, command at "$name"', ({ scenario, gate, name }) => {
  const isRebuilt = scenario === 'after a loss of the device';
  const begin = isRebuilt ? ['started', 'overlays', 'step', 'recovered', 'overlays'] : ['started', 'overlays'];
  const from = scenario === 'from a file' || isRebuilt ? 1 : 0;
  const steps = Array.from({ length: STEPS - from }, () => 'step');
  const toTheEnd = [...steps, 'overlays', `ended finished ${STEPS}`];

  it('trains to its end without a command', async () => {
    const { gates, typesOf, run } = await runWith(scenario, gate, []);
    await run;
    expect(gates).toEqual(GATES[scenario]);
    expect(gates[gate]).toBe(name);
    expect(typesOf(2)).toEqual([...begin, ...toTheEnd]);
  });

  it.each([[['stop']], [['pause', 'stop']], [['stop', 'continue']], [['stop', 'pause']]] as const)(
    'ends before another step after %j',
    async (commands) => {
      const { typesOf, run } = await runWith(scenario, gate, commands);
      await run;
      expect(typesOf(2)).toEqual([...begin, `ended stopped ${from}`]);
    },
  );

  it.each([[['pause']], [['continue', 'pause']]] as const)('waits after %j, and continues', async (commands) => {
    const { controller, typesOf, run, paused } = await runWith(scenario, gate, commands);
    await paused;
    expect(typesOf(2)).toEqual([...begin, 'paused']);
    controller.command(2, 'continue');
    await run;
    expect(typesOf(2)).toEqual([...begin, 'paused', 'continued', ...toTheEnd]);
  });

  it.each([[['continue']], [['pause', 'continue']]] as const)('trains to its end after %j', async (commands) => {
    const { typesOf, run } = await runWith(scenario, gate, commands);
    await run;
    expect(typesOf(2)).toEqual([...begin, ...toTheEnd]);
  });
});

/** A `pass` that waits at one gate. */
function gateAt(name: string) {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = async (at: string): Promise<void> => {
    if (at !== name) return;
    await new Promise<void>((resolve) => {
      open = resolve;
      reach();
    });
  };
  return { pass, reached, open: () => open() };
}

describe('a run that is being built', () => {
  it('takes no command of another run', async () => {
    const { pass, reached, open } = gateAt('compile');
    const { controller, typesOf } = runHarness(pass);
    const run = controller.start({ type: 'start', runId: 2, config });
    await reached;
    controller.command(1, 'stop');
    controller.command(3, 'pause');
    open();
    await run;
    expect(typesOf(2).at(-1)).toBe(`ended finished ${STEPS}`);
  });

  it('gets the classes that were set last, and again when it is rebuilt', async () => {
    const { pass, reached, open } = gateAt('loss');
    const { controller, classes } = runHarness(pass, 2);
    const [first, second, third] = ['a', 'b', 'c'].map((name) => [{ name, prototypes: [0] }]);
    const run = controller.start({ type: 'start', runId: 2, config, classes: first });
    controller.setClasses(2, second);
    await reached;
    expect(classes).toEqual([second]);
    controller.setClasses(1, first);
    controller.setClasses(2, third);
    open();
    await run;
    expect(classes).toEqual([second, third]);
  });

  it('leaves the run before it to be saved, and brings it back where it can’t be built', async () => {
    const { pass, reached, open } = gateAt('file');
    const { controller, typesOf, resume } = runHarness(pass);
    await controller.start({ type: 'start', runId: 1, config, stopAfter: 1 });
    const broken = Object.assign(new Blob(['nothing']), {
      arrayBuffer: () => resume.arrayBuffer().then(() => new ArrayBuffer(4)),
    });
    const run = controller.start({ type: 'start', runId: 2, config, resume: broken });
    await reached;
    expect((await controller.saveCheckpoint({ runId: 1, format: 'safetensors' })).step).toBe(1);
    open();
    await run;
    expect(typesOf(2)).toEqual(['runFailed']);
    expect((await controller.saveCheckpoint({ runId: 1, format: 'safetensors' })).step).toBe(1);
  });

  it('is replaced by another that is started', async () => {
    const { pass, reached, open } = gateAt('file');
    const { controller, typesOf, resume } = runHarness(pass);
    const first = controller.start({ type: 'start', runId: 1, config, resume });
    await reached;
    const second = controller.start({ type: 'start', runId: 2, config });
    open();
    await Promise.all([first, second]);
    expect(typesOf(1)).toEqual([]);
    expect(typesOf(2).at(-1)).toBe(`ended finished ${STEPS}`);
  });
});

describe('a run that is interrupted', () => {
  it.each(['stop', 'pause'] as const)('obeys a %s that it was given in the step that failed', async (command) => {
    const { controller, typesOf, paused } = runHarness(async (gate) => {
      // The device is lost, and the step has not thrown yet.
      if (gate === 'step lost') controller.command(1, command);
    }, 2);
    const run = controller.start({ type: 'start', runId: 1, config });
    await (command === 'stop' ? run : paused);
    expect(typesOf(1).slice(0, 4)).toEqual(['started', 'overlays', 'step', 'recovered']);
    expect(typesOf(1).at(-1)).toBe(command === 'stop' ? 'ended stopped 1' : 'paused');
  });
});
