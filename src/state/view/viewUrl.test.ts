import { describe, expect, it } from 'vitest';
import { createMemory } from '../platform/memory.ts';
import { createViewStore } from './view.ts';
import { syncViewWithUrl } from './viewUrl.ts';

/** A browser's history as far as it is needed: entries, and a way back. */
function openAt(url: string) {
  const entries = [new URL(url)];
  let at = 0;
  const target = new EventTarget();
  const current = (): URL => entries[at] ?? new URL(url);
  const view = createViewStore(createMemory(() => ({ getItem: () => null, setItem: () => undefined })));
  syncViewWithUrl(view, {
    location: {
      get pathname() {
        return current().pathname;
      },
      get search() {
        return current().search;
      },
      get hash() {
        return current().hash;
      },
    },
    history: {
      pushState: (_data, _unused, next) => {
        entries.splice(++at, Infinity, new URL(String(next), current()));
      },
    },
    window: target,
  });
  const go = (by: number): void => {
    at += by;
    target.dispatchEvent(new Event('popstate'));
  };
  return { view, go, urls: () => entries.map(({ pathname, search, hash }) => pathname + search + hash) };
}

describe('syncViewWithUrl', () => {
  it('opens with the view that the URL names, else with the run', () => {
    expect(openAt('http://localhost/#scores').view.getState()).toMatchObject({ mainView: 'scores', tab: 'run' });
    expect(openAt('http://localhost/').view.getState()).toMatchObject({ mainView: 'run', tab: 'images' });
    expect(openAt('http://localhost/#nonsense').view.getState().mainView).toBe('run');
  });

  it('adds an entry for each change of the view alone, and keeps the query', () => {
    const { view, urls } = openAt('http://localhost/tab/?engine=eager');
    view.setState({ mainView: 'prototypes' });
    view.setState({ theme: 'dark' });
    view.setState({ mainView: 'prototypes' });
    view.setState({ mainView: 'run' });
    expect(urls()).toEqual(['/tab/?engine=eager', '/tab/?engine=eager#prototypes', '/tab/?engine=eager']);
  });

  it('goes back and forward without entries of its own', () => {
    const { view, go, urls } = openAt('http://localhost/');
    view.setState({ mainView: 'prototypes' });
    view.setState({ mainView: 'runs' });
    go(-1);
    expect(view.getState().mainView).toBe('prototypes');
    go(-1);
    expect(view.getState().mainView).toBe('run');
    go(2);
    expect(view.getState().mainView).toBe('runs');
    expect(urls()).toEqual(['/', '/#prototypes', '/#runs']);
  });
});
