import { FIELDS, FIELD_NAMES, GROUP_TITLES, type Config, type Field, type FieldName } from '../config/fields.ts';
import { presetConfig, PRESETS } from '../config/presets.ts';
import type { SegmentationScores } from '../domain/scores/scores.ts';
import { SERIES, type CurveSeries } from '../signals/metrics.ts';
import { curvesSvg, type ReportLine } from './curvesSvg.ts';
import { Markup, markup } from './markup.ts';
import type { ReportCurves, ReportData } from './reportData.ts';
import { nearestPreset } from './trainCommand.ts';

/** Every chart of the page; a line with an axis of its own has a chart of its own. */
export function curvesSection({ curves }: ReportData): Markup | undefined {
  if (curves.steps.length === 0) return undefined;
  const charts = new Map<string, CurveSeries[]>();
  for (const series of SERIES) {
    const { chart, axis, label } = series.curve;
    const title = axis === 'right' ? `${chart}: ${label}` : chart;
    charts.set(title, [...(charts.get(title) ?? []), series]);
  }
  return markup`<section aria-labelledby="curves">
    <h2 id="curves">Curves</h2>
    <div class="charts">
      ${[...charts].map(
        ([title, all]) =>
          markup`<figure>
            <h3>${title}</h3>
            ${new Markup(curvesSvg(curves.steps, linesOf(all, curves), `${title}, last values: ${lastValues(all, curves)}`))}
            <details>
              <summary>What the lines of “${title}” say</summary>
              <ul>
                ${all.map(({ curve }) => markup`<li>${curve.label}: ${curve.help}</li>`)}
              </ul>
            </details>
          </figure> `,
      )}
    </div>
  </section>`;
}

function linesOf(all: readonly CurveSeries[], { values }: ReportCurves): ReportLine[] {
  return all.map(({ name, curve }) => ({
    label: curve.label,
    values: values[name] ?? [],
    smoothed: curve.smoothed === true,
  }));
}

function lastValues(all: readonly CurveSeries[], { values }: ReportCurves): string {
  return all.map(({ name, curve }) => `${curve.label} ${rounded(Array.from(values[name] ?? []).at(-1))}`).join(', ');
}

/** The settings that make this run: those that differ from the nearest preset first, then all others. */
export function settingsSection(config: Config): Markup {
  const { preset, changed } = nearestPreset(config);
  const base = presetConfig(preset);
  const { label } = PRESETS[preset];
  const row = (name: FieldName): Markup => {
    const field: Field = FIELDS[name];
    const unit = field.type === 'boolean' || field.type === 'choice' ? undefined : field.unit;
    return markup`<tr>
      <th scope="row">${field.label}</th>
      <td>${String(config[name])}${unit && ` ${unit}`}</td>
      <td>${String(base[name])}</td>
      <td><code>${name}</code></td>
      <td>${field.help}</td>
    </tr>`;
  };
  const table = (caption: string, names: readonly FieldName[]): Markup =>
    markup`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <thead>
          <tr>
            <th scope="col">${caption}</th>
            <th scope="col">here</th>
            <th scope="col">${label}</th>
            <th scope="col">name</th>
            <th scope="col">what it does</th>
          </tr>
        </thead>
        <tbody>
          ${names.map(row)}
        </tbody>
      </table>
    </div>`;
  const groups = Object.entries(GROUP_TITLES).map(([group, title]) => {
    const names = FIELD_NAMES.filter((name) => FIELDS[name].group === group && !changed.includes(name));
    return names.length > 0
      ? markup`<h3>${title}</h3>
          ${table(title, names)}`
      : undefined;
  });
  return markup`<section aria-labelledby="settings">
    <h2 id="settings">Settings</h2>
    ${changed.length > 0 ? table(`Changed from ${label}`, changed) : markup`<p>The preset ${label}, unchanged.</p>`}
    <details>
      <summary>All others, as in ${label}</summary>
      ${groups}
    </details>
  </section>`;
}

const MEASURES: readonly (readonly [label: string, value: (scores: SegmentationScores) => number])[] = [
  ['NMI', ({ nmi }) => nmi],
  ['mIoU', ({ miou }) => miou],
  ['pixel accuracy', ({ pixelAccuracy }) => pixelAccuracy],
  ['mIoU, majority', ({ majorityMiou }) => majorityMiou],
  ['pixels, majority', ({ majorityPixelAccuracy }) => majorityPixelAccuracy],
];

/** Scores by masks, beside the baselines where they were computed. */
export function scoresSection({ report, baselines }: NonNullable<ReportData['scores']>): Markup {
  const columns: readonly (readonly [string, SegmentationScores])[] = [
    [`slots, step ${report.step}`, report.scores],
    ...(report.edges ? ([['slots along edges', report.edges]] as const) : []),
    ...(baselines
      ? ([
          ['untrained', baselines.untrained],
          ['k-means on colors', baselines.colors],
        ] as const)
      : []),
  ];
  const percent = (value: number): string => (Number.isFinite(value) ? (100 * value).toFixed(1) : '–');
  return markup`<section aria-labelledby="scores">
    <h2 id="scores">Scores by masks of ${report.pictures} images, in percent</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">measure</th>
          ${columns.map(([name]) => markup`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${MEASURES.map(
          ([name, value]) =>
            markup`<tr>
              <th scope="row">${name}</th>
              ${columns.map(([, scores]) => markup`<td class="number">${percent(value(scores))}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

export function useSection({ step, images }: ReportData): Markup {
  const file = `slotcon-step${step}.safetensors`;
  const folder = images.folder === undefined ? '' : ' --images DIR';
  return markup`<section aria-labelledby="use">
    <h2 id="use">How to use the checkpoint</h2>
    <p>
      Drop <code>${file}</code> (from the command line: <code>checkpoint.safetensors</code>) on the page of slotcon-tab:
      it shows its slots on your images and trains on from there. On the command line:
    </p>
    <pre><code>npm run train -- --resume ${file} --steps ${2 * step}${folder}
npm run export -- --checkpoint ${file} --to masks${folder} --out masks.zip
npm run export -- --checkpoint ${file} --to onnx-slots --out slots.onnx
npm run export -- --checkpoint ${file} --to torchvision --out encoder.safetensors</code></pre>
    <p>
      The first trains longer, the second writes the slots of all images as masks, the third a network for ONNX Runtime
      that takes an image to its slots, the last the encoder alone for PyTorch. <code>docs/formats.md</code> of
      slotcon-tab describes every file.
    </p>
  </section>`;
}

function rounded(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? 'none' : String(Number(value.toPrecision(3)));
}
