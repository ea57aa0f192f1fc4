import type { ReactElement } from 'react';
import type { SegmentationScores } from '../../domain/scores/scores.ts';
import { scoresAsJson } from '../../domain/scores/scoresJson.ts';
import type { ScoreReport } from '../../domain/reports.ts';
import { useApp, useLive, useSession } from '../app.ts';
import { plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { TableScroll } from '../widgets/TableScroll.tsx';

const COLUMNS: readonly (readonly [label: string, help: string, value: (scores: SegmentationScores) => number])[] = [
  ['mIoU', 'Mean IoU over the classes, each matched to a slot of its own.', ({ miou }) => miou],
  ['pixel accuracy', 'Fraction of pixels that are right by that matching.', ({ pixelAccuracy }) => pixelAccuracy],
  ['mIoU, majority', 'Every slot stands for its most frequent class.', ({ majorityMiou }) => majorityMiou],
  [
    'pixels, majority',
    'Fraction of pixels that are right when every slot stands for its most frequent class.',
    ({ majorityPixelAccuracy }) => majorityPixelAccuracy,
  ],
  ['NMI', 'Normalized mutual information of slots and classes.', ({ nmi }) => nmi],
];

/** Scores of the model beside its baselines. */
export function ScoreTable({ report }: { readonly report: ScoreReport }): ReactElement {
  const baselines = useSession(({ scores }) => scores.baselines);
  const comparing = useSession(({ jobs }) => jobs.some(({ kind }) => kind === 'baselines'));
  const step = useLive(({ record }) => record?.step);
  const { pictures, available, leftOut, scores, edges } = report;
  const part = pictures < available ? ` of ${available}` : '';
  const age = step !== undefined && step > report.step ? `; the model is at step ${step} now` : '';
  return (
    <section aria-labelledby="score-heading">
      <div className="panel-head">
        <h2 id="score-heading">
          At step {report.step}, by {plural(pictures, 'image')}
          {part}
          <span className="muted">{age}</span>
        </h2>
        <SaveButton report={report} />
      </div>
      {leftOut.length > 0 && (
        <p className="muted" title={leftOut.join('\n')} data-testid="left-out">
          Without {plural(leftOut.length, 'mask')} that can’t be used. {leftOut[0]}
        </p>
      )}
      <TableScroll label="Scores and baselines">
        <table data-testid="score-table">
          <thead>
            <tr>
              <th scope="col">in percent</th>
              {COLUMNS.map(([label, help]) => (
                <th key={label} scope="col" title={help}>
                  {label}
                </th>
              ))}
              <th scope="col" title="Slots with more than 0.5% of the pixels.">
                slots in use
              </th>
            </tr>
          </thead>
          <tbody>
            <ScoreRow label="this model" scores={scores} />
            {edges && <ScoreRow label="following edges" scores={edges} />}
            <ScoreRow label="untrained" scores={baselines?.untrained} waiting={comparing} />
            <ScoreRow label="colors alone" scores={baselines?.colors} waiting={comparing} />
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

interface RowProps {
  readonly label: string;
  readonly scores: SegmentationScores | undefined;
  readonly waiting?: boolean;
}

function ScoreRow({ label, scores, waiting = false }: RowProps): ReactElement {
  const nothing = waiting ? '…' : '–';
  return (
    <tr>
      <th scope="row">{label}</th>
      {COLUMNS.map(([column, , value]) => (
        <td key={column} title={scores && String(value(scores))}>
          {scores ? (100 * value(scores)).toFixed(1) : nothing}
        </td>
      ))}
      <td>{scores ? scores.used : nothing}</td>
    </tr>
  );
}

/** Saves the scores as JSON, in the format that the command prints. */
function SaveButton({ report }: { readonly report: ScoreReport }): ReactElement {
  const { session } = useApp();
  const baselines = useSession(({ scores }) => scores.baselines);
  const save = (): void => {
    const { step, pictures, leftOut, scores, edges, classNames, confusion } = report;
    const json = {
      step,
      pictures,
      ...(leftOut.length > 0 && { leftOut }),
      ...scoresAsJson(scores, classNames, confusion),
      ...(edges && { edges: scoresAsJson(edges, classNames) }),
      ...(baselines && {
        baselines: {
          untrained: scoresAsJson(baselines.untrained, classNames),
          kMeansColor: scoresAsJson(baselines.colors, classNames),
        },
      }),
    };
    session.save(`slotcon-step${step}-scores.json`, new Blob([JSON.stringify(json, undefined, 2), '\n']));
  };
  return (
    <button type="button" className="small" onClick={save} data-testid="save-scores">
      <Icon name="download" /> JSON
    </button>
  );
}
