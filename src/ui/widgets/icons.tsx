import type { ReactElement } from 'react';

const PATHS = {
  play: 'M4.5 2.8v10.4l8.6-5.2z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  stop: 'M3.5 3.5h9v9h-9z',
  download: 'M7.2 2h1.6v6.2l2.3-2.3 1.1 1.1L8 11.2 3.8 7l1.1-1.1 2.3 2.3zM2.5 12.4h11V14h-11z',
  upload: 'M7.2 11.2V5L4.9 7.3 3.8 6.2 8 2l4.2 4.2-1.1 1.1L8.8 5v6.2zM2.5 12.4h11V14h-11z',
  more: 'M3.2 9.9 8 5.1l4.8 4.8-1.1 1.1L8 7.3 4.3 11z',
  folder: 'M1.5 3h4.6l1.6 1.8h6.8V13h-13zM3 6.3v5.2h10V6.3z',
  close: 'M3.3 4.4 4.4 3.3 8 6.9l3.6-3.6 1.1 1.1L9.1 8l3.6 3.6-1.1 1.1L8 9.1l-3.6 3.6-1.1-1.1L6.9 8z',
  undo: 'M6.2 2.5 2.5 6l3.7 3.5V7.2h3.1a2.4 2.4 0 0 1 0 4.8H6v1.6h3.3a4 4 0 0 0 0-8H6.2z',
  redo: 'M9.8 2.5 13.5 6 9.8 9.5V7.2H6.7a2.4 2.4 0 0 0 0 4.8H10v1.6H6.7a4 4 0 0 1 0-8h3.1z',
  edit: 'M11.2 1.9 14.1 4.8 5.4 13.5 1.8 14.2 2.5 10.6zM3.8 11.2 3.6 12.4 4.8 12.2 10.5 6.5 9.5 5.5z',
  warning: 'M8 1.8 15 14H1zM7.2 6.2v4h1.6v-4zM7.2 11.2v1.5h1.6v-1.5z',
  help: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7.3 11h1.5v1.5H7.3zM8 3.6c1.6 0 2.7.9 2.7 2.3 0 1.2-.7 1.8-1.3 2.3-.5.4-.6.6-.6 1.1v.5H7.3v-.7c0-1.1.6-1.6 1.1-2.1.5-.4.8-.6.8-1.1s-.4-.9-1.2-.9-1.3.5-1.3 1.2H5.2c0-1.6 1.2-2.6 2.8-2.6z',
  light:
    'M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM7.3 1h1.4v2.2H7.3zM7.3 12.8h1.4V15H7.3zM1 7.3h2.2v1.4H1zM12.8 7.3H15v1.4h-2.2zM2.6 3.6l1-1 1.5 1.6-1 1zM10.9 11.9l1-1 1.5 1.5-1 1zM2.6 12.4l1.5-1.5 1 1-1.5 1.5zM10.9 4.1l1.5-1.5 1 1-1.5 1.6z',
  dark: 'M9.8 1.8A6.4 6.4 0 1 0 14.3 10 5.4 5.4 0 0 1 9.8 1.8z',
  system: 'M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13V13a5 5 0 0 0 0-10z',
  previous: 'M10.8 2.8v10.4L4 8z',
  first: 'M3 3h1.6v10H3zM13 2.8v10.4L6 8z',
  last: 'M11.4 3H13v10h-1.6zM3 2.8v10.4L10 8z',
  enlarge: 'M2 2h5v1.6H4.7L7 5.9 5.9 7 3.6 4.7V7H2zM9 14v-1.6h2.3L9 10.1 10.1 9l2.3 2.3V9H14v5z',
  plus: 'M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z',
  minus: 'M3 7.2h10v1.6H3z',
  fit: 'M2 2h4v1.6H3.6V6H2zM10 2h4v4h-1.6V3.6H10zM2 10h1.6v2.4H6V14H2zM12.4 10H14v4h-4v-1.6h2.4z',
  next: 'M5.2 2.8v10.4L12 8z',
} as const;

export type IconName = keyof typeof PATHS;

/** Decorative: the control around it has the accessible name. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fillRule="evenodd" />
    </svg>
  );
}
