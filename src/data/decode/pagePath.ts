/** Path of an image: that of its file, with the page (from 1) where the file holds several, as in `stack.tif#3`. */
export function pagePath(path: string, page: number, pages: number): string {
  return pages === 1 ? path : `${path}#${page}`;
}

/** File and page of an image's path; page 1 without a number. A file may itself be named so: look for the whole path first. */
export function splitPagePath(path: string): { readonly path: string; readonly page: number } {
  const match = /^(.+)#([1-9]\d*)$/s.exec(path);
  return match ? { path: match[1], page: Number(match[2]) } : { path, page: 1 };
}
