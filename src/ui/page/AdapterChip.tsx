import type { ReactElement } from 'react';
import type { AdapterState } from '../../state/session/adapter.ts';
import { useSession } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './AdapterChip.module.css';
import { webGpuRemedy } from './webGpuRemedy.ts';

/** The adapter that computes, with a warning where it is slow. */
export function AdapterChip(): ReactElement {
  const adapter = useSession((state) => state.adapter);
  const { text, why, level } = describe(adapter);
  return (
    <span className={styles.chip} title={why} data-testid="adapter-chip" data-level={level}>
      {level === 'warning' && <Icon name="warning" />}
      <span className={styles.text}>{text}</span>
      <span className="visually-hidden">. {why}</span>
    </span>
  );
}

function describe(state: AdapterState): { text: string; why: string; level: 'info' | 'good' | 'warning' } {
  if (state.status === 'opening')
    return { text: 'Opening adapter…', why: 'Searching for a graphics adapter.', level: 'info' };
  if (state.status === 'failed')
    return { text: 'Engine stopped', why: 'The training engine is not running.', level: 'warning' };
  const { backend, description, slow } = state.adapter;
  if (backend === 'webgpu' && !slow)
    return { text: description, why: `Training runs on WebGPU: ${description}.`, level: 'good' };
  if (backend === 'webgpu') {
    return {
      text: `${description} · slow`,
      why: `${description} is a software adapter: training works, but slowly. A browser with access to a graphics card is much faster.`,
      level: 'warning',
    };
  }
  return {
    text: `${description} · slow`,
    why: `WebGPU is not available here, so training falls back to ${backend === 'cpu' ? 'the processor' : 'WebGL'}: it works, but slowly. ${webGpuRemedy(navigator.userAgent, isSecureContext)}`,
    level: 'warning',
  };
}
