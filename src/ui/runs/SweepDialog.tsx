import { useState, type ReactElement } from 'react';
import { FIELD_NAMES, FIELDS, type FieldName } from '../../config/fields.ts';
import { parseSweepAxis, sweepPoints, type SweepAxis } from '../../config/sweep.ts';
import { errorMessage } from '../../lib/errors.ts';
import { datasetOf } from '../../state/session/state.ts';
import { costOf, recallSpeed } from '../../state/platform/speed.ts';
import { NEW_RUN_VIEW } from '../../state/view/view.ts';
import { useApp, useSession, useSettings, useView } from '../app.ts';
import { formatRoughDuration, plural } from '../widgets/format.ts';
import { useStart } from '../settings/StartBar.tsx';
import { useDialog } from '../widgets/useDialog.ts';

/** The paper's three tables, with values about the usual one; then everything else. */
const PAPER: readonly (readonly [FieldName, string])[] = [
  ['prototypes', '8,16,32'],
  ['groupLossWeight', '0,0.5,1'],
  ['teacherTemp', '0.04,0.07,0.1'],
];
const OTHERS = FIELD_NAMES.filter(
  (name) => FIELDS[name].group !== 'display' && name !== 'seed' && !PAPER.some(([first]) => first === name),
);

export function SweepDialog(): ReactElement {
  const { view } = useApp();
  const open = useView((state) => state.sweepOpen);
  const dialog = useDialog(open);
  const close = (): void => view.setState({ sweepOpen: false });
  return (
    <dialog ref={dialog} className="sweep" aria-labelledby="sweep-heading" onClose={close} data-testid="sweep-dialog">
      {open && <Content onClose={close} />}
    </dialog>
  );
}

interface AxisText {
  readonly name: FieldName | '';
  readonly values: string;
}

function Content({ onClose }: { onClose(): void }): ReactElement {
  const { sweeps, view } = useApp();
  const config = useSettings((state) => state.config);
  const { readiness } = useStart();
  const [first, setFirst] = useState<AxisText>({ name: 'prototypes', values: '8,16,32' });
  const [second, setSecond] = useState<AxisText>({ name: '', values: '' });
  const [seeds, setSeeds] = useState(1);
  const plan = planOf([first, second], seeds);
  const start = (): void => {
    if (typeof plan === 'string' || !readiness.ready) return;
    onClose();
    view.setState({ ...NEW_RUN_VIEW, mainView: 'runs' });
    void sweeps.start(plan.axes, seeds, config);
  };

  function planOf(texts: readonly AxisText[], count: number): { axes: SweepAxis[]; runs: number } | string {
    try {
      const axes = texts
        .filter(({ name }) => name !== '')
        .map(({ name, values }) => parseSweepAxis(`${name}=${values}`));
      return { axes, runs: sweepPoints(axes, count, config).length };
    } catch (error) {
      return errorMessage(error);
    }
  }
  const why = typeof plan === 'string' ? plan : readiness.ready ? undefined : readiness.why;
  return (
    <>
      <h2 id="sweep-heading">New sweep</h2>
      <p>
        Runs over the values of one or two settings, one after another, each from scratch; everything else is as in the
        form. Each is scored where there are masks.
      </p>
      <AxisFields label="Setting" axis={first} onChange={setFirst} />
      <AxisFields label="Second setting" axis={second} onChange={setSecond} optional />
      <label className="inline-control">
        Seeds
        <input
          type="number"
          min={1}
          max={20}
          step={1}
          value={seeds}
          onChange={({ currentTarget }) => setSeeds(Math.max(1, Math.min(20, currentTarget.valueAsNumber || 1)))}
          data-testid="sweep-seeds"
        />
      </label>
      <p role="status" data-testid="sweep-plan">
        {why ?? (typeof plan === 'string' ? '' : <Estimate runs={plan.runs} />)}
      </p>
      <div className="masks-buttons">
        <button
          type="button"
          className="primary"
          disabled={why !== undefined}
          onClick={start}
          data-testid="start-sweep"
        >
          Start the sweep
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}

interface AxisProps {
  readonly label: string;
  readonly axis: AxisText;
  readonly optional?: boolean;
  onChange(axis: AxisText): void;
}

function AxisFields({ label, axis: { name, values }, optional = false, onChange }: AxisProps): ReactElement {
  const choose = (next: FieldName | ''): void => {
    const usual = PAPER.find(([one]) => one === next)?.[1];
    onChange({ name: next, values: usual ?? '' });
  };
  return (
    <div className="sweep-axis">
      <label className="inline-control">
        {label}
        <select value={name} onChange={({ currentTarget }) => choose(currentTarget.value as FieldName | '')}>
          {optional && <option value="">none</option>}
          <optgroup label="The paper’s tables">
            {PAPER.map(([one]) => (
              <option key={one} value={one}>
                {FIELDS[one].label}
              </option>
            ))}
          </optgroup>
          <optgroup label="Other settings">
            {OTHERS.map((one) => (
              <option key={one} value={one}>
                {FIELDS[one].label}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      {name !== '' && (
        <label className="inline-control">
          Values
          <input
            type="text"
            value={values}
            placeholder="with commas between"
            onChange={({ currentTarget }) => onChange({ name, values: currentTarget.value })}
          />
        </label>
      )}
    </div>
  );
}

/** By the settings in the form: values of a sweep cost more or less. */
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
