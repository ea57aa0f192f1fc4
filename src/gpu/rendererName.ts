/**
 * Name of the graphics card in what WebGL calls its renderer: "ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0), or
 * similar" is "NVIDIA GeForce GTX 980".
 */
export function cardOfRenderer(renderer: string): string {
  const own = renderer.replace(/, or similar$/, '');
  // ANGLE names the vendor, the card and its driver.
  const card = /^ANGLE \([^,]*, ([^,]*).*\)$/.exec(own)?.at(1) ?? own;
  return card.replace(/^ANGLE Metal Renderer: /, '').replace(/ (Direct3D|\(0x).*$/, '');
}

/** "Firefox GPU", for browsers that name no graphics card at all. */
export function browserGpu(userAgent: string): string {
  const browser = /(Firefox|Edg|Chrome|Safari)\/\d/.exec(userAgent)?.at(1);
  return browser === undefined ? 'unnamed WebGPU adapter' : `${browser === 'Edg' ? 'Edge' : browser} GPU`;
}
