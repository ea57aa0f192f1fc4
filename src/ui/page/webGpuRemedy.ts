/** Tells how to get WebGPU in a browser that offers none; `isSecure` is `window.isSecureContext`. */
export function webGpuRemedy(userAgent: string, isSecure: boolean): string {
  if (!isSecure) return 'Browsers offer it at https:// and localhost only: open the page at such an address.';
  const isLinux = /Linux|X11/.test(userAgent) && !userAgent.includes('Android');
  if (userAgent.includes('Firefox/')) {
    return isLinux
      ? 'In about:config set dom.webgpu.enabled, dom.webgpu.workers.enabled and gfx.webgpu.ignore-blocklist to true, then restart Firefox.'
      : 'Firefox has it on Windows from version 141 and on Macs with Apple silicon from 147: update it, or use Chrome.';
  }
  if (/Chrome\/|Chromium\//.test(userAgent)) {
    return isLinux
      ? 'Open chrome://flags/#enable-unsafe-webgpu, choose “Enabled” and restart the browser.'
      : 'Turn on graphics acceleration in the browser’s settings, under “System”, and update the browser and the graphics driver.';
  }
  if (userAgent.includes('Safari/'))
    return 'It comes with macOS 26 and iOS 26: update the system, or on a Mac use Chrome.';
  return 'Use a current Chrome, Edge, Firefox or Safari.';
}
