import type { ReactElement } from 'react';
import type { Note } from '../../domain/note.ts';
import { Icon } from './icons.tsx';

interface NoteListProps {
  readonly testId: string;
  readonly notes: readonly Note[];
}

/** Sentences to know before a run: warnings stand out, the others are quiet. */
export function NoteList({ testId, notes }: NoteListProps): ReactElement | null {
  if (notes.length === 0) return null;
  return (
    <ul className="notes" data-testid={testId}>
      {notes.map(({ level, text }) => (
        <li key={text} data-level={level}>
          {level === 'warning' && <Icon name="warning" />} <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
