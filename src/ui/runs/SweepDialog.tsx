import { useState, type ReactElement } from 'react';
import type { Config } from '../../config/fields.ts';
import { parseSweepAxis, sweepPoints, type SweepAxis } from '../../config/sweep/sweep.ts';
import { errorMessage } from '../../lib/errors.ts';
import { datasetOf } from '../../state/session/images.ts';
import { costOf, recallSpeed } from '../../state/platform/speed.ts';
import { NEW_RUN_VIEW } from '../../state/view/view.ts';
import { useApp, useSession, useSettings, useView } from '../app.ts';
import { Dialog, DialogButtons } from '../widgets/Dialog.tsx';
import { formatRoughDuration, plural } from '../widgets/format.ts';
import { useStart } from '../settings/StartBar.tsx';
import { AxisFields, type AxisText } from './SweepAxisFields.tsx';

/** Sets up a sweep: runs over the values of one or two settings. */
export function SweepDialog(): ReactElement {
  const { view } = useApp();
  const open = useView((state) => state.sweepOpen);
  const close = (): void => view.setState({ sweepOpen: false });
  return (
    <Dialog name="New sweep" open={open} testId="sweep-dialog" onClose={close}>
      <Content onStart={close} />
    </Dialog>
  );
}

function Content({ onStart }: { onStart(): void }): ReactElement {
  const { sweeps, view } = useApp();
  const config = useSettings((state) => state.config);
  const { readiness } = useStart();
  const [first, setFirst] = useState<AxisText>({ name: 'prototypes', values: '8,16,32' });
  const [second, setSecond] = useState<AxisText>({ name: '', values: '' });
  const [seeds, setSeeds] = useState(1);
  const plan = planOf([first, second], seeds, config);
  const start = (): void => {
    if (typeof plan === 'string' || !readiness.ready) return;
    onStart();
    view.setState({ ...NEW_RUN_VIEW, mainView: 'runs' });
    void sweeps.start(plan.axes, seeds, config);
  };
  const why = typeof plan === 'string' ? plan : readiness.ready ? undefined : readiness.why;
  return (
    <>
      <p>
        Runs over the values of one or two settings, one after another, each from scratch; everything else is as in the
        form. Each is scored where there are masks.
      </p>
      <AxisFields label="Setting" axis={first} onChange={setFirst} />
      <AxisFields label="Second setting" axis={second} onChange={setSecond} optional />
      <SeedsField seeds={seeds} onChange={setSeeds} />
      <p role="status" data-testid="sweep-plan">
        {why ?? (typeof plan === 'string' ? '' : <Estimate runs={plan.runs} />)}
      </p>
      <DialogButtons>
        <button
          type="button"
          className="primary"
          disabled={why !== undefined}
          onClick={start}
          data-testid="start-sweep"
        >
          Start the sweep
        </button>
        <button type="submit">Close</button>
      </DialogButtons>
    </>
  );
}

interface Plan {
  readonly axes: readonly SweepAxis[];
  readonly runs: number;
}

/** The sweep that the fields describe, or what is wrong with them. */
function planOf(texts: readonly AxisText[], seeds: number, config: Config): Plan | string {
  try {
    const axes = texts.filter(({ name }) => name !== '').map(({ name, values }) => parseSweepAxis(`${name}=${values}`));
    return { axes, runs: sweepPoints(axes, seeds, config).length };
  } catch (error) {
    return errorMessage(error);
  }
}

interface SeedsProps {
  readonly seeds: number;
  onChange(seeds: number): void;
}

function SeedsField({ seeds, onChange }: SeedsProps): ReactElement {
  return (
    <label className="inline-control">
      Seeds
      <input
        type="number"
        min={1}
        max={20}
        step={1}
        value={seeds}
        onChange={({ currentTarget }) => onChange(Math.max(1, Math.min(20, currentTarget.valueAsNumber || 1)))}
        data-testid="sweep-seeds"
      />
    </label>
  );
}

/** Estimated from the settings in the form: the values of the sweep may cost more or less. */
function Estimate({ runs }: { readonly runs: number }): ReactElement {
  const { memory } = useApp();
  const adapter = useSession(({ adapter: state }) => (state.status === 'ready' ? state.adapter : undefined));
  const usable = useSession(({ images }) => datasetOf(images)?.usable ?? 0);
  const config = useSettings((state) => state.config);
  const cost = costOf(config, usable);
  if (!adapter || !cost || cost.steps === 0) return <>{plural(runs, 'run')}.</>;
  const seconds = (runs * cost.steps * cost.gflop) / recallSpeed(memory, adapter).gflopPerSecond;
  return (
    <>
      {plural(runs, 'run')}, about {formatRoughDuration(seconds)}.
    </>
  );
}
