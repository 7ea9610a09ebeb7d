/**
 * Draws what changes many times a second, and leaves the page as much time for its user as drawing takes: a step that comes too soon after the last is left
 * out. What is drawn must be made up for by what comes later.
 */
export function createBreather(): (draw: () => void) => void {
  let freeFrom = -Infinity;
  return (draw) => {
    const began = performance.now();
    if (began < freeFrom) return;
    draw();
    // By then what follows from the change is on the page.
    setTimeout(() => {
      const ended = performance.now();
      freeFrom = ended + (ended - began);
    }, 0);
  };
}
