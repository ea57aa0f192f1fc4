import type { ReactElement } from 'react';
import { PRESETS, proposedPreset } from '../../config/presets.ts';
import { datasetOf } from '../../state/session/images.ts';
import { costOf, recallSpeed, type Cost } from '../../state/platform/speed.ts';
import { totalBytes, type RunMemory } from '../../domain/runMemory.ts';
import { useApp, useSession, useSettings } from '../app.ts';
import { formatBytes, formatCount, formatGflop, formatRoughDuration } from '../widgets/format.ts';
import styles from './CostLine.module.css';

/** Estimated cost of the settings on this machine, and the preset that suits it. */
export function CostLine(): ReactElement {
  const app = useApp();
  const adapter = useSession(({ adapter: state }) => (state.status === 'ready' ? state.adapter : undefined));
  const usable = useSession(({ images }) => datasetOf(images)?.usable ?? 0);
  const config = useSettings((state) => state.config);
  const memory = useSession(({ memoryPlan }) => (memoryPlan?.status === 'planned' ? memoryPlan.memory : undefined));
  const preset = useSettings((state) => state.preset);
  const cost = costOf(config, usable);
  const speed = adapter && recallSpeed(app.memory, adapter);
  const proposal = adapter && proposedPreset(adapter.slow);
  return (
    <div className={styles.cost} data-testid="cost">
      <p>
        {cost ? (
          <>
            <span title={`${cost.gflop} GFLOP`}>{formatGflop(cost.gflop)} per step</span> ·{' '}
            {cost.steps > 0 ? `${formatCount(cost.steps)} steps` : 'steps depend on the images'}
            {speed && (
              <>
                {' '}
                · <strong>{formatEstimate(cost, speed.gflopPerSecond)}</strong>
                {speed.measured ? '' : ' (a guess until measured here)'}
              </>
            )}
            {memory && (
              <span title={memoryParts(memory)} data-testid="memory">
                {' '}
                · {formatBytes(totalBytes(memory))} of memory
              </span>
            )}
          </>
        ) : (
          'These settings do not fit together yet.'
        )}
      </p>
      {adapter && proposal && (
        <p className="muted" data-testid="proposal">
          {adapter.slow
            ? `This is a slow adapter: ${PRESETS[proposal].label} is proposed.`
            : `This is a graphics card: ${PRESETS[proposal].label} is proposed.`}
          {proposal !== preset && ` You chose ${PRESETS[preset].label}.`}
        </p>
      )}
    </div>
  );
}

function memoryParts({ networks, kept, step }: RunMemory): string {
  return `Networks and optimizer ${formatBytes(networks)}, earlier states to go back to ${formatBytes(kept)}, a step ${formatBytes(step)}; photographs come on top`;
}

function formatEstimate({ gflop, steps }: Cost, gflopPerSecond: number): string {
  const secondsPerStep = gflop / gflopPerSecond;
  return steps > 0
    ? `about ${formatRoughDuration(secondsPerStep * steps)}`
    : `about ${formatRoughDuration(secondsPerStep)} per step`;
}
