/**
 * Content Security Policy of the page: only its own files, no inline scripts, no `eval` but of WebAssembly, no requests to another origin.
 * The page carries it as a meta element; our servers also send it as a header, which workers obey.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // WebAssembly decodes HEIC.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  // Images are drawn on canvases; only the icon is loaded.
  "img-src 'self'",
  // The service worker fetches the page's own files for offline use.
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** HTTP headers for the page and all its files. */
export const SECURITY_HEADERS = {
  // Ignored in a meta element, so only here.
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
