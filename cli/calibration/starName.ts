/** A star's name as catalogues agree on it: `HD000004`, `HD 4` and `hd4` are one; of other catalogues, without spaces. */
export function starName(name: string): string {
  const bare = name.trim().replace(/\s+/g, '').toUpperCase();
  return bare.replace(/^(HD|HIP|HR)0*(\d+)/, '$1$2');
}
