import type { ReactElement } from 'react';
import type { EncoderReport } from '../../worker/contracts.ts';
import { FIELDS, type Config } from '../../config/fields.ts';
import { differing, ENCODER_SHAPE, HEAD_SHAPE, pick } from '../../config/starts/startSettings.ts';
import type { EncoderAdvice, FittingSettings } from '../../nn/encoders/encoder.ts';
import { useApp, useSession, useSettings } from '../app.ts';
import { formatCount, plural } from '../widgets/format.ts';
import { AdaptedNote } from './AdaptedNote.tsx';
import styles from './ResumeNote.module.css';

/** The checkpoint or encoder that the next run starts from. */
export function ResumeNote(): ReactElement | null {
  const { session } = useApp();
  const resume = useSession((state) => state.resume);
  if (resume.status !== 'loaded' && resume.status !== 'encoder') return null;
  const discard = (
    <button type="button" className="small" onClick={session.discardResume}>
      {resume.status === 'loaded' ? 'Discard checkpoint' : 'Discard encoder'}
    </button>
  );
  if (resume.status === 'loaded') {
    return (
      <div className={styles.note} data-testid="resume">
        <span>
          <strong title={resume.name}>{resume.name}</strong> is loaded: step {formatCount(resume.step)},{' '}
          {resume.config.arch}, {resume.config.prototypes} prototypes.{' '}
          {resume.anew ? 'A new run starts from its weights.' : 'Its settings are in the form.'}
        </span>
        {resume.anew ? <NewRunFit own={resume.config} /> : null}
        <AdaptedNote />
        <button
          type="button"
          className="small"
          data-testid="start-anew"
          onClick={() => session.startAnew(!resume.anew)}
        >
          {resume.anew ? 'Continue its run instead' : 'Start a new run from its weights'}
        </button>
        {discard}
      </div>
    );
  }
  const { report, name } = resume;
  return (
    <div className={styles.note} data-testid="resume">
      <span>
        <strong title={name}>{name}</strong> is an encoder: {plural(report.matched.length, 'tensor')} matched,{' '}
        {formatCount(report.missing.length)} missing.{' '}
        {report.matched.length > 0 ? 'Heads and prototypes start fresh.' : 'It doesn’t fit these settings.'}
      </span>
      <AdaptedNote />
      {report.advice && <Advice advice={report.advice} />}
      <EncoderTable report={report} />
      {discard}
    </div>
  );
}

/** What of a run's weights the settings have a place for, where that is not all. */
function NewRunFit({ own }: { readonly own: Config }): ReactElement | null {
  const { settings } = useApp();
  const config = useSettings((state) => state.config);
  const change = pick(own, [...ENCODER_SHAPE, ...HEAD_SHAPE]);
  const names = differing(change, config);
  if (names.length === 0) return null;
  const fits = !names.some((name) => name === 'arch' || name === 'width');
  return (
    <>
      <span data-testid="new-run-fit">
        {fits ? 'Heads and prototypes start fresh' : 'Its encoder doesn’t fit'}: with its weights goes{' '}
        {names.map((name) => `${FIELDS[name].label} ${own[name]}`).join(', ')}.
      </span>
      <button type="button" className="small" onClick={() => settings.change(pick(own, names))}>
        Use these
      </button>
    </>
  );
}

/** What the file holds, and a button that changes the settings to it. */
function Advice({ advice: { sentence, settings: fitting } }: { readonly advice: EncoderAdvice }): ReactElement {
  const { settings } = useApp();
  const config = useSettings((state) => state.config);
  return (
    <>
      <span>{sentence}</span>
      {fitting && (
        <button
          type="button"
          className="small primary"
          data-testid="use-encoder"
          onClick={() => settings.change(fitting)}
        >
          {labelOf(fitting, config)}
        </button>
      )}
    </>
  );
}

/** "Use ResNet-34", with the other settings that change. */
function labelOf({ arch, width, blocksPerStage = 0, stages }: FittingSettings, config: Config): string {
  const depth = arch.replace(/^resnet(\d+)/, 'ResNet-$1').replace('_16s', ' at stride 16');
  const changes = [
    ...(arch === config.arch ? [] : [depth]),
    ...(width === config.width ? [] : [`width ${width}`]),
    ...(blocksPerStage === config.blocksPerStage ? [] : [blocksLabel(blocksPerStage)]),
    ...(stages === undefined ? [] : [plural(stages, 'stage')]),
  ];
  return `Use ${changes.join(', ')}`;
}

const unusedNote = (name: string): string =>
  /(^|\.)layer\d\./.test(name) ? 'of a stage or block that the settings leave out' : 'no place for it';

const blocksLabel = (blocks: number): string =>
  blocks === 0 ? 'its own blocks per stage' : `${plural(blocks, 'block')} per stage`;

/** Every tensor of an encoder file and whether it was used; problems first. */
function EncoderTable({ report: { matched, missing, unused } }: { readonly report: EncoderReport }): ReactElement {
  const rows = [
    ...missing.map(({ name, why }) => ({ name, kind: 'missing', note: why })),
    ...unused.map((name) => ({ name, kind: 'unused', note: unusedNote(name) })),
    ...matched.map(({ name, shape }) => ({ name, kind: 'matched', note: shape.join('×') || 'a count' })),
  ];
  return (
    <details className={styles.report} data-testid="encoder-report">
      <summary>Matched, missing and unused tensors</summary>
      {/* Focusable, since it scrolls. */}
      <div className={styles.table} role="region" aria-label="Tensors of the file" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Tensor</th>
              <th scope="col">Status</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, kind, note }) => (
              <tr key={`${kind}/${name}`} data-kind={kind}>
                <td>{name}</td>
                <td>{kind}</td>
                <td>{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
