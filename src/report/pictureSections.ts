import { IN_USE_FRACTION } from '../domain/thresholds.ts';
import { prototypeColor } from '../domain/palette.ts';
import { markup, type Markup } from './markup.ts';
import type { ClassPicture, DrawnPhotograph, WatchedPicture } from './pictures.ts';

/** Opacity of segments over an image. */
export const OPACITY = 0.6;

/** Each photograph once; pictures refer to it. */
export function photographDefinitions(photographs: readonly DrawnPhotograph[]): Markup {
  return markup`<svg width="0" height="0" aria-hidden="true" style="position:absolute">
    <defs>
      ${photographs.map(
        ({ width, height, photograph }, at) =>
          markup`<image
            id="photograph-${at}"
            width="${width}"
            height="${height}"
            preserveAspectRatio="none"
            href="${photograph}"
          /> `,
      )}
    </defs>
  </svg>`;
}

export function watchedSection(watched: readonly WatchedPicture[], step: number): Markup | undefined {
  if (watched.length === 0) return undefined;
  return markup`<section aria-labelledby="watched">
    <h2 id="watched">Watched images under their slots, step ${step}</h2>
    <div class="watched">
      ${watched.map(
        (picture, at) =>
          markup`<figure>
            <div class="pair">
              ${drawing(picture, at, picture.path)}${drawing(picture, at, slotsLabel(picture), picture.segments, OPACITY)}
            </div>
            <figcaption>${picture.path}</figcaption>
          </figure> `,
      )}
    </div>
  </section>`;
}

/** Classes with what they hold, largest first; those that hold nearly nothing by their names alone. */
export function prototypesSection(
  classes: readonly ClassPicture[],
  count: number,
  watched: readonly WatchedPicture[],
): Markup | undefined {
  if (watched.length === 0) return undefined;
  const used = classes.filter(({ fraction }) => fraction > IN_USE_FRACTION);
  const unused = classes.filter(({ fraction }) => fraction <= IN_USE_FRACTION);
  const pictured = used.filter(({ best }) => best.length > 0);
  const plain = used.filter(({ best }) => best.length === 0);
  return markup`<section aria-labelledby="prototypes">
    <h2 id="prototypes">Slots, by the part of the watched images that they hold</h2>
    <ul class="slots">
      ${pictured.map(
        ({ label, leader, fraction, best }) =>
          markup`<li>
            <h3>${swatch(leader, count)}${label} <span class="muted">${percent(fraction)}</span></h3>
            <div class="best">
              ${best.map(({ image, mask, fraction: held }) =>
                drawing(watched[image], image, `${label} in ${watched[image].path}: ${percent(held)}`, mask),
              )}
            </div>
          </li> `,
      )}
    </ul>
    ${plain.length > 0 ? markup`<p>Without pictures: ${plain.map(({ label, fraction }) => `${label} ${percent(fraction)}`).join(', ')}.</p>` : undefined}
    ${unused.length > 0 ? markup`<p class="muted">Not in use on these images (0.5% or less): ${unused.map(({ label }) => label).join(', ')}.</p>` : undefined}
  </section>`;
}

/** The photograph defined at that place, with a layer over it. */
export function drawing(
  { width, height }: Pick<DrawnPhotograph, 'width' | 'height'>,
  at: number,
  label: string,
  layer?: string,
  opacity = 1,
): Markup {
  const over =
    layer === undefined
      ? undefined
      : markup`<image
          width="${width}"
          height="${height}"
          preserveAspectRatio="none"
          opacity="${opacity}"
          href="${layer}"
        />`;
  return markup`<svg
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${label}"
  >
    <use href="#photograph-${at}" />
    ${over}
  </svg>`;
}

function slotsLabel({ path, largest }: WatchedPicture): string {
  return `${path}, slots: ${largest.map(({ label, fraction }) => `${label} ${percent(fraction)}`).join(', ')}`;
}

function swatch(prototype: number, count: number): Markup {
  return markup`<span class="swatch" style="background:rgb(${prototypeColor(prototype, count).join(' ')})"></span>`;
}

function percent(fraction: number): string {
  const rounded = Math.round(100 * fraction);
  return rounded === 0 && fraction > 0 ? '<1%' : `${rounded}%`;
}
