import type { ReactElement } from 'react';
import { FIELDS, type Config } from '../../config/fields.ts';
import { knownStart } from '../../config/starts/knownStarts.ts';
import { differing } from '../../config/starts/startSettings.ts';
import { useSession, useSettings } from '../app.ts';
import styles from './StartFrom.module.css';

/** What published weights are, where their file is, and whether the loaded one is it. */
export function KnownStartCard({ id }: { readonly id: string }): ReactElement | null {
  const resume = useSession((state) => state.resume);
  const form = useSettings((state) => state.config);
  const known = knownStart(id);
  if (!known) return null;
  const { trainedOn, numbers, license, link, file, settings } = known;
  const held = resume.status === 'loaded' ? resume.config : resume.status === 'encoder' ? form : undefined;
  const other = held && differing(pickEncoder(settings), { ...held, arch: plainArch(held.arch) }).length > 0;
  return (
    <div className={styles.card} data-testid="known-start">
      <dl>
        <dt>Trained on</dt>
        <dd>{trainedOn}</dd>
        <dt>Size</dt>
        <dd>
          {(numbers / 1e6).toFixed(1)} million numbers, about {Math.round((numbers * 4) / 1e6)} MB
        </dd>
        <dt>License</dt>
        <dd>{license}</dd>
        <dt>Settings</dt>
        <dd>{described(settings)}</dd>
        <dt>File</dt>
        <dd>
          <a href={link} target="_blank" rel="noopener noreferrer">
            {new URL(link).host}
          </a>
          : {file}
        </dd>
      </dl>
      {other && (
        <p className={styles.other} role="status">
          The loaded file holds another encoder than this one. It can be used all the same.
        </p>
      )}
    </div>
  );
}

const plainArch = (arch: Config['arch']): Config['arch'] => arch.replace('_16s', '') as Config['arch'];

const pickEncoder = ({ arch, width }: Partial<Config>): Partial<Config> => ({
  ...(arch && { arch }),
  ...(width !== undefined && { width }),
});

function described(settings: Partial<Config>): string {
  const shown = Object.entries(settings) as [keyof Config, Config[keyof Config]][];
  return shown.map(([name, value]) => `${FIELDS[name].label} ${value}`).join(', ');
}
