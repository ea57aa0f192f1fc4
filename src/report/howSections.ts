import { markup, type Markup } from './markup.ts';
import type { ExploreReportData, ReportData } from './reportData.ts';
import { exploreCommand, trainCommand } from './trainCommand.ts';

type Fact = readonly [name: string, value: string];

/** What computed the run, how long it took, and the command that repeats it. */
export function howItWasRun(data: ReportData): Markup {
  const { engine, seconds, startStep, step, notes } = data;
  const facts: readonly Fact[] = [
    ['Engine', engine],
    ['Steps', startStep > 0 ? `${startStep} to ${step}, from a checkpoint` : String(step)],
    ...(seconds === undefined ? [] : ([['Time', duration(seconds)]] as const)),
  ];
  return howSection(data, facts, notes, {
    text: trainCommand(data),
    ...(startStep > 0 && { hint: ' CHECKPOINT is the file that it continued from.' }),
  });
}

/** The same of an exploration. */
export function howItWasExplored(data: ExploreReportData): Markup {
  return howSection(data, [['Steps of a run', String(data.steps)]], [], { text: exploreCommand(data) });
}

function howSection(
  { config, adapter, versions, images, date }: ExploreReportData | ReportData,
  own: readonly Fact[],
  notes: readonly string[],
  command: { readonly text: string; readonly hint?: string },
): Markup {
  const facts: readonly Fact[] = [
    ['Adapter', adapter],
    ...own,
    ['Versions', versions.join(', ')],
    ['Seed', String(config.seed)],
    ['Images', `${images.count} of “${images.name}”`],
    ['Reported', date.toISOString().replace('T', ' ').slice(0, 16)],
  ];
  return markup`<section aria-labelledby="how">
    <h2 id="how">How it was run</h2>
    <table>
      <tbody>
        ${facts.map(
          ([name, value]) =>
            markup`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      notes.length > 0
        ? markup`<ul>
            ${notes.map((note) => markup`<li>${note}</li>`)}
          </ul>`
        : undefined
    }
    <p>
      This command repeats it; the same seed on the same adapter gives the same numbers.${command.hint}
    </p>
    <pre><code>${command.text}</code></pre>
  </section>`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
