/**
 * What the page may do: nothing but run and show its own files, and nothing leaves for another origin. No inline script, no
 * `eval`. In the page it stands as a meta element, and where we serve it as a header too, which workers go by.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  // Pictures are drawn on canvases; an icon is all that is loaded.
  "img-src 'self'",
  // The page's own files, for its offline copy; nothing else is ever asked for.
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** For the page and all that belongs to it. */
export const SECURITY_HEADERS = {
  // A meta element can't say this one.
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
