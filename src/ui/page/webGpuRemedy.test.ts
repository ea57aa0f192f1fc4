import { expect, it } from 'vitest';
import { webGpuRemedy } from './webGpuRemedy.ts';

const LINUX = 'Mozilla/5.0 (X11; Linux x86_64';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0';

it.each([
  [`${LINUX}; rv:153.0) Gecko/20100101 Firefox/153.0`, 'about:config'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'update it'],
  [`${LINUX}) ${CHROME} Safari/537.36`, 'chrome://flags/#enable-unsafe-webgpu'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/147.0.0.0`, 'graphics acceleration'],
  [`Mozilla/5.0 (Linux; Android 16; Pixel 9) ${CHROME} Mobile Safari/537.36`, 'graphics acceleration'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15', 'macOS 26'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/147.0 Mobile/15E148 Safari/604.1', 'iOS 26'],
  ['Lynx/2.9', 'Use a current'],
])('%s', (userAgent, remedy) => {
  expect(webGpuRemedy(userAgent, true)).toContain(remedy);
});

it('asks for another address where no browser offers it', () => {
  expect(webGpuRemedy(`${LINUX}) ${CHROME} Safari/537.36`, false)).toContain('https://');
});
