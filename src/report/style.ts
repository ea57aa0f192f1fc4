/** Style sheet of a report. Light or dark as the reader's system is; light on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --bg: #fcfcfd; --text: #1d1f23; --muted: #5c6068; --line: #dcdde0; --soft: #f0f0f2; --accent: #1f5fc4 }
@media (prefers-color-scheme: dark) { :root { --bg: #17181a; --text: #e6e7ea; --muted: #a2a6ae; --line: #3d4046; --soft: #26282c; --accent: #7db0ff } }
@media print { :root { color-scheme: light; --bg: #fff; --text: #000; --muted: #444; --line: #bbb; --soft: #eee } }
body { max-width: 72rem; margin: 0 auto; padding: 1.5rem; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; margin: 0 0 .25rem } h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem } h3 { font-size: 1rem; margin: 0 0 .25rem }
p { max-width: 46rem } .muted { color: var(--muted) }
table { border-collapse: collapse } th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600 } td.number { font-variant-numeric: tabular-nums; text-align: right }
.wide { overflow-x: auto } .wide:focus-visible { outline: 2px solid var(--accent) }
details { margin: .75rem 0 } summary { cursor: pointer; color: var(--accent) }
pre { padding: .75rem; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px }
code { font-size: .92em; overflow-wrap: anywhere }
figure { margin: 0 } figcaption { color: var(--muted); font-size: .85rem; overflow-wrap: anywhere }
svg { display: block; max-width: 100%; height: auto }
.words { fill: var(--muted) } .paper { fill: var(--bg) } .grid { stroke: var(--line) } .axis { stroke: var(--muted) }
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)) }
.watched { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr)) }
.pair { display: flex; gap: 4px } .pair > svg { flex: 1; min-width: 0 }
.sheet { display: grid; gap: 4px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr)); align-items: center; margin-bottom: 1rem } .sheet > svg { width: 100% }
.slots { display: grid; gap: 1.25rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); padding: 0; list-style: none }
.best { display: flex; flex-wrap: wrap; gap: 4px; align-items: flex-start } .best > svg { width: auto; max-width: 100%; height: 88px }
.swatch { display: inline-block; width: .9em; height: .9em; margin-right: .4em; border-radius: 3px; vertical-align: -1px; print-color-adjust: exact }
`;
