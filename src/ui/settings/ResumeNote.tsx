import type { ReactElement } from 'react';
import type { EncoderReport } from '../../worker/protocol.ts';
import { useApp, useSession } from '../app.ts';
import { formatCount, plural } from '../widgets/format.ts';

/** What the next run starts from, if not from scratch. */
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
      <div className="resume" data-testid="resume">
        <span>
          <strong title={resume.name}>{resume.name}</strong> is loaded: step {formatCount(resume.step)},{' '}
          {resume.config.arch}, {resume.config.prototypes} prototypes. Its settings are in the form.
        </span>
        {discard}
      </div>
    );
  }
  const { report, name } = resume;
  return (
    <div className="resume" data-testid="resume">
      <span>
        <strong title={name}>{name}</strong> is an encoder: {plural(report.matched.length, 'tensor')} matched,{' '}
        {formatCount(report.missing.length)} missing. Heads and prototypes start fresh.
      </span>
      {report.advice !== undefined && <span>{report.advice}</span>}
      <EncoderTable report={report} />
      {discard}
    </div>
  );
}

/** Every tensor and what became of it: what is wrong first. */
function EncoderTable({ report: { matched, missing, unused } }: { readonly report: EncoderReport }): ReactElement {
  const rows = [
    ...missing.map(({ name, why }) => ({ name, kind: 'missing', note: why })),
    ...unused.map((name) => ({ name, kind: 'unused', note: 'no place for it' })),
    ...matched.map(({ name, shape }) => ({ name, kind: 'matched', note: shape.join('×') || 'a count' })),
  ];
  return (
    <details className="encoder-report" data-testid="encoder-report">
      <summary>What matched and what did not</summary>
      {/* Focusable, since it scrolls. */}
      <div className="encoder-table" role="region" aria-label="Tensors of the file" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Tensor</th>
              <th scope="col">Is</th>
              <th scope="col">Because</th>
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
