/** Writes to stdout and waits until a pipe has taken everything: a process that ends early would cut it off. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => {
      resolve();
    });
  });
}
